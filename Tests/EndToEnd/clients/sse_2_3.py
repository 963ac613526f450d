"""Walks through a server with the HTTP+SSE client of SDK 2.3.0 and prints what it saw, as JSON.

    sse_2_3.py URL MODE [TOKEN]          MODE: auto | legacy
"""

from __future__ import annotations

import asyncio
import json
import sys

from mcp.client.client import Client
from mcp.client.sse import sse_client
from mcp.shared.exceptions import MCPError


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def attempt(awaitable) -> dict:
    try:
        return plain(await awaitable)
    except MCPError as error:
        return {"error": error.error.code, "message": error.error.message}


async def main(url: str, mode: str, token: str | None) -> dict:
    seen: dict = {}
    headers = {"Authorization": f"Bearer {token}"} if token else None
    async with Client(sse_client(url, headers=headers), mode=mode) as client:
        seen["revision"] = client.protocol_version
        seen["tools"] = [plain(t) for t in (await client.list_tools()).tools]
        seen["echo"] = await attempt(client.call_tool("echo", {"text": "Grüße, 世界"}))
        seen["unlisted"] = await attempt(client.call_tool("unlisted", {}))
        seen["caller"] = await attempt(client.call_tool("get_caller", {}))
    return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None))))
