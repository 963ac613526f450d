"""What the servers of the parity tests offer and do, without any SDK: both SDK servers hand their requests to `Offer`.

Everything goes in and out in the words of the wire, so that one script sees the same through either SDK. Whatever waits, waits for
another request of the client, never for time to pass: an answer that arrives shows that what came before it was not held back.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any, Protocol

RED_DOT = base64.b64encode(bytes.fromhex("89504e470d0a1a0a") + bytes(range(256))).decode()
WAVE = base64.b64encode(b"RIFF" + bytes(reversed(range(256)))).decode()
TEXT = {"type": "object", "properties": {"text": {"type": "string"}}}
NAME = {"type": "object", "properties": {"name": {"type": "string", "title": "Name"}}, "required": ["name"]}
SUM = {"type": "object", "properties": {"sum": {"type": "integer"}, "notes": {"type": "array"}}, "required": ["sum"]}
LEVELS = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]
QUESTIONS = {
    "elicitation": ("elicitation/create", {"mode": "form", "message": "Who?", "requestedSchema": NAME}),
    "sampling": ("sampling/createMessage", {
        "messages": [{"role": "user", "content": {"type": "text", "text": "Grüße, 世界"}}], "maxTokens": 9, "systemPrompt": "Short.",
        "temperature": 0.5, "stopSequences": ["."], "modelPreferences": {"hints": [{"name": "small"}], "speedPriority": 1.0},
    }),
    "picture": ("sampling/createMessage", {
        "messages": [{"role": "user", "content": {"type": "image", "data": RED_DOT, "mimeType": "image/png"}}], "maxTokens": 1,
    }),
    "roots": ("roots/list", {}),
}
UNASKED = {
    "tools": "notifications/tools/list_changed",
    "prompts": "notifications/prompts/list_changed",
    "resources": "notifications/resources/list_changed",
}


class Refusal(Exception):
    """An answer that is a JSON-RPC error."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class Peer(Protocol):
    """The client of one request, as an SDK server sees it."""

    modern: bool
    meta: dict
    answers: dict | None
    state: str | None

    async def request(self, method: str, params: dict, related: bool) -> dict: ...
    async def notify(self, method: str, params: dict, related: bool) -> None: ...
    async def publish(self, kind: str, uri: str | None) -> None: ...
    async def progress(self, progress: float, total: float | None, message: str | None) -> None: ...
    async def log(self, level: str, data: Any, logger: str | None) -> None: ...
    async def close_stream(self) -> None: ...
    async def close_standalone_stream(self) -> None: ...


def text(words: str, **more) -> dict:
    return {"content": [{"type": "text", "text": words}]} | more


def tool(name: str, schema: dict | None = None, **more) -> dict:
    return {"name": name, "description": f"{name} — für Tests", "inputSchema": schema or {"type": "object"}} | more


TOOLS = [
    tool("get_sum", {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]},
         title="Sum", outputSchema=SUM, annotations={"readOnlyHint": True, "openWorldHint": False},
         icons=[{"src": "data:image/png;base64,AA==", "mimeType": "image/png", "sizes": ["any"]}], _meta={"test/unit": [1.5, None, "ü"]}),
    tool("get_contents"),
    tool("delete_all", annotations={"destructiveHint": True}),
    tool("delete_one"),
    tool("get_failure", TEXT),
    tool("get_refusal", {"type": "object", "properties": {"code": {"type": "integer"}}}),
    tool("get_text", {"type": "object", "properties": {"size": {"type": "integer"}}}),
    tool("get_echo", TEXT),
    tool("get_meta"),
    tool("get_steps"),
    tool("create_step"),
    tool("get_patience"),
    tool("get_patience_begun"),
    tool("get_patience_lost"),
    tool("get_log"),
    tool("get_answer", {"type": "object", "properties": {"question": {"enum": list(QUESTIONS)}, "related": {"type": "boolean"}}}),
    tool("get_consent"),
    tool("get_ping"),
    tool("get_roots_changes"),
    tool("create_change", {"type": "object", "properties": {"kind": {"type": "string"}, "uri": {"type": "string"}}}),
    tool("get_through_break"),
    tool("create_gap"),
    tool("get_region", {"type": "object", "properties": {
        "region": {"type": "string", "x-mcp-header": "Region"}, "count": {"type": "integer", "x-mcp-header": "Count"},
        "dry": {"type": "boolean", "x-mcp-header": "Dry-Run"},
    }}),
    tool("delete_last"),
]
PROMPTS = [
    {"name": "greet", "title": "Greeting", "description": "Says hello", "arguments": [{"name": "name", "required": True}, {"name": "mood"}]},
    {"name": "insult", "description": "Opened by one scope only", "arguments": [{"name": "name"}]},
    {"name": "picture", "description": "With an image and a resource"},
    {"name": "interview", "description": "Asks back"},
]
RESOURCES = [
    {"uri": "note://public/welcome", "name": "welcome", "title": "Welcome", "mimeType": "text/plain", "size": 7,
     "annotations": {"audience": ["user"], "priority": 0.5}},
    {"uri": "note://secret/plan", "name": "plan", "mimeType": "text/plain"},
    {"uri": "note://public/logo", "name": "logo", "mimeType": "image/png", "_meta": {"test/unit": 1}},
    {"uri": "note://public/question", "name": "question"},
]
TEMPLATES = [
    {"uriTemplate": "note://public/by-name/{name}", "name": "note", "description": "A note"},
    {"uriTemplate": "note://secret/by-name/{name}", "name": "secret", "mimeType": "text/plain"},
]
SIZES = {"tools": 2, "prompts": 1, "resources": 2, "resourceTemplates": 1}
"""Items per page. The third and fourth tool are both `delete_*`: whoever may not see them gets an empty page with a cursor."""


class Offer:
    """The state of one server process, and what it does."""

    def __init__(self) -> None:
        self.step = asyncio.Queue()
        self.begun = asyncio.Event()
        self.lost = asyncio.Queue()
        self.roots_changes = asyncio.Queue()
        self.level = "debug"
        self.watched: dict[str, None] = {}

    def page(self, kind: str, cursor: str | None) -> dict:
        every = {"tools": TOOLS, "prompts": PROMPTS, "resources": RESOURCES, "resourceTemplates": TEMPLATES}[kind]
        begin = 0
        if cursor is not None:
            if not cursor.removeprefix("from ").isdigit():
                raise Refusal(-32602, f"No such cursor: {cursor}")
            begin = int(cursor.removeprefix("from "))
        end = begin + SIZES[kind]
        return {kind: every[begin:end]} | ({"nextCursor": f"from {end}"} if end < len(every) else {})

    async def call(self, peer: Peer, name: str, arguments: dict) -> dict:
        """The result of `tools/call`."""
        if not any(one["name"] == name for one in TOOLS):
            raise Refusal(-32602, f"Unknown tool: {name}")
        if name.startswith("delete_"):
            return text("deleted")
        return await getattr(self, name)(peer, **arguments)

    async def get_sum(self, peer: Peer, a: int, b: int) -> dict:
        return text(str(a + b), structuredContent={"sum": a + b, "notes": ["ü", 1.25, None, {"deep": [True]}]})

    async def get_contents(self, peer: Peer) -> dict:
        return {"content": [
            {"type": "text", "text": "seen", "annotations": {"audience": ["assistant"], "priority": 1.0}, "_meta": {"test/unit": "x"}},
            {"type": "image", "data": RED_DOT, "mimeType": "image/png"},
            {"type": "audio", "data": WAVE, "mimeType": "audio/wav"},
            {"type": "resource", "resource": {"uri": "note://public/logo", "blob": RED_DOT, "mimeType": "image/png"}},
            {"type": "resource_link", "uri": "note://public/welcome", "name": "welcome", "mimeType": "text/plain"},
        ]}

    async def get_failure(self, peer: Peer, text: str = "failed") -> dict:
        return {"content": [{"type": "text", "text": text}], "isError": True}

    async def get_refusal(self, peer: Peer, code: int) -> dict:
        raise Refusal(code, "refused — ü", {"why": ["because", 1.5]})

    async def get_text(self, peer: Peer, size: int) -> dict:
        return text("0123456789abcdef" * (size // 16))

    async def get_echo(self, peer: Peer, **arguments) -> dict:
        return text(str(sorted(arguments.items())))

    async def get_meta(self, peer: Peer) -> dict:
        """The request's `_meta` as it arrived, beside what the SDKs write into it themselves."""
        own = {name: value for name, value in peer.meta.items() if name.startswith("test/")}
        return text("meta", structuredContent=own, _meta={"test/answer": own})

    async def get_steps(self, peer: Peer) -> dict:
        """Goes on only when the client has heard of the step before and says so with `create_step`."""
        for number in (1, 2, 3):
            await peer.progress(number, 3.5, f"step {number} — ü")
            await peer.log("info", {"step": number}, "steps")
            await self.step.get()
        return text("3 steps")

    async def create_step(self, peer: Peer) -> dict:
        self.step.put_nowait(None)
        return text("go on")

    async def get_patience(self, peer: Peer) -> dict:
        """Waits until it is cancelled."""
        try:
            self.begun.set()
            await asyncio.Event().wait()
        finally:
            self.lost.put_nowait("cancelled")
        return text("never")

    async def get_patience_begun(self, peer: Peer) -> dict:
        await self.begun.wait()
        self.begun.clear()
        return text("begun")

    async def get_patience_lost(self, peer: Peer) -> dict:
        return text(await self.lost.get())

    async def get_log(self, peer: Peer) -> dict:
        for level in LEVELS:
            if peer.modern or LEVELS.index(level) >= LEVELS.index(self.level):
                await peer.log(level, {"level": level, "deep": [1, None]} if level == "error" else f"{level} — ü", "log")
        return text("logged")

    async def get_answer(self, peer: Peer, question: str, related: bool = True) -> dict:
        """Asks the client: with a request of its own on a stream, or since 2026-07-28 with a result that asks."""
        method, params = QUESTIONS[question]
        if not peer.modern:
            return text(str(sorted((await peer.request(method, params, related)).items())))
        if peer.answers is None:
            return {"resultType": "input_required", "requestState": f"state of {question} — ü",
                    "inputRequests": {question: {"method": method, "params": params}}}
        return text(f"{peer.state}: {sorted(peer.answers[question].items())}")

    async def get_consent(self, peer: Peer) -> dict:
        """Sends the person to a page, and says when the page was done."""
        params = {"mode": "url", "message": "Please agree", "url": "https://example.com/agree?a=b&c=%20", "elicitationId": "e-1"}
        answer = await peer.request("elicitation/create", params, True)
        await peer.notify("notifications/elicitation/complete", {"elicitationId": "e-1"}, True)
        return text(answer["action"])

    async def get_ping(self, peer: Peer) -> dict:
        return text(str(await peer.request("ping", {}, False)))

    async def get_roots_changes(self, peer: Peer) -> dict:
        return text(await self.roots_changes.get())

    async def create_change(self, peer: Peer, kind: str, uri: str | None = None) -> dict:
        """Announces a change on the streams that listen for such."""
        if peer.modern:
            await peer.publish(kind, uri)
        elif uri is None:
            await peer.notify(UNASKED[kind], {}, False)
        elif uri in self.watched:
            await peer.notify("notifications/resources/updated", {"uri": uri}, False)
        return text("changed")

    async def get_through_break(self, peer: Peer) -> dict:
        """Ends its own stream half way; what follows is found by the client that takes it up again."""
        await peer.progress(1, 2, "before the break")
        await peer.close_stream()
        await peer.progress(2, 2, "after the break")
        return text("whole")

    async def create_gap(self, peer: Peer) -> dict:
        """Ends the client's GET stream, then says something on it."""
        await peer.close_standalone_stream()
        await peer.notify(UNASKED["prompts"], {}, False)
        return text("said")

    async def get_region(self, peer: Peer, **arguments) -> dict:
        return text(str(sorted(arguments.items())))

    async def prompt(self, peer: Peer, name: str, arguments: dict) -> dict:
        """The result of `prompts/get`."""
        if name == "picture":
            return {"messages": [
                {"role": "user", "content": {"type": "image", "data": RED_DOT, "mimeType": "image/png"}},
                {"role": "assistant", "content": {"type": "resource", "resource": {"uri": "note://public/welcome", "text": "welcome"}}},
            ]}
        if name == "interview" and peer.modern and peer.answers is None:
            return self.question("roots", "prompt")
        if name not in {"greet", "insult", "interview"}:
            raise Refusal(-32602, f"Unknown prompt: {name}")
        words = f"{name} {sorted(arguments.items())} {sorted((peer.answers or {}).items())} {peer.state}"
        return {"description": "Words", "messages": [{"role": "user", "content": {"type": "text", "text": words}}]}

    async def read(self, peer: Peer, uri: str) -> dict:
        """The result of `resources/read`."""
        if uri == "note://public/logo":
            return {"contents": [{"uri": uri, "mimeType": "image/png", "blob": RED_DOT}]}
        if uri == "note://public/question" and peer.modern and peer.answers is None:
            return self.question("elicitation", "resource")
        if "/by-name/" not in uri and not any(one["uri"] == uri for one in RESOURCES):
            raise Refusal(-32602 if peer.modern else -32002, "Resource not found", {"uri": uri})
        words = f"{uri} {sorted((peer.answers or {}).items())} {peer.state}"
        return {"contents": [{"uri": uri, "mimeType": "text/plain", "text": words}, {"uri": uri + "#2", "text": "ü"}]}

    def question(self, name: str, where: str) -> dict:
        method, params = QUESTIONS[name]
        return {"resultType": "input_required", "requestState": where, "inputRequests": {name: {"method": method, "params": params}}}

    async def complete(self, ref: dict, argument: dict, context: dict | None) -> dict:
        """The result of `completion/complete`."""
        about = ref.get("name") or ref.get("uri")
        values = [f"{argument['value']}{ending}" for ending in ("a", "ü", "z")] + [str(about), str(context)]
        return {"completion": {"values": values, "total": 17, "hasMore": True}}
