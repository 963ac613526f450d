"""Walks the steps of the parity tests with the SDK client 1.27.0 and prints what it observed, as JSON.

    parity_1_27.py URL [--token TOKEN] …          see parity_steps.py
"""

from __future__ import annotations

import asyncio

import httpx
from mcp import ClientSession, McpError, types
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from pydantic import AnyUrl

from parity_steps import Transcript, closed, farewell, run, walk


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def attempt(awaitable) -> dict:
    try:
        return plain(await awaitable)
    except McpError as error:
        return {"error": plain(error.error)}


class Walker:
    """The SDK's client in the words of the wire."""

    modern = False

    def __init__(self, client: ClientSession, described, unanswered: bool) -> None:
        self.client, self.unanswered = client, unanswered
        self.server = {"revision": described.protocolVersion, "described": plain(described)}

    async def list(self, kind: str, cursor: str | None) -> dict:
        call = {
            "tools": self.client.list_tools, "prompts": self.client.list_prompts, "resources": self.client.list_resources,
            "resourceTemplates": self.client.list_resource_templates,
        }[kind]
        return await attempt(call(params=types.PaginatedRequestParams(cursor=cursor)))

    async def call(self, name: str, arguments: dict, progress=None, meta: dict | None = None) -> dict:
        return await attempt(self.client.call_tool(name, arguments, progress_callback=progress, meta=meta))

    async def cancel(self, name: str, begun) -> dict:
        """This SDK says by itself neither that a call was given up, nor under which number it was made."""
        number = self.client._request_id
        task = asyncio.create_task(attempt(self.client.call_tool(name, {})))
        await asyncio.sleep(0)          # the call is made before the next one
        await begun()
        notification = types.CancelledNotification(params=types.CancelledNotificationParams(requestId=number, reason="enough — ü"))
        await self.client.send_notification(types.ClientNotification(notification))
        if self.unanswered:
            task.cancel()
            return {}
        return await task

    async def prompt(self, name: str, arguments: dict) -> dict:
        return await attempt(self.client.get_prompt(name, arguments))

    async def read(self, uri: str) -> dict:
        return await attempt(self.client.read_resource(AnyUrl(uri)))

    async def complete(self, ref: dict, argument: dict, context: dict | None) -> dict:
        kind = types.PromptReference if ref["type"] == "ref/prompt" else types.ResourceTemplateReference
        return await attempt(self.client.complete(kind.model_validate(ref), argument, context and context["arguments"]))

    async def subscribe(self, uri: str) -> dict:
        return await attempt(self.client.subscribe_resource(AnyUrl(uri)))

    async def unsubscribe(self, uri: str) -> dict:
        return await attempt(self.client.unsubscribe_resource(AnyUrl(uri)))

    async def set_level(self, level: str) -> dict:
        return await attempt(self.client.set_logging_level(level))

    async def ping(self) -> dict:
        return await attempt(self.client.send_ping())

    async def roots_changed(self) -> None:
        await self.client.send_roots_list_changed()


async def main(chosen) -> Transcript:
    transcript = Transcript()

    async def on_message(message) -> None:
        if isinstance(message, Exception):
            await transcript.hear("exception", {"text": str(message)})
        elif isinstance(message, types.ServerNotification):
            told = plain(message)
            await transcript.hear(told["method"], told.get("params", {}))

    async def on_sampling(context, params):
        transcript.question("sampling/createMessage", plain(params), context.request_id)
        if params.maxTokens == 1:
            return types.ErrorData(code=-1, message="The person said no — ü", data={"why": 1})
        return types.CreateMessageResult.model_validate(
            {"role": "assistant", "content": {"type": "text", "text": "Grüße"}, "model": "small", "stopReason": "endTurn"}
        )

    async def on_elicitation(context, params):
        transcript.question("elicitation/create", plain(params), context.request_id)
        return types.ElicitResult.model_validate(transcript.elicitation())

    async def on_roots(context):
        transcript.question("roots/list", {}, context.request_id)
        return types.ListRootsResult.model_validate({"roots": [{"uri": "file:///w/%C3%BC", "name": "ü"}, {"uri": "file:///x"}]})

    headers = {"Authorization": f"Bearer {chosen.token}"} if chosen.token else None
    http = create_mcp_http_client(headers=headers, timeout=httpx.Timeout(30, read=300))
    http.event_hooks["response"].append(transcript.exchanged)
    async with http:
        async with (
            streamable_http_client(chosen.url, http_client=http) as (read, write, _),
            ClientSession(
                read, write, message_handler=on_message, sampling_callback=on_sampling, elicitation_callback=on_elicitation,
                list_roots_callback=on_roots,
            ) as client,
        ):
            described = await client.initialize()
            await walk(Walker(client, described, chosen.unanswered), transcript, chosen)
            await closed(http, chosen.url, described.protocolVersion, transcript)
        await farewell(http, chosen.url, described.protocolVersion, transcript)
    return transcript


if __name__ == "__main__":
    run(main)
