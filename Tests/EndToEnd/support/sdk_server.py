"""A real MCP server of the official SDK, with what the tests need: progress, long answers, streams that break, announcements.

    sdk_server.py [--json] [--stateless] [--no-events]      prints "port N" when it listens
"""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.streamable_http import EventMessage, EventStore


class Events(EventStore):
    """Keeps every event for ever, so that any stream can be taken up again."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, object]] = []

    async def store_event(self, stream_id, message):
        self.kept.append((stream_id, message))
        return f"event-{len(self.kept)}"

    async def replay_events_after(self, last_event_id, send_callback):
        last = int(last_event_id.removeprefix("event-"))
        if not 0 < last <= len(self.kept):
            return None
        stream = self.kept[last - 1][0]
        for number, (other, message) in enumerate(self.kept[last:], last + 1):
            if other == stream and message is not None:
                await send_callback(EventMessage(message, f"event-{number}"))
        return stream


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


def main() -> None:
    options = argparse.ArgumentParser()
    for flag in ("--json", "--stateless", "--no-events"):
        options.add_argument(flag, action="store_true")
    chosen = options.parse_args()
    app = server.streamable_http_app(
        json_response=chosen.json,
        stateless_http=chosen.stateless,
        event_store=None if chosen.no_events or chosen.stateless else Events(),
        retry_interval=100,
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    print("port", listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
