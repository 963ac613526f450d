"""A real MCP server of the official SDK with a tool whose argument clients repeat in a field.

    regional_server.py [--json]      prints "port N" when it listens
"""

from __future__ import annotations

import socket
import sys
from typing import Annotated

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from pydantic import Field

server = MCPServer("regions", version="1.0.0")
calls: list[str] = []


@server.tool()
def get_region(ctx: Context, region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})]) -> dict[str, str]:
    """The argument, and the field that came with it."""
    calls.append(region)
    return {"region": region, "field": (ctx.headers or {}).get("mcp-param-region", "")}


@server.tool()
def list_calls() -> list[str]:
    """All regions so far."""
    return calls


def main() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    print("port", listener.getsockname()[1], flush=True)
    app = server.streamable_http_app(json_response="--json" in sys.argv)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)).run(sockets=[listener])


if __name__ == "__main__":
    sys.exit(main())
