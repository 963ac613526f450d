"""MCP requests in the two shapes that a gateway meets: with `initialize` (2025-…), and each on its own (2026-07-28)."""

from __future__ import annotations

import json

from . import wire

MODERN = "2026-07-28"
LEGACY = "2025-06-18"
REVISIONS = [LEGACY, MODERN]

NAMED = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}


def message(method: str, params: dict | None = None, *, revision: str = LEGACY, identifier: int | str | None = 1) -> dict:
    body: dict = {"jsonrpc": "2.0", "method": method}
    if identifier is not None:
        body["id"] = identifier
    params = dict(params or {})
    if revision == MODERN:
        params["_meta"] = {
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
        } | params.get("_meta", {})
    if params:
        body["params"] = params
    return body


def fields(token: str | None, revision: str = LEGACY, body: dict | None = None) -> dict[str, str]:
    """The request fields of a client that does everything right."""
    pairs = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": revision,
    }
    if token is not None:
        pairs["Authorization"] = f"Bearer {token}"
    if revision == MODERN and body:
        pairs["Mcp-Method"] = body["method"]
        if body["method"] in NAMED:
            pairs["Mcp-Name"] = body["params"][NAMED[body["method"]]]
    return pairs


class Client:
    """Asks one server through the gateway, a connection for each request unless one is given."""

    def __init__(self, port: int, path: str, token: str | None, revision: str = LEGACY) -> None:
        self.port, self.path, self.token, self.revision = port, path, token, revision

    def bytes(self, method: str, params: dict | None = None, *, identifier: int | str | None = 1, **more: str) -> bytes:
        body = message(method, params, revision=self.revision, identifier=identifier)
        return self.raw(json.dumps(body).encode(), fields(self.token, self.revision, body) | {n.replace("_", "-"): v for n, v in more.items()})

    def raw(self, body: bytes, extra: dict[str, str] | None = None) -> bytes:
        """A POST with any body."""
        return wire.request("POST", self.path, self.port, fields(self.token, self.revision) | (extra or {}), body)

    def call(self, method: str, params: dict | None = None, **more) -> wire.Answer:
        return wire.exchange(self.port, self.bytes(method, params, **more), "POST")

    def call_tool(self, name: str, arguments: dict | None = None, **more) -> wire.Answer:
        return self.call("tools/call", {"name": name, "arguments": arguments or {}}, **more)

    def get(self, connection: wire.Connection, **more: str) -> wire.Answer:
        """Opens the GET stream on a connection that stays open."""
        pairs = fields(self.token, self.revision) | {"Accept": "text/event-stream"} | {n.replace("_", "-"): v for n, v in more.items()}
        pairs.pop("Content-Type")
        return connection.send(wire.request("GET", self.path, self.port, pairs)).read_head()
