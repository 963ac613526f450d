"""The offer of the parity tests, served by the SDK 1.27, which knows only the generation of the protocol that begins with `initialize`.

    parity_server_1_27.py [--json] [--stateless] [--no-events]      prints "port N" when it listens
"""

from __future__ import annotations

import contextlib
import sys
from typing import Any

from mcp import McpError, types
from mcp.server.fastmcp.server import StreamableHTTPASGIApp
from mcp.server.lowlevel import NotificationOptions, Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.message import ServerMessageMetadata
from starlette.applications import Starlette
from starlette.routing import Route

from parity_offer import Offer, Refusal
from serving import listen_and_run

offer = Offer()
server = Server("parity", version="1.0.0", instructions="Für Tests.", website_url="https://example.com/parity")
server.notification_options = NotificationOptions(prompts_changed=True, resources_changed=True, tools_changed=True)
RESULTS = {
    "elicitation/create": types.ElicitResult,
    "sampling/createMessage": types.CreateMessageResult,
    "roots/list": types.ListRootsResult,
    "ping": types.EmptyResult,
}


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class Caller:
    """The client of one request."""

    modern, answers, state = False, None, None

    def __init__(self) -> None:
        self.context = server.request_context
        self.meta = plain(self.context.meta) if self.context.meta else {}

    @property
    def session(self):
        return self.context.session

    async def request(self, method: str, params: dict, related: bool) -> dict:
        metadata = ServerMessageMetadata(related_request_id=self.context.request_id) if related else None
        message = types.ServerRequest.model_validate({"method": method} | ({"params": params} if params else {}))
        return plain(await self.session.send_request(message, RESULTS[method], metadata=metadata))

    async def notify(self, method: str, params: dict, related: bool) -> None:
        message = types.ServerNotification.model_validate({"method": method} | ({"params": params} if params else {}))
        await self.session.send_notification(message, self.context.request_id if related else None)

    async def publish(self, kind: str, uri: str | None) -> None:
        raise NotImplementedError

    async def progress(self, progress: float, total: float | None, message: str | None) -> None:
        if (token := self.meta.get("progressToken")) is not None:
            await self.session.send_progress_notification(token, progress, total, message, self.context.request_id)

    async def log(self, level: str, data: Any, logger: str | None) -> None:
        await self.session.send_log_message(level, data, logger, self.context.request_id)

    async def close_stream(self) -> None:
        if self.context.close_sse_stream:
            await self.context.close_sse_stream()

    async def close_standalone_stream(self) -> None:
        if self.context.close_standalone_sse_stream:
            await self.context.close_standalone_sse_stream()


def answering(request, model, work) -> None:
    """Answers `request` in the words of the wire."""

    async def handler(message):
        try:
            result = await work(Caller(), plain(message.params) if message and message.params else {})
        except Refusal as refusal:
            raise McpError(types.ErrorData(code=refusal.code, message=refusal.message, data=refusal.data)) from None
        return types.ServerResult(model.model_validate(result))

    server.request_handlers[request] = handler


def listing(request, model, kind: str) -> None:
    async def work(caller: Caller, params: dict) -> dict:
        return offer.page(kind, params.get("cursor"))

    answering(request, model, work)


async def subscribe(caller: Caller, params: dict) -> dict:
    offer.watched[params["uri"]] = None
    return {}


async def unsubscribe(caller: Caller, params: dict) -> dict:
    offer.watched.pop(params["uri"], None)
    return {}


async def set_level(caller: Caller, params: dict) -> dict:
    offer.level = params["level"]
    return {}


async def roots_changed(notification) -> None:
    offer.roots_changes.put_nowait("roots changed")


listing(types.ListToolsRequest, types.ListToolsResult, "tools")
listing(types.ListPromptsRequest, types.ListPromptsResult, "prompts")
listing(types.ListResourcesRequest, types.ListResourcesResult, "resources")
listing(types.ListResourceTemplatesRequest, types.ListResourceTemplatesResult, "resourceTemplates")
answering(types.CallToolRequest, types.CallToolResult, lambda c, p: offer.call(c, p["name"], p.get("arguments") or {}))
answering(types.GetPromptRequest, types.GetPromptResult, lambda c, p: offer.prompt(c, p["name"], p.get("arguments") or {}))
answering(types.ReadResourceRequest, types.ReadResourceResult, lambda c, p: offer.read(c, p["uri"]))
answering(types.CompleteRequest, types.CompleteResult, lambda c, p: offer.complete(p["ref"], p["argument"], p.get("context")))
answering(types.SubscribeRequest, types.EmptyResult, subscribe)
answering(types.UnsubscribeRequest, types.EmptyResult, unsubscribe)
answering(types.SetLevelRequest, types.EmptyResult, set_level)
server.notification_handlers[types.RootsListChangedNotification] = roots_changed


def app(json_response: bool, stateless_http: bool, event_store, retry_interval: int) -> Starlette:
    manager = StreamableHTTPSessionManager(
        server, event_store=event_store, json_response=json_response, stateless=stateless_http, retry_interval=retry_interval
    )

    @contextlib.asynccontextmanager
    async def lifespan(_):
        async with manager.run():
            yield

    return Starlette(routes=[Route("/mcp", endpoint=StreamableHTTPASGIApp(manager))], lifespan=lifespan)


if __name__ == "__main__":
    sys.exit(listen_and_run(app))
