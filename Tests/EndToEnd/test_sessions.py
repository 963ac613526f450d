"""Sessions and streams of the `initialize` revisions, byte by byte: what the client sees, and what the upstream is told."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from conftest import PATH, Site
from support import wire
from support.messages import LEGACY, MODERN, Client, fields
from support.recorder import Exchange, Received, echo

LEEWAY = 30         # seconds by which the clock of the issuer may differ
UPSTREAM_SESSION = "upstream-session-1"
INITIALIZE = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}


async def with_session(request: Received, exchange: Exchange) -> None:
    """An upstream that keeps one session and a log of events."""
    message = request.message if request.body else {}
    if message.get("method") == "initialize":
        result = {"protocolVersion": LEGACY, "capabilities": {"tools": {}}, "serverInfo": {"name": "r", "version": "1"}}
        await exchange.result(request, result, Mcp_Session_Id=UPSTREAM_SESSION)
    elif request.values("mcp-session-id") != [UPSTREAM_SESSION]:
        await exchange.answer(404, b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Session not found"}}')
    elif request.method == "GET":
        await exchange.stream()
        first = int((request.values("last-event-id") or ["up-0"])[0].removeprefix("up-")) + 1
        for number in range(first, first + 3):
            await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": number}}, f"up-{number}")
        await exchange.end()
    else:
        await echo(request, exchange)


def open_session(site: Site, client: Client) -> str:
    answer = client.call("initialize", INITIALIZE)
    assert answer.status == 200
    return answer.field("mcp-session-id")


def test_a_session_lives_and_ends_through_the_gateway(site: Site):
    site.recorder.script = with_session
    client = site.client()
    session = open_session(site, client)
    assert session and all(0x21 <= ord(c) <= 0x7E for c in session)
    assert client.call("ping", Mcp_Session_Id=session).status == 200
    assert client.call("notifications/initialized", identifier=None, Mcp_Session_Id=session).status == 202
    pairs = fields(client.token) | {"Mcp-Session-Id": session}
    assert wire.exchange(site.port, wire.request("DELETE", PATH, site.port, pairs)).status in (200, 204)
    assert [r.method for r in site.recorder.requests] == ["POST", "POST", "POST", "DELETE"]
    for request in site.recorder.requests[1:]:
        assert request.values("mcp-session-id") == [UPSTREAM_SESSION]


def test_the_upstreams_session_id_stays_inside(site: Site):
    site.recorder.script = with_session
    client = site.client()
    session = open_session(site, client)
    assert UPSTREAM_SESSION not in session
    assert open_session(site, client) == session, "the same session has one name: clients compare it"


@pytest.mark.parametrize("changes", [{"sub": "somebody-else"}, {"client_id": "another-client"}])
def test_a_session_belongs_to_whoever_opened_it(site: Site, changes: dict):
    site.recorder.script = with_session
    session = open_session(site, site.client())
    site.recorder.clear()
    answer = site.client(token=site.token("mcp:admin", **changes)).call("ping", Mcp_Session_Id=session)
    assert answer.status == 404
    assert site.recorder.bytes == b""


def test_a_session_survives_a_new_token_of_the_same_user_and_client(site: Site):
    site.recorder.script = with_session
    session = open_session(site, site.client())
    assert site.client(token=site.token("mcp:write")).call("ping", Mcp_Session_Id=session).status == 200


@pytest.mark.parametrize("session", [UPSTREAM_SESSION, "guess", "a" * 2000, "é"])
def test_a_session_id_that_the_gateway_did_not_give_is_404(site: Site, session: str):
    site.recorder.script = with_session
    answer = site.client().call("ping", Mcp_Session_Id=session)
    assert answer.status in (400, 404)
    assert site.recorder.bytes == b""


def test_the_new_revision_knows_no_sessions(site: Site):
    async def confused(request: Received, exchange: Exchange) -> None:
        await exchange.result(request, {}, Mcp_Session_Id="x")

    site.recorder.script = confused
    client = site.client(revision=MODERN)
    answer = client.call("server/discover", Mcp_Session_Id="anything")
    assert answer.status == 200 and answer.values("mcp-session-id") == []
    assert site.recorder.requests[0].values("mcp-session-id") == []


def test_a_stream_is_taken_up_where_it_broke(site: Site):
    site.recorder.script = with_session
    client = site.client()
    session = open_session(site, client)
    last, seen = None, []
    for _ in range(3):
        more = {"Mcp_Session_Id": session} | ({"Last_Event_ID": last} if last else {})
        with wire.Connection(site.port) as connection:
            answer = client.get(connection, **more)
            assert answer.status == 200 and answer.field("content-type").startswith("text/event-stream")
            for identifier, _, data in connection.events(answer):
                last = identifier or last
                seen.append(json.loads(data)["params"]["data"])
    assert seen == list(range(1, 10))


def test_events_pass_one_by_one_as_soon_as_they_are_whole(site: Site):
    async def drip(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        for number in range(5):
            await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": number}})
            await asyncio.sleep(0.2)
        await exchange.event({"jsonrpc": "2.0", "id": 1, "result": {"content": []}})
        await exchange.end()

    site.recorder.script = drip
    with wire.Connection(site.port) as connection:
        connection.send(site.client().bytes("tools/call", {"name": "get_one"}))
        answer, times = connection.read_head(), []
        for _ in connection.events(answer):
            times.append(time.monotonic())
    gaps = [b - a for a, b in zip(times, times[1:])]
    assert len(times) == 6 and all(0.1 < g < 0.35 for g in gaps), gaps


def test_an_event_that_comes_in_pieces_is_passed_whole(site: Site):
    text = 'event: message\r\nid: 1\r\ndata: {"jsonrpc":"2.0",\r\ndata: "id":1,"result":{"content":[]}}\r\n\r\n'

    async def pieces(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        for byte in text.encode():
            await exchange.chunk(bytes([byte]))
            await asyncio.sleep(0.001)
        await exchange.end()

    site.recorder.script = pieces
    with wire.Connection(site.port) as connection:
        connection.send(site.client().bytes("tools/call", {"name": "get_one"}))
        events = list(connection.events(connection.read_head()))
    assert [json.loads(data)["result"] for _, _, data in events] == [{"content": []}]


@pytest.mark.parametrize("revision", [MODERN, LEGACY])
def test_a_client_that_leaves_is_noticed_at_once(site: Site, revision: str):
    """On 2026-07-28 leaving is the cancellation; earlier it is not, but a GET stream of nobody is of no use either."""
    left = []

    async def endless(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": 1}})
        await asyncio.wait_for(exchange.gone(), 10)
        left.append(time.monotonic())

    site.recorder.script = endless
    with wire.Connection(site.port) as connection:
        client = site.client(revision=revision)
        if revision == MODERN:
            answer = connection.send(client.bytes("tools/call", {"name": "get_one"})).read_head()
        else:
            answer = client.get(connection)
        next(connection.events(answer))
    closed = time.monotonic()
    while not left and time.monotonic() < closed + 3:
        time.sleep(0.01)
    assert left and left[0] - closed < 1


def test_a_get_stream_that_the_upstream_does_not_offer_is_405(site: Site):
    async def none(request: Received, exchange: Exchange) -> None:
        await exchange.answer(405, b"", Allow="POST")

    site.recorder.script = none
    with wire.Connection(site.port) as connection:
        assert site.client().get(connection).status == 405


def test_an_expired_token_ends_its_get_stream(site: Site):
    async def endless(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": 1}})
        await exchange.gone()

    site.recorder.script = endless
    now = int(time.time())
    token = site.token(iat=now - 100, exp=now - LEEWAY + 2)
    with wire.Connection(site.port) as connection:
        answer = site.client(token=token).get(connection)
        begun = time.monotonic()
        assert answer.status == 200
        list(connection.events(answer))
        assert time.monotonic() - begun < 6
