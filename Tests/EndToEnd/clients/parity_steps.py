"""The steps of the parity tests, without any SDK: what is done, in which order, and what is written down about it.

A step waits for what it caused: for an answer, for a notification, for the server to say that something began. It never waits for time
to pass, so two walks differ only if what lies between client and server makes a difference.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

PATIENCE = 60
"""Seconds after which something that should have come is missing."""
PUBLIC, SECRET = "note://public/welcome", "note://secret/plan"
UNASKED = {kind: f"notifications/{kind}/list_changed" for kind in ("tools", "prompts", "resources")}


class Client(Protocol):
    """A connected client of an SDK, in the words of the wire; an error is `{"error": …}`."""

    modern: bool
    server: dict

    async def list(self, kind: str, cursor: str | None) -> dict: ...
    async def call(self, name: str, arguments: dict, progress: Callable | None = None, meta: dict | None = None) -> dict: ...
    async def cancel(self, name: str, begun: Callable[[], Awaitable]) -> dict: ...
    async def prompt(self, name: str, arguments: dict) -> dict: ...
    async def read(self, uri: str) -> dict: ...
    async def complete(self, ref: dict, argument: dict, context: dict | None) -> dict: ...
    async def subscribe(self, uri: str) -> dict: ...
    async def unsubscribe(self, uri: str) -> dict: ...
    async def set_level(self, level: str) -> dict: ...
    async def ping(self) -> dict: ...
    async def roots_changed(self) -> None: ...
    async def odd(self, word: str) -> dict: ...
    def listen(self, kinds: set[str], uris: list[str]): ...
    async def ask_without_answering(self, name: str, arguments: dict) -> dict: ...


class Transcript:
    """Everything that a client observed."""

    def __init__(self) -> None:
        self.steps: dict[str, Any] = {}
        self.heard: dict[str, list] = collections.defaultdict(list)
        self.asked: list[dict] = []
        self.wire: dict[str, int] = collections.Counter()
        self.get_opened = asyncio.Event()
        self.session: str | None = None
        self.elicited = ["accept", "decline", "cancel", "accept"]
        self._news = asyncio.Condition()

    async def hear(self, method: str, params: dict) -> None:
        async with self._news:
            self.heard[method].append(params)
            self._news.notify_all()

    async def until(self, method: str, count: int) -> None:
        """Waits for the notification number `count` of this method."""
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: len(self.heard[method]) >= count), PATIENCE)

    async def exchanged(self, response) -> None:
        """Notes an HTTP exchange; what is resumed and when depends on timing and is left out."""
        request = response.request
        self.session = response.headers.get("mcp-session-id", self.session)
        if request.method == "GET":
            if response.status_code == 200:
                self.get_opened.set()
            return
        message = json.loads(request.content or b"{}")
        params = message.get("params", {})
        name = params.get("name", "")
        if name == "get_patience" or params.get("taskId") == "nowhere" or str(message.get("id")).startswith("closed"):
            return
        kind = response.headers.get("content-type", "").split(";")[0] if message.get("id") is not None else ""
        self.wire[f"{request.method} {message.get('method', '')} {name} -> {response.status_code} {kind}"] += 1

    def question(self, method: str, params: dict, number: Any) -> None:
        self.asked.append({"method": method, "params": params, "id": number})

    def elicitation(self) -> dict:
        """What the person says: yes, no, or nothing."""
        action = self.elicited.pop(0)
        return {"action": action} | ({"content": {"name": "Lee — ü"}} if action == "accept" else {})

    def plain(self) -> dict:
        return {"steps": self.steps, "heard": dict(self.heard), "asked": self.asked, "wire": dict(sorted(self.wire.items()))}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--mode", default="legacy")
    parser.add_argument("--token")
    parser.add_argument("--json", action="store_true", help="the server answers in JSON: nothing can be heard before the answer")
    parser.add_argument("--stateless", action="store_true", help="the server has no sessions: it can ask nothing, and announce nothing")
    parser.add_argument("--no-events", action="store_true", help="the server keeps no events: broken streams stay broken")
    parser.add_argument("--narrow", action="store_true", help="leave out what only the wide token opens")
    parser.add_argument("--unanswered", action="store_true", help="the server leaves a cancelled call without an answer")
    parser.add_argument("--odd", action="store_true", help="the server knows a method of its own")
    return parser.parse_args()


async def all_pages(client: Client, kind: str) -> list[dict]:
    pages, cursor = [], None
    while not pages or cursor:
        pages.append(await client.list(kind, cursor))
        cursor = pages[-1].get("nextCursor")
    return pages


async def reading(client: Client, seen: dict) -> None:
    """Lists, calls, prompts, resources, completion: one request, one answer."""
    for kind in ("tools", "prompts", "resources", "resourceTemplates"):
        seen[kind] = await all_pages(client, kind)
    seen["no such page"] = await client.list("tools", "nowhere")
    seen["sum"] = await client.call("get_sum", {"a": 2, "b": 40})
    seen["contents"] = await client.call("get_contents", {})
    seen["failure"] = await client.call("get_failure", {"text": "no — ü"})
    for code in (-32603, -32000, 7, -32602, -32601):
        seen[f"refusal {code}"] = await client.call("get_refusal", {"code": code})
    seen["unknown tool"] = await client.call("nowhere", {})
    seen["echo"] = await client.call("get_echo", {"text": "Grüße, 世界 \u0000\u2028\"\\", "deep": [{"a": [1, 2.5, None, True]}], "": ""})
    seen["meta"] = await client.call("get_meta", {}, meta={"test/word": "ü", "test/deep": {"a": [1, None]}})
    seen["long"] = await client.call("get_text", {"size": 300_000})
    seen["many"] = await asyncio.gather(*(client.call("get_sum", {"a": n, "b": n}) for n in range(20)))
    seen["region"] = await client.call("get_region", {"region": "Zürich =?base64?eA==?=", "count": -7, "dry": True})
    seen["greet"] = await client.prompt("greet", {"name": "Lee", "mood": "ü"})
    seen["picture"] = await client.prompt("picture", {})
    seen["unknown prompt"] = await client.prompt("nowhere", {})
    for uri in (PUBLIC, "note://public/logo", "note://public/by-name/%C3%BC%20x", "note://public/nowhere"):
        seen[f"read {uri}"] = await client.read(uri)
    seen["complete prompt"] = await client.complete({"type": "ref/prompt", "name": "greet"}, {"name": "mood", "value": "fr"}, None)
    seen["complete resource"] = await client.complete(
        {"type": "ref/resource", "uri": "note://public/by-name/{name}"}, {"name": "name", "value": "ü"}, {"arguments": {"other": "x"}}
    )


async def steps(client: Client, seen: dict) -> None:
    """A call whose every step is heard, and answered by another request, before the call is answered."""
    told: list[list] = []
    calls: list[asyncio.Task] = []

    async def on_progress(*step) -> None:
        told.append(list(step))
        calls.append(asyncio.create_task(client.call("create_step", {})))          # the older SDK reads nothing more until this returns

    seen["steps"] = await asyncio.wait_for(client.call("get_steps", {}, progress=on_progress), PATIENCE)
    seen["steps told"], seen["steps answered"] = told, await asyncio.gather(*calls)


async def cancellation(client: Client, seen: dict) -> None:
    seen["cancelled"] = await asyncio.wait_for(client.cancel("get_patience", lambda: client.call("get_patience_begun", {})), PATIENCE)
    seen["lost"] = await asyncio.wait_for(client.call("get_patience_lost", {}), PATIENCE)


async def logging(client: Client, seen: dict, transcript: Transcript, streams: bool) -> None:
    before = len(transcript.heard["notifications/message"])
    if not client.modern:
        seen["level"] = await client.set_level("warning")
    seen["log"] = await client.call("get_log", {})
    if streams:
        await transcript.until("notifications/message", before + (7 if client.modern else 5))


async def questions(client: Client, seen: dict, streams: bool, standing: bool) -> None:
    """What the server asks of the client while it serves a call."""
    for number, question in enumerate(("elicitation", "elicitation", "elicitation", "sampling", "picture", "roots")):
        if client.modern or streams and standing:
            seen[f"asked {number} {question}"] = await client.call("get_answer", {"question": question})
    if client.modern:
        seen["interview"] = await client.prompt("interview", {})
        seen["question"] = await client.read("note://public/question")
        seen["unanswered"] = await client.ask_without_answering("get_answer", {"question": "sampling"})
    elif standing:
        seen["asked apart"] = await client.call("get_answer", {"question": "sampling", "related": False})
        seen["asked for a sign"] = await client.call("get_ping", {})
    if not client.modern and streams and standing:
        seen["consent"] = await client.call("get_consent", {})


async def announcements(client: Client, seen: dict, transcript: Transcript, uris: list[str]) -> None:
    """What the server says unasked on the client's GET stream."""
    await asyncio.wait_for(transcript.get_opened.wait(), PATIENCE)
    seen["subscribed"] = [await client.subscribe(uri) for uri in uris]
    for kind, method in UNASKED.items():
        await client.call("create_change", {"kind": kind})
        await transcript.until(method, 1)
    for uri in (SECRET, PUBLIC):
        await client.call("create_change", {"kind": "", "uri": uri})
    await transcript.until("notifications/resources/updated", len(uris))
    seen["unsubscribed"] = [await client.unsubscribe(uri) for uri in uris]
    seen["after that"] = await client.call("create_change", {"kind": "", "uri": PUBLIC})
    await client.roots_changed()
    seen["roots changed"] = await asyncio.wait_for(client.call("get_roots_changes", {}), PATIENCE)


async def listening(client: Client, seen: dict, uris: list[str]) -> None:
    """What the server says on a stream that the client opened for it."""
    async with client.listen({"tools", "prompts", "resources"}, uris) as stream:
        seen["honoured"] = stream.honoured
        events = []
        for kind in UNASKED:
            await client.call("create_change", {"kind": kind})
            events.append(await asyncio.wait_for(stream.next(), PATIENCE))
        for uri in (SECRET, PUBLIC):
            await client.call("create_change", {"kind": "", "uri": uri})
            if uri in uris:
                events.append(await asyncio.wait_for(stream.next(), PATIENCE))
        seen["listened"] = events
    async with client.listen({"prompts"}, []) as stream:
        await client.call("create_change", {"kind": "tools"})
        await client.call("create_change", {"kind": "prompts"})
        seen["listened to prompts only"] = await asyncio.wait_for(stream.next(), PATIENCE)


async def resumption(client: Client, seen: dict, transcript: Transcript, streams: bool) -> None:
    if streams:
        told: list[list] = []

        async def on_progress(*step) -> None:
            told.append(list(step))

        seen["broken"] = await asyncio.wait_for(client.call("get_through_break", {}, progress=on_progress), PATIENCE)
        seen["broken told"] = told
    seen["gap"] = await client.call("create_gap", {})
    await transcript.until(UNASKED["prompts"], 2)


async def walk(client: Client, transcript: Transcript, chosen: argparse.Namespace) -> None:
    """Every step that this client can do with this server."""
    seen = transcript.steps
    streams = not chosen.json
    standing = not client.modern and not chosen.stateless
    uris = [PUBLIC] if chosen.narrow else [SECRET, PUBLIC]
    seen["server"] = client.server
    await reading(client, seen)
    if streams:
        await steps(client, seen)
        if client.modern or not chosen.stateless:          # no SDK server ends a call early that it answers in JSON
            await cancellation(client, seen)
    await logging(client, seen, transcript, streams)
    await questions(client, seen, streams, standing)
    if chosen.odd:
        seen["odd"] = await client.odd("ü")
    if client.modern:
        if streams:
            await listening(client, seen, uris)
        return
    seen["ping"] = await client.ping()
    if standing:
        await announcements(client, seen, transcript, uris)
        if not chosen.no_events:
            await resumption(client, seen, transcript, streams)


CLOSED = [
    ("tools/call", {"name": "delete_all", "arguments": {}}),
    ("tools/call", {"name": "delete_last"}),
    ("prompts/get", {"name": "insult", "arguments": {"name": "Lee"}}),
    ("resources/read", {"uri": SECRET}),
    ("resources/read", {"uri": "note://secret/by-name/x"}),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": "insult"}, "argument": {"name": "name", "value": "L"}}),
    ("completion/complete", {"ref": {"type": "ref/resource", "uri": "note://secret/by-name/{name}"}, "argument": {"name": "name", "value": ""}}),
]
"""What only the wide token opens."""


async def closed(http, url: str, revision: str, transcript: Transcript) -> None:
    """Asks for what only the wide token opens, by plain HTTP: an SDK client may give up its session over a refusal."""
    modern = revision >= "2026"
    for number, (method, params) in enumerate(CLOSED):
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": revision}
        if transcript.session:
            headers["Mcp-Session-Id"] = transcript.session
        if modern:
            headers["Mcp-Method"] = method
            headers |= {"Mcp-Name": params.get("name") or params["uri"]} if "ref" not in params else {}
            params = params | {"_meta": {
                "io.modelcontextprotocol/protocolVersion": revision, "io.modelcontextprotocol/clientCapabilities": {},
            }}
        message = {"jsonrpc": "2.0", "id": f"closed {number}", "method": method, "params": params}
        answer = await http.post(url, json=message, headers=headers)
        data = [line[5:] for line in answer.text.splitlines() if line.startswith("data:") and len(line) > 8] or [answer.text]
        transcript.steps[f"closed {number} {method}"] = {"status": answer.status_code, "body": json.loads(data[-1])}


async def farewell(http, url: str, revision: str, transcript: Transcript) -> None:
    """After the client has gone, its session has, too."""
    if transcript.session:
        message = {"jsonrpc": "2.0", "id": "closed", "method": "ping"}
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": revision, "Mcp-Session-Id": transcript.session}
        transcript.steps["session ended"] = (await http.post(url, json=message, headers=headers)).status_code


def run(main: Callable[[argparse.Namespace], Awaitable[Transcript]]) -> None:
    """Runs the client and prints its transcript as JSON."""
    json.dump(asyncio.run(main(options())).plain(), sys.stdout)
