"""Walks through a server with the SDK client 1.27.0 and prints what it saw, as JSON.

    mcp_1_27.py URL MODE [TOKEN]         MODE: legacy, the only one it knows
"""

from __future__ import annotations

import asyncio
import json
import sys

from mcp import ClientSession, McpError
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import ServerNotification, ToolListChangedNotification
from pydantic import AnyUrl


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
    heard = asyncio.Event()

    async def on_progress(*step) -> None:
        progress.append(list(step))

    async def on_message(message) -> None:
        if isinstance(message, ServerNotification) and isinstance(message.root, ToolListChangedNotification):
            heard.set()

    headers = {"Authorization": f"Bearer {token}"} if token else None
    async with (
        streamablehttp_client(url, headers=headers) as (read, write, session_id),
        ClientSession(read, write, message_handler=on_message) as client,
    ):
        seen["revision"] = (await client.initialize()).protocolVersion
        seen["session"] = session_id() is not None
        seen["tools"] = [plain(t) for t in (await client.list_tools()).tools]
        seen["resources"] = [plain(r) for r in (await client.list_resources()).resources]
        seen["templates"] = [plain(r) for r in (await client.list_resource_templates()).resourceTemplates]
        seen["prompts"] = [plain(p) for p in (await client.list_prompts()).prompts]
        seen["echo"] = await attempt(client.call_tool("echo", {"text": "Grüße, 世界"}))
        seen["wrong arguments"] = await attempt(client.call_tool("get_sum", {"a": "x"}))
        seen["unlisted"] = await attempt(client.call_tool("unlisted", {}))
        seen["slow"] = await attempt(client.call_tool("list_slowly", {"steps": 5, "seconds": 1}, progress_callback=on_progress))
        seen["progress"] = list(progress)
        seen["long"] = len((await client.call_tool("get_text", {"size": 400_000})).content[0].text)
        seen["read"] = await attempt(client.read_resource(AnyUrl("note://public/welcome")))
        seen["prompt"] = await attempt(client.get_prompt("greet", {"name": "Lee"}))
        progress.clear()
        seen["broken"] = await attempt(client.call_tool("get_through_break", {}, progress_callback=on_progress))
        seen["broken progress"] = list(progress)
        seen["ping"] = await attempt(client.send_ping())
        await asyncio.sleep(0.3)
        await client.call_tool("create_announcement", {})
        await asyncio.wait_for(heard.wait(), 10)
        seen["announced"] = True
        seen["caller"] = await attempt(client.call_tool("get_caller", {}))
    return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[3] if len(sys.argv) > 3 else None))))
