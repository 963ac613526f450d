"""A real MCP server of the official SDK 1.27 that speaks HTTP+SSE, the transport with two endpoints of MCP 2024-11-05.

    sse_server.py      prints "port N" when it listens; the stream is at /sse
"""

from __future__ import annotations

import asyncio
import socket
import sys

import uvicorn
from mcp.server.fastmcp import Context, FastMCP

server = FastMCP("bench of tests", instructions="For tests.")


@server.tool()
def echo(text: str) -> str:
    """Says it again."""
    return text


@server.tool()
def get_text(size: int) -> str:
    """A long answer."""
    return "0123456789abcdef" * (size // 16)


@server.tool()
async def list_slowly(ctx: Context, steps: int) -> str:
    """Counts, and tells how far it is."""
    for step in range(1, steps + 1):
        await asyncio.sleep(0.02)
        await ctx.report_progress(step, steps)
    return f"{steps} steps"


@server.tool()
def get_caller(ctx: Context) -> dict[str, str]:
    """The fields of the POST that tell who is asking."""
    wanted = ("authorization", "x-gatehouse-subject", "x-gatehouse-client", "x-gatehouse-scope", "x-api-key")
    return {n: v for n, v in ctx.request_context.request.headers.items() if n in wanted}


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


@server.prompt()
def greet(name: str) -> str:
    return f"Greet {name}."


@server.prompt()
def insult(name: str) -> str:
    return f"Insult {name}."


def main() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    print("port", listener.getsockname()[1], flush=True)
    # What run("sse") does, on a socket that is ours already.
    config = uvicorn.Config(server.sse_app(), log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
