"""Calls a tool whose argument is repeated in a field with the SDK client 2.3.0, and prints what it saw, as JSON.

    regional.py URL TOKEN [REGION …]          a client of its own for each region; `list:REGION` lists the tools first
"""

from __future__ import annotations

import asyncio
import json
import sys

from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client


async def call(url: str, token: str, region: str) -> dict:
    http = create_mcp_http_client(headers={"Authorization": f"Bearer {token}"})
    async with http, Client(streamable_http_client(url, http_client=http), mode="2026-07-28") as client:
        if region.startswith("list:"):
            region = region.removeprefix("list:")
            await client.list_tools()
        result = await client.call_tool("get_region", {"region": region})
        return result.model_dump(mode="json", by_alias=True)["structuredContent"]


async def main(url: str, token: str, *regions: str) -> list[dict]:
    return [await call(url, token, region) for region in regions]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
