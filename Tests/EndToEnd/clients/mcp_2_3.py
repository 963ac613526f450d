"""Walks through a server with the SDK client 2.3.0 and prints what it saw, as JSON.

    mcp_2_3.py URL MODE [TOKEN]          MODE: 2026-07-28 | auto | legacy
"""

from __future__ import annotations

import asyncio
import json
import sys

from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import ToolListChangedNotification


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def attempt(awaitable) -> dict:
    try:
        return plain(await awaitable)
    except MCPError as error:
        return {"error": error.error.code, "message": error.error.message}


async def announcements(client: Client, heard: asyncio.Event, modern: bool) -> list[str]:
    """Makes the server announce a change and waits until it was heard on the other stream."""
    if not modern:
        await asyncio.sleep(0.3)          # the GET stream opens beside the first requests
        await client.call_tool("create_announcement", {})
        await asyncio.wait_for(heard.wait(), 10)
        return ["tools changed"]
    async with client.listen(tools_list_changed=True) as stream:
        await client.call_tool("create_announcement", {})
        async for event in stream:
            return [type(event).__name__]
    return []


async def main(url: str, mode: str, token: str | None) -> dict:
    seen: dict = {}
    progress: list[list] = []
    heard = asyncio.Event()

    async def on_progress(*step) -> None:
        progress.append(list(step))

    async def on_message(message) -> None:
        if isinstance(message, ToolListChangedNotification):
            heard.set()

    http = create_mcp_http_client(headers={"Authorization": f"Bearer {token}"} if token else None)
    async with http, Client(streamable_http_client(url, http_client=http), mode=mode, message_handler=on_message) as client:
        modern = client.protocol_version >= "2026"
        seen["revision"] = client.protocol_version
        seen["tools"] = [plain(t) for t in (await client.list_tools()).tools]
        seen["resources"] = [plain(r) for r in (await client.list_resources()).resources]
        seen["templates"] = [plain(r) for r in (await client.list_resource_templates()).resource_templates]
        seen["prompts"] = [plain(p) for p in (await client.list_prompts()).prompts]
        seen["echo"] = await attempt(client.call_tool("echo", {"text": "Grüße, 世界"}))
        seen["sum"] = await attempt(client.call_tool("get_sum", {"a": 2, "b": 40}))
        seen["wrong arguments"] = await attempt(client.call_tool("get_sum", {"a": "x"}))
        seen["unlisted"] = await attempt(client.call_tool("unlisted", {}))
        seen["slow"] = await attempt(client.call_tool("list_slowly", {"steps": 5, "seconds": 1}, progress_callback=on_progress))
        seen["progress"] = list(progress)
        long = await client.call_tool("get_text", {"size": 400_000})
        seen["long"] = len(long.content[0].text)
        seen["read"] = await attempt(client.read_resource("note://public/welcome"))
        seen["read template"] = await attempt(client.read_resource("note://public/today"))
        seen["prompt"] = await attempt(client.get_prompt("greet", {"name": "Lee"}))
        if not modern:
            progress.clear()
            seen["broken"] = await attempt(client.call_tool("get_through_break", {}, progress_callback=on_progress))
            seen["broken progress"] = list(progress)
            seen["ping"] = await attempt(client.send_ping())
        seen["many"] = [plain(r) for r in await asyncio.gather(*(client.call_tool("get_sum", {"a": n, "b": n}) for n in range(20)))]
        seen["announced"] = await announcements(client, heard, modern)
        seen["caller"] = await attempt(client.call_tool("get_caller", {}))
    return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None))))
