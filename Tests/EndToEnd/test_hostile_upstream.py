"""Whatever an upstream answers, the client gets one well-framed answer, learns of nothing closed, and its next request gets its own."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import uuid

import pytest

from conftest import Site, end, make_site
from support import hostile, messages, wire
from support.hostile import CALL, CLOSED, ID, KINDS, LIST, Kind, Verdict
from support.messages import LEGACY, MODERN, REVISIONS
from support.recorder import Exchange, Received

# Fields that no client may get from an upstream.
FOREIGN_FIELDS = {
    "set-cookie", "set-cookie2", "www-authenticate", "location", "access-control-allow-origin", "access-control-allow-credentials",
    "access-control-expose-headers", "refresh", "proxy-authenticate", "strict-transport-security", "clear-site-data", "alt-svc", "keep-alive",
    "authentication-info", "x-gatehouse-subject", "x-secret", "upgrade", "trailer", "content-encoding",
}
EVERY = [(kind, method, revision) for kind in KINDS for method in kind.verdicts for revision in REVISIONS]


@pytest.fixture(scope="module")
def besieged_site(tmp_path_factory: pytest.TempPathFactory):
    site = make_site(tmp_path_factory.mktemp("hostile"), tools={"scopes": hostile.SCOPES})
    yield site
    end(site)


@pytest.fixture
def besieged(besieged_site: Site):
    yield besieged_site
    assert besieged_site.gateway.process.poll() is None, besieged_site.gateway.text()[-3000:]
    assert not besieged_site.recorder.failures, besieged_site.recorder.failures
    besieged_site.recorder.clear()


class Eavesdropper(wire.Connection):
    """Keeps every byte that came."""

    heard = b""

    def fill(self) -> bool:
        before = len(self.buffer)
        more = super().fill()
        self.heard += self.buffer[before:]
        return more


def question(site: Site, method: str, revision: str) -> bytes:
    params = {"name": "get_one", "arguments": {}} if method == CALL else None
    return site.client(revision=revision).bytes(method, params, identifier=ID)


def next_answer(site: Site, connection: wire.Connection, revision: str) -> None:
    """The next request on the connection gets the answer to its own nonce, and nothing else comes."""
    nonce = uuid.uuid4().hex
    answer = connection.send(site.client(revision=revision).bytes("ping", {"nonce": nonce}, identifier=nonce)).read()
    assert answer.status == 200 and answer.json == {"jsonrpc": "2.0", "id": nonce, "result": {"pong": nonce}}, answer
    assert connection.buffer == b""


def nothing_leaked(connection: Eavesdropper) -> None:
    """Nothing that came spells the name of anything closed, with escapes or without."""
    spelt = re.sub(rb"\\u00([0-7][0-9a-fA-F])", lambda m: bytes([int(m[1], 16)]), connection.heard)
    for heard in (connection.heard, spelt, connection.heard.replace(b"\0", b"")):
        assert CLOSED not in heard.lower(), heard[:3000]


def is_error(message: dict, code: int) -> None:
    assert set(message) == {"jsonrpc", "id", "error"} and message["jsonrpc"] == "2.0" and message["id"] == ID, message
    assert message["error"]["code"] == code and "127.0.0.1" not in message["error"]["message"], message


def is_failure(answer: wire.Answer, status: int) -> None:
    assert answer.status == status and answer.field("content-type") == "application/json", answer
    is_error(answer.json, {502: 1502, 504: 1504}[status])


def is_filtered(kind: Kind, answer: wire.Answer, revision: str) -> None:
    assert answer.status == kind.status, answer
    is_list(answer.json, revision)


def is_list(message: dict, revision: str) -> None:
    """The open items as the upstream sent them, and none else."""
    assert all(isinstance(item, dict) for item in message["result"]["tools"])
    names = [item["name"] for item in message["result"]["tools"]]
    assert all(name.startswith("get_") for name in names), names
    for item in message["result"]["tools"]:
        assert item in hostile.OPEN or set(item) <= {"name", "inputSchema"}, item
    assert message["jsonrpc"] == "2.0"
    assert revision == LEGACY or message["result"]["cacheScope"] == "private"


def events_of(content: bytes) -> list[dict]:
    """The messages of a stream, its lines ended in any way; a block that the end cut off is dropped."""
    blocks = re.sub(rb"\r\n|\r", b"\n", content.removeprefix(b"\xef\xbb\xbf")).split(b"\n\n")
    parsed = [event for block in blocks[:-1] if (event := wire.parse_event(block)) and event[2].strip()]
    return [json.loads(data) for _, _, data in parsed]


def check(kind: Kind, verdict: Verdict, answer: wire.Answer, revision: str) -> None:
    if verdict is Verdict.BAD_GATEWAY:
        is_failure(answer, 502)
    elif verdict is Verdict.FILTERED:
        is_filtered(kind, answer, revision)
    elif verdict is Verdict.RELAYED:
        assert answer.status == kind.status and answer.body == kind.content, answer
    else:
        assert answer.status == 200 and answer.field("content-type").startswith("text/event-stream"), answer
        seen = events_of(answer.body)
        assert all(isinstance(message, dict) for message in seen), answer
        lists = [message for message in seen if "tools" in message.get("result", {})]
        for message in lists:
            is_list(message, revision)
        if verdict is Verdict.ERROR_EVENT:
            assert not lists
            is_error(seen[-1], 1502)
        else:
            assert all("error" not in message for message in seen)
            assert lists or "within" in kind.name, answer


def test_there_are_enough_kinds():
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 200
    assert {verdict for kind in KINDS for verdict in kind.verdicts.values()} == set(Verdict)


@pytest.mark.parametrize("kind, method, revision", EVERY, ids=[f"{k.name}-{m}-{r}" for k, m, r in EVERY])
def test_a_hostile_answer_becomes_one_well_framed_answer(besieged: Site, kind: Kind, method: str, revision: str):
    verdict, ended = kind.verdicts[method], threading.Event()
    besieged.recorder.script = hostile.script(kind, ended)
    with Eavesdropper(besieged.port) as connection:
        connection.send(question(besieged, method, revision))
        try:
            answer = connection.read()
        except wire.Incomplete:
            assert verdict is Verdict.CUT
            nothing_leaked(connection)
            assert ended.wait(10), "the connection of a broken answer stays open"
            with Eavesdropper(besieged.port) as another:
                next_answer(besieged, another, revision)
            return
        check(kind, verdict, answer, revision)
        assert not {name for name, _ in answer.fields} & FOREIGN_FIELDS or answer.values("content-encoding") == ["identity"], answer
        assert ended.wait(10), "the connection of a broken answer stays open"
        next_answer(besieged, connection, revision)
        nothing_leaked(connection)


def test_the_check_sees_what_an_upstream_says_without_a_gateway(besieged: Site):
    """Asked directly, the upstream's answers fail the check in nearly every kind."""
    failed, kinds = [], [kind for kind in KINDS if isinstance(kind.data, bytes)]
    for kind in kinds:
        besieged.recorder.script = hostile.script(kind, threading.Event())
        for method, verdict in kind.verdicts.items():
            body = messages.message(method, {"name": "get_one"} if method == CALL else None, identifier=ID)
            with Eavesdropper(besieged.recorder.port) as connection:
                try:
                    connection.send(wire.request("POST", "/mcp", besieged.recorder.port, body=json.dumps(body).encode()))
                    connection.socket.shutdown(socket.SHUT_WR)
                    check(kind, verdict, connection.read(), LEGACY)
                    assert verdict is not Verdict.CUT and connection.buffer == b""
                    nothing_leaked(connection)
                except (AssertionError, wire.Incomplete, OSError, ValueError, KeyError, TypeError, AttributeError):
                    failed.append((kind.name, method))
    asked = {(kind.name, method) for kind in kinds for method in kind.verdicts}
    assert len(failed) > len(asked) * 0.8, sorted(asked - set(failed))


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_list_that_answers_a_call_is_filtered_by_its_shape(besieged: Site, revision: str):
    async def serve(request: Received, exchange: Exchange) -> None:
        await exchange.answer(200, hostile.LISTED)

    besieged.recorder.script = serve
    with Eavesdropper(besieged.port) as connection:
        answer = connection.send(question(besieged, CALL, revision)).read()
        assert answer.status == 200 and answer.json["result"]["tools"]
        nothing_leaked(connection)


SPLIT_LIST = {
    "LF": hostile.event(hostile.LISTED, b"event: message", b"id: 7"),
    "CRLF": hostile.event(hostile.LISTED, b"event: message", b"id: 7", end=b"\r\n"),
    "CR": hostile.event(hostile.LISTED, b"event: message", end=b"\r"),
    "lines": b"".join(b"data: " + part + b"\r\n" for part in hostile.LISTED.replace(b",", b",\n").split(b"\n")) + b"\r\n",
}


@pytest.mark.parametrize("ends", SPLIT_LIST)
def test_a_list_in_an_event_is_filtered_wherever_it_is_split(besieged: Site, ends: str):
    """At every byte, once between two chunks and once within one."""
    text = SPLIT_LIST[ends]
    places = iter([(place, chunks) for place in range(1, len(text)) for chunks in (True, False)])

    async def serve(request: Received, exchange: Exchange) -> None:
        place, chunks = next(places)
        begun = hostile.events(then=b"")
        if chunks:
            parts = [begun + hostile.chunk(text[:place]), hostile.chunk(text[place:]) + b"0\r\n\r\n"]
        else:
            parts = [begun + b"%x\r\n" % len(text) + text[:place], text[place:] + b"\r\n0\r\n\r\n"]
        for part in parts:
            await exchange.raw(part)
            await asyncio.sleep(0.0005)

    besieged.recorder.script = serve
    data = question(besieged, LIST, LEGACY)
    count = 0
    with Eavesdropper(besieged.port) as connection:
        for count in range(1, 2 * len(text) - 1):
            answer = connection.send(data).read()
            (message,) = events_of(answer.body)
            assert message["id"] == ID and message["result"]["nextCursor"] == "n"
            assert message["result"]["tools"] == hostile.OPEN, (count, answer)
            assert CLOSED not in connection.heard, (count, connection.heard)
            assert connection.buffer == b""
            connection.heard = b""
    assert count == 2 * (len(text) - 1) >= 500


def test_a_list_in_json_is_filtered_wherever_it_is_split(besieged: Site):
    places = iter(range(1, len(hostile.LISTED)))

    async def serve(request: Received, exchange: Exchange) -> None:
        place = next(places)
        for part in (hostile.head("Transfer-Encoding: chunked") + hostile.chunk(hostile.LISTED[:place]), hostile.chunk(hostile.LISTED[place:]) + b"0\r\n\r\n"):
            await exchange.raw(part)
            await asyncio.sleep(0.0005)

    besieged.recorder.script = serve
    data = question(besieged, LIST, MODERN)
    with Eavesdropper(besieged.port) as connection:
        for _ in range(1, len(hostile.LISTED)):
            answer = connection.send(data).read()
            assert answer.json["result"]["tools"] == hostile.OPEN
        assert CLOSED not in connection.heard


SILENT = {
    "without a byte": (b"", {LIST: 504, CALL: 504}),
    "within the status line": (b"HTTP/1.1 2", {LIST: 504, CALL: 504}),
    "within the fields": (hostile.head()[:30], {LIST: 504, CALL: 504}),
    "after an interim answer": (b"HTTP/1.1 100 Continue\r\n\r\n", {LIST: 504, CALL: 504}),
    "within its content": (hostile.head("Content-Length: 500") + hostile.LISTED, {LIST: 504}),
    "within a chunk": (hostile.head("Transfer-Encoding: chunked") + b"fff\r\n" + hostile.LISTED, {LIST: 504}),
    "within a result": (hostile.head("Content-Length: 500") + hostile.CALLED, {CALL: 504}),
    "within a chunk of a result": (hostile.head("Transfer-Encoding: chunked") + b"fff\r\n" + hostile.CALLED, {CALL: 504}),
    "within an event": (hostile.events(b"data: " + hostile.LISTED, then=b""), {LIST: Verdict.ERROR_EVENT, CALL: Verdict.ERROR_EVENT}),
    "between events": (hostile.events(hostile.event(hostile.NOTE), then=b""), {LIST: Verdict.ERROR_EVENT, CALL: Verdict.ERROR_EVENT}),
}


def test_an_upstream_that_falls_silent_is_answered_for(own_site):
    """All at once, since each takes as long as the gateway waits."""
    site = own_site(tools={"scopes": hostile.SCOPES, "timeouts": {"first_byte": "2s", "call": "3s"}})

    async def serve(request: Received, exchange: Exchange) -> None:
        message = request.message
        if message["method"] == "ping":
            return await exchange.result(request, {"pong": message["params"]["nonce"]})
        await exchange.raw(SILENT[request.values("x-kind")[0]][0])
        await exchange.gone()

    site.recorder.script = serve
    opened = []
    for revision in REVISIONS:
        for kind, (_, verdicts) in SILENT.items():
            for method, verdict in verdicts.items():
                params = {"name": "get_one", "arguments": {}} if method == CALL else None
                data = site.client(revision=revision).bytes(method, params, identifier=ID, X_Kind=kind)
                opened.append((Eavesdropper(site.port, timeout=20).send(data), verdict, kind, revision))
    for connection, verdict, kind, revision in opened:
        with connection:
            answer = connection.read()
            nothing_leaked(connection)
            if verdict == 504:
                is_failure(answer, 504)
            else:
                assert verdict is Verdict.ERROR_EVENT, (kind, answer)
                is_error(events_of(answer.body)[-1], 1504)
            next_answer(site, connection, revision)
