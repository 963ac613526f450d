"""Walks the steps of the parity tests with the SDK client 2.3.0 and prints what it observed, as JSON.

    parity_2_3.py URL --mode 2026-07-28|auto|legacy [--token TOKEN] …          see parity_steps.py
"""

from __future__ import annotations

import asyncio
import contextlib
import warnings
from typing import Literal

import mcp_types as types
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from mcp.shared.subscriptions import event_to_notification
from pydantic import BaseModel

from parity_steps import Transcript, closed, farewell, run, walk

warnings.simplefilter("ignore")


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def attempt(awaitable) -> dict:
    try:
        return plain(await awaitable)
    except MCPError as error:
        return {"error": plain(error.error)}


class OddParams(types.RequestParams):
    word: str


class Odd(types.Request[OddParams, Literal["test/odd"]]):
    method: Literal["test/odd"] = "test/odd"
    params: OddParams


class OddResult(BaseModel):
    heard: str


class Stream:
    """An open `subscriptions/listen`."""

    def __init__(self, subscription) -> None:
        self.subscription = subscription
        self.honoured = plain(subscription.honored)

    async def next(self) -> dict:
        return plain(event_to_notification(await anext(self.subscription), {}))


class Walker:
    """The SDK's client in the words of the wire."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.modern = client.protocol_version >= "2026"
        described = None          # what a client that did not ask writes down about the server is its own invention
        if client.mode in {"auto", "legacy"}:
            described = client.session.initialize_result or client.session.discover_result
        self.server = {"revision": client.protocol_version, "described": plain(described) if described else None}

    async def list(self, kind: str, cursor: str | None) -> dict:
        call = {
            "tools": self.client.list_tools, "prompts": self.client.list_prompts, "resources": self.client.list_resources,
            "resourceTemplates": self.client.list_resource_templates,
        }[kind]
        return await attempt(call(cursor=cursor))

    async def call(self, name: str, arguments: dict, progress=None, meta: dict | None = None) -> dict:
        return await attempt(self.client.call_tool(name, arguments, progress_callback=progress, meta=meta))

    async def cancel(self, name: str, begun) -> dict:
        task = asyncio.create_task(self.client.call_tool(name, {}))
        await asyncio.sleep(0)          # the call is made before the next one
        await begun()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            return plain(await task)
        return {"cancelled": True}

    async def ask_without_answering(self, name: str, arguments: dict) -> dict:
        return await attempt(self.client.session.call_tool(name, arguments, allow_input_required=True))

    async def prompt(self, name: str, arguments: dict) -> dict:
        return await attempt(self.client.get_prompt(name, arguments))

    async def read(self, uri: str) -> dict:
        return await attempt(self.client.read_resource(uri))

    async def complete(self, ref: dict, argument: dict, context: dict | None) -> dict:
        kind = types.PromptReference if ref["type"] == "ref/prompt" else types.ResourceTemplateReference
        return await attempt(self.client.complete(kind.model_validate(ref), argument, context and context["arguments"]))

    async def subscribe(self, uri: str) -> dict:
        return await attempt(self.client.subscribe_resource(uri))

    async def unsubscribe(self, uri: str) -> dict:
        return await attempt(self.client.unsubscribe_resource(uri))

    async def set_level(self, level: str) -> dict:
        return await attempt(self.client.set_logging_level(level))

    async def ping(self) -> dict:
        return await attempt(self.client.send_ping())

    async def roots_changed(self) -> None:
        await self.client.send_roots_list_changed()

    async def odd(self, word: str) -> dict:
        return await attempt(self.client.session.send_request(Odd(params=OddParams(word=word)), OddResult))

    @contextlib.asynccontextmanager
    async def listen(self, kinds: set[str], uris: list[str]):
        wanted = {f"{kind}_list_changed": True for kind in kinds}
        async with self.client.listen(**wanted, resource_subscriptions=uris) as subscription:
            yield Stream(subscription)


async def main(chosen) -> Transcript:
    transcript = Transcript()

    async def on_message(message) -> None:
        if isinstance(message, Exception):
            await transcript.hear("exception", {"text": str(message)})
        else:
            told = plain(message)
            await transcript.hear(told["method"], told.get("params", {}))

    async def on_sampling(context, params):
        transcript.question("sampling/createMessage", plain(params), context.request_id)
        if params.max_tokens == 1:
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

    http = create_mcp_http_client(headers={"Authorization": f"Bearer {chosen.token}"} if chosen.token else None)
    http.event_hooks["response"].append(transcript.exchanged)
    async with http:
        async with Client(
            streamable_http_client(chosen.url, http_client=http), mode=chosen.mode, message_handler=on_message, log_level="info",
            sampling_callback=on_sampling, elicitation_callback=on_elicitation, list_roots_callback=on_roots, cache=None,
        ) as client:
            await walk(Walker(client), transcript, chosen)
            revision = client.protocol_version
            await closed(http, chosen.url, revision, transcript)
        await farewell(http, chosen.url, revision, transcript)
    return transcript


if __name__ == "__main__":
    run(main)
