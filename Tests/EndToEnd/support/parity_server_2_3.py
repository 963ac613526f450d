"""The offer of the parity tests, served by the SDK 2.3.0, which speaks both generations of the protocol.

    parity_server_2_3.py [--json] [--stateless] [--no-events]      prints "port N" when it listens
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import mcp_types as types
from mcp.server.caching import CACHEABLE_METHODS, CacheHint
from mcp.server.lowlevel.server import Server
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler
from mcp.shared.exceptions import MCPError
from mcp.shared.message import ServerMessageMetadata
from mcp.shared.subscriptions import PromptsListChanged, ResourcesListChanged, ResourceUpdated, ToolsListChanged

from parity_offer import Offer, Refusal
from serving import listen_and_run

warnings.simplefilter("ignore")
offer, bus = Offer(), InMemorySubscriptionBus()
REQUESTS = {
    "elicitation/create": (types.ElicitRequest, types.ElicitResult),
    "sampling/createMessage": (types.CreateMessageRequest, types.CreateMessageResult),
    "roots/list": (types.ListRootsRequest, types.ListRootsResult),
    "ping": (types.PingRequest, types.EmptyResult),
}
NOTIFICATIONS = {
    "notifications/tools/list_changed": types.ToolListChangedNotification,
    "notifications/prompts/list_changed": types.PromptListChangedNotification,
    "notifications/resources/list_changed": types.ResourceListChangedNotification,
    "notifications/resources/updated": types.ResourceUpdatedNotification,
    "notifications/elicitation/complete": types.ElicitCompleteNotification,
}
EVENTS = {"tools": ToolsListChanged, "prompts": PromptsListChanged, "resources": ResourcesListChanged}


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class Caller:
    """The client of one request."""

    def __init__(self, context, params) -> None:
        self.context = context
        self.modern = context.protocol_version >= "2026"
        self.meta = dict(context.meta or {})
        answers = getattr(params, "input_responses", None)
        self.answers = None if answers is None else {key: plain(value) for key, value in answers.items()}
        self.state = getattr(params, "request_state", None)

    async def request(self, method: str, params: dict, related: bool) -> dict:
        request, result = REQUESTS[method]
        metadata = ServerMessageMetadata(related_request_id=self.context.request_id) if related else None
        message = request.model_validate({"method": method} | ({"params": params} if params else {}), by_name=False)
        return plain(await self.context.session.send_request(message, result, metadata=metadata))

    async def notify(self, method: str, params: dict, related: bool) -> None:
        notification = NOTIFICATIONS[method].model_validate({"method": method} | ({"params": params} if params else {}), by_name=False)
        await self.context.session.send_notification(notification, self.context.request_id if related else None)

    async def publish(self, kind: str, uri: str | None) -> None:
        await bus.publish(ResourceUpdated(uri) if uri else EVENTS[kind]())

    async def progress(self, progress: float, total: float | None, message: str | None) -> None:
        await self.context.session.report_progress(progress, total, message)

    async def log(self, level: str, data: Any, logger: str | None) -> None:
        await self.context.session.send_log_message(level, data, logger, self.context.request_id)

    async def close_stream(self) -> None:
        if self.context.close_sse_stream:
            await self.context.close_sse_stream()

    async def close_standalone_stream(self) -> None:
        if self.context.close_standalone_sse_stream:
            await self.context.close_standalone_sse_stream()


def answering(model, work):
    """A handler whose answer is given in the words of the wire."""

    async def handler(context, params):
        try:
            result = await work(Caller(context, params), params)
        except Refusal as refusal:
            raise MCPError(refusal.code, refusal.message, refusal.data) from None
        shape = types.InputRequiredResult if result.get("resultType") == "input_required" else model
        return shape.model_validate(result, by_name=False)

    return handler


def listing(model, kind: str):
    async def work(caller: Caller, params) -> dict:
        return offer.page(kind, params.cursor if params else None)

    return answering(model, work)


async def complete(caller: Caller, params) -> dict:
    return await offer.complete(plain(params.ref), plain(params.argument), plain(params.context) if params.context else None)


async def subscribe(caller: Caller, params) -> dict:
    offer.watched[params.uri] = None
    return {}


async def unsubscribe(caller: Caller, params) -> dict:
    offer.watched.pop(params.uri, None)
    return {}


async def set_level(caller: Caller, params) -> dict:
    offer.level = params.level
    return {}


async def roots_changed(context, params) -> None:
    offer.roots_changes.put_nowait("roots changed")


class OddParams(types.RequestParams):
    word: str


async def odd(context, params: OddParams) -> dict:
    """A method that no revision knows."""
    return {"heard": params.word}


server = Server(
    "parity", version="1.0.0", title="Parity", instructions="Für Tests.", website_url="https://example.com/parity",
    cache_hints={method: CacheHint(60000, "public") for method in CACHEABLE_METHODS},
    on_list_tools=listing(types.ListToolsResult, "tools"),
    on_list_prompts=listing(types.ListPromptsResult, "prompts"),
    on_list_resources=listing(types.ListResourcesResult, "resources"),
    on_list_resource_templates=listing(types.ListResourceTemplatesResult, "resourceTemplates"),
    on_call_tool=answering(types.CallToolResult, lambda caller, params: offer.call(caller, params.name, params.arguments or {})),
    on_get_prompt=answering(types.GetPromptResult, lambda caller, params: offer.prompt(caller, params.name, params.arguments or {})),
    on_read_resource=answering(types.ReadResourceResult, lambda caller, params: offer.read(caller, params.uri)),
    on_completion=answering(types.CompleteResult, complete),
    on_subscribe_resource=answering(types.EmptyResult, subscribe),
    on_unsubscribe_resource=answering(types.EmptyResult, unsubscribe),
    on_subscriptions_listen=ListenHandler(bus),
    on_set_logging_level=answering(types.EmptyResult, set_level),
    on_roots_list_changed=roots_changed,
)
server.add_request_handler("test/odd", OddParams, odd)

if __name__ == "__main__":
    sys.exit(listen_and_run(server.streamable_http_app))
