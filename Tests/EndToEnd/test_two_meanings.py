"""Bodies that could be read in two ways: whatever reaches the upstream means to every reader there what was judged here."""

from __future__ import annotations

import collections
import json

import pytest

from conftest import Site, end, make_site
from support import readers, wire
from support.ambiguous import FAMILIES, FORWARDED, REFUSED, SCOPES, Case, allowed, cases
from support.messages import MODERN, REVISIONS
from support.recorder import Received, echo

# Codes of 2026-07-28, which a client of both eras would take as proof that the server speaks it.
MODERN_CODES = {-32020, -32021, -32022}
MALFORMED_CODES = {-32700, -32600}
ALL = {revision: cases(revision) for revision in REVISIONS}
EVERY = [(revision, name) for revision in REVISIONS for name in ALL[revision]]


@pytest.fixture(scope="module")
def guarded_site(tmp_path_factory: pytest.TempPathFactory):
    site = make_site(tmp_path_factory.mktemp("two-meanings"), tools={"scopes": SCOPES})
    yield site
    end(site)


@pytest.fixture
def guarded(guarded_site: Site):
    """The site, whose token opens `get_*` and little else."""
    guarded_site.recorder.script = plain
    guarded_site.recorder.clear()
    yield guarded_site
    assert guarded_site.gateway.process.poll() is None, guarded_site.gateway.text()[-3000:]
    assert not guarded_site.recorder.failures, guarded_site.recorder.failures


async def plain(request: Received, exchange) -> None:
    """Answers what is no JSON, too, so that a wrong forward shows as one and not as a failure of the script."""
    try:
        request.message
    except ValueError:
        return await exchange.answer(200, b'{"jsonrpc":"2.0","id":null,"result":{}}')
    await echo(request, exchange)


def request_bytes(port: int, path: str, token: str, revision: str, case: Case) -> bytes:
    """The case as it goes over the wire."""
    pairs = [
        ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", revision),
        ("Authorization", f"Bearer {token}"),
    ]
    if revision == MODERN:
        method, name = case.claims
        pairs += [("Mcp-Method", method)] + ([("Mcp-Name", name)] if name is not None else [])
    replaced = {name.lower().strip() for name, _ in case.fields}
    return wire.request("POST", path, port, [p for p in pairs if p[0].lower() not in replaced] + case.fields, case.body)


def exchange_on(connection: wire.Connection, data: bytes) -> wire.Answer:
    """One answer, which is all that comes."""
    answer = connection.send(data).read()
    assert connection.buffer == b"", f"more than one answer: {connection.buffer!r}"
    return answer


def next_call(site: Site, connection: wire.Connection, answer: wire.Answer) -> None:
    """The next request, on the same connection where it is kept, gets its own answer."""
    data = site.client().bytes("tools/call", {"name": "get_next"}, identifier="next")
    if (answer.field("connection") or "").lower() == "close":
        assert connection.is_closed()
        following = wire.exchange(site.port, data)
    else:
        following = exchange_on(connection, data)
    assert following.status == 200 and following.json["id"] == "next", following


def test_there_are_enough_of_them_and_they_are_dangerous():
    """Without a gateway the readers see closed calls in most of them, so a gateway that lets them pass would be seen."""
    assert len(FAMILIES) >= 25
    for revision in REVISIONS:
        assert len({case.body for case in ALL[revision].values()}) >= 450
        forwarded = [case for case in ALL[revision].values() if case.verdict == FORWARDED]
        assert len(forwarded) >= 30, "a gateway that refuses everything must not pass"
    dangerous = collections.Counter(
        name.split(":")[0] for name, case in ALL[REVISIONS[0]].items() if not all(map(allowed, readers.calls(case.body, case.fields)))
    )
    assert dangerous.total() >= 350, dangerous
    assert len(dangerous) >= 19, dangerous


def is_refused(answer: wire.Answer, revision: str, case: Case) -> None:
    if answer.status == 415 or (answer.field("content-type") or "").startswith("text/plain"):
        # What is wrong with the head is answered in HTTP: no message was read that could have an id.
        assert case.fields and answer.status in (400, 415), answer
        return
    assert answer.status == 400 and answer.field("content-type") == "application/json", answer
    code = is_error(answer, revision)
    assert code in MALFORMED_CODES | (MODERN_CODES | {-32602} if revision == MODERN else set()), answer


def is_denied(answer: wire.Answer, revision: str) -> None:
    assert answer.status in (200, 403) or (answer.status == 404 and revision == MODERN), answer
    code = is_error(answer, revision)
    assert answer.json["id"] == 7
    if answer.status == 403:
        assert 'error="insufficient_scope"' in answer.field("www-authenticate")
    else:
        assert code in (-32601, -32602, -32002, 1403), answer


def is_error(answer: wire.Answer, revision: str) -> int:
    """The code of a JSON-RPC error in a body that has one meaning, too."""
    message = json.loads(answer.body, object_pairs_hook=no_duplicates)
    assert message["jsonrpc"] == "2.0" and set(message) == {"jsonrpc", "id", "error"}, answer
    assert message["id"] is None or isinstance(message["id"], (int, str)) and not isinstance(message["id"], bool)
    assert {"code", "message"} <= set(message["error"]) <= {"code", "message", "data"}
    assert revision == MODERN or message["error"]["code"] not in MODERN_CODES
    return message["error"]["code"]


def no_duplicates(pairs: list) -> dict:
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


@pytest.mark.parametrize("revision, name", EVERY)
def test_no_reader_upstream_sees_a_call_that_was_not_allowed(guarded: Site, revision: str, name: str):
    case, path = ALL[revision][name], guarded.client().path
    with wire.Connection(guarded.port) as connection:
        answer = exchange_on(connection, request_bytes(guarded.port, path, guarded.token("mcp:read"), revision, case))
        next_call(guarded, connection, answer)
    *arrived, last = guarded.recorder.requests
    assert last.message["id"] == "next"
    for request in arrived:
        assert request.body == case.body, "what was judged is not what was forwarded"
        seen = [call for call in readers.calls(request.body, request.fields) if not allowed(call)]
        assert not seen, f"the upstream could read {seen[0]}"
        assert request.values("content-type") == ["application/json"] and request.values("content-encoding") == []
    if case.verdict == FORWARDED:
        assert answer.status == 200 and len(arrived) == 1, answer
        assert answer.json["id"] == json.loads(case.body)["id"]
        return
    assert not arrived, f"reached the upstream: {arrived[0]}"
    if ("MCP-Protocol-Version", MODERN) in case.fields:
        revision = MODERN                       # who says so, in whatever field, is answered so
    if case.verdict == REFUSED:
        is_refused(answer, revision, case)
    else:
        is_denied(answer, revision)
