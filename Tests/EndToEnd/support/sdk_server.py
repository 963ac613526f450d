"""A real MCP server of the official SDK, with what the tests need: progress, long answers, streams that break, announcements.

    sdk_server.py [--json] [--stateless] [--no-events]      prints "port N" when it listens
"""

from __future__ import annotations

import asyncio
import sys

from mcp.server.mcpserver import Context, MCPServer

from serving import listen_and_run

server = MCPServer("bench of tests", version="1.0.0", instructions="For tests.")


@server.tool()
def echo(text: str) -> str:
    """Says it again."""
    return text


@server.tool()
def get_sum(a: int, b: int) -> int:
    """Adds."""
    return a + b


@server.tool()
def get_text(size: int) -> str:
    """A long answer."""
    return "0123456789abcdef" * (size // 16)


@server.tool()
async def list_slowly(ctx: Context, steps: int, seconds: float) -> str:
    """Counts, and tells how far it is."""
    for step in range(1, steps + 1):
        await asyncio.sleep(seconds / steps)
        await ctx.report_progress(step, steps, f"step {step}")
    return f"{steps} steps"


@server.tool()
async def get_through_break(ctx: Context) -> str:
    """Breaks its own stream half way; the rest comes when the client takes it up again."""
    await ctx.report_progress(1, 2, "before")
    await ctx.close_sse_stream()
    await asyncio.sleep(0.3)
    await ctx.report_progress(2, 2, "after")
    return "whole"


@server.tool()
async def create_announcement(ctx: Context) -> str:
    """Says on every open stream that the list of tools changed."""
    await ctx.notify_tools_changed()
    if (ctx.protocol_version or "") < "2026":
        await ctx.session.send_tool_list_changed()
    return "announced"


@server.tool()
def get_caller(ctx: Context) -> dict[str, str]:
    """The request fields that tell who is asking."""
    wanted = ("authorization", "x-gatehouse-subject", "x-gatehouse-client", "x-gatehouse-scope")
    return {name: value for name, value in (ctx.headers or {}).items() if name in wanted}


@server.tool()
def delete_all() -> str:
    """Opened by no token of most tests."""
    return "deleted"


@server.tool()
def unlisted() -> str:
    """Opened by no scope at all."""
    return "reached"


@server.resource("note://public/welcome")
def welcome() -> str:
    return "welcome"


@server.resource("note://secret/plan")
def plan() -> str:
    return "the plan"


@server.resource("note://public/{name}")
def note(name: str) -> str:
    return f"note {name}"


@server.prompt()
def greet(name: str) -> str:
    return f"Greet {name}."


@server.prompt()
def insult(name: str) -> str:
    return f"Insult {name}."


if __name__ == "__main__":
    sys.exit(listen_and_run(server.streamable_http_app))
