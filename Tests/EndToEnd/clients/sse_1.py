"""Walks through a server with the HTTP+SSE client of SDK 1.10 or 1.27 and prints what it saw, as JSON.

    sse_1.py URL legacy [TOKEN]
"""

from __future__ import annotations

import asyncio
import datetime
import json
import sys

from mcp import ClientSession, McpError
from mcp.client.sse import sse_client
from pydantic import AnyUrl

PATIENCE = datetime.timedelta(seconds=20)


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def attempt(awaitable) -> dict:
    try:
        return plain(await awaitable)
    except McpError as error:
        return {"error": error.error.code, "message": error.error.message}


async def main(url: str, token: str | None) -> dict:
    seen: dict = {}
    progress: list[list] = []

    async def on_progress(*step) -> None:
        progress.append(list(step))

    headers = {"Authorization": f"Bearer {token}"} if token else None
    async with sse_client(url, headers=headers) as (read, write), ClientSession(read, write, PATIENCE) as client:
        seen["revision"] = (await client.initialize()).protocolVersion
        seen["tools"] = [plain(t) for t in (await client.list_tools()).tools]
        seen["resources"] = [plain(r) for r in (await client.list_resources()).resources]
        seen["prompts"] = [plain(p) for p in (await client.list_prompts()).prompts]
        seen["echo"] = await attempt(client.call_tool("echo", {"text": "Grüße, 世界"}))
        seen["unlisted"] = await attempt(client.call_tool("unlisted", {}))
        seen["slow"] = await attempt(client.call_tool("list_slowly", {"steps": 5}, progress_callback=on_progress))
        seen["progress"] = list(progress)
        seen["long"] = len((await client.call_tool("get_text", {"size": 400_000})).content[0].text)
        seen["read"] = await attempt(client.read_resource(AnyUrl("note://public/welcome")))
        seen["unread"] = await attempt(client.read_resource(AnyUrl("note://nowhere")))
        seen["prompt"] = await attempt(client.get_prompt("greet", {"name": "Lee"}))
        seen["ping"] = await attempt(client.send_ping())
        seen["caller"] = await attempt(client.call_tool("get_caller", {}))
    return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else None))))
