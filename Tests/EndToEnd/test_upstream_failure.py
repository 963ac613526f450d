"""Whatever the upstream does wrong, the client gets an error that it can read, and a call is never made twice."""

from __future__ import annotations

import asyncio
import json
import socket
import time

import pytest

from conftest import Site
from support import wire
from support.messages import MODERN, REVISIONS
from support.recorder import Exchange, Received


def is_error(answer: wire.Answer, status: int, identifier: int | str = 1) -> None:
    assert answer.status == status, answer
    assert answer.json["jsonrpc"] == "2.0" and answer.json["id"] == identifier
    assert answer.json["error"]["code"] == {502: 1502, 504: 1504}[status]
    assert "127.0.0.1" not in answer.body.decode()


@pytest.mark.parametrize("status", [401, 403, 407, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_refusal_or_redirect_of_the_upstream_becomes_502(site: Site, status: int, revision: str):
    async def refuse(request: Received, exchange: Exchange) -> None:
        await exchange.answer(
            status, b"secret words of the upstream", "text/plain", Location="http://elsewhere.example/",
            WWW_Authenticate='Bearer realm="upstream"', Set_Cookie="a=b", Access_Control_Allow_Origin="*",
        )

    site.recorder.script = refuse
    answer = site.client(revision=revision).call_tool("get_one")
    is_error(answer, 502)
    assert b"secret words" not in answer.body
    for name in ("location", "www-authenticate", "set-cookie"):
        assert answer.values(name) == []


@pytest.mark.parametrize("status", [401, 302, 307])
def test_what_an_upstream_points_at_is_not_asked(site: Site, status: int):
    """Threat 14: the gateway follows neither the metadata nor the place that an upstream names, and does not pass them on."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)
        place = f"http://127.0.0.1:{trap.getsockname()[1]}/.well-known/oauth-protected-resource"

        async def point(request: Received, exchange: Exchange) -> None:
            await exchange.answer(
                status, b"{}", "application/json", Location=place, Link=f'<{place}>; rel="describedby"',
                WWW_Authenticate=f'Bearer error="invalid_token", resource_metadata="{place}"')

        site.recorder.script = point
        for _ in range(3):
            answer = site.client().call_tool("get_one")
            is_error(answer, 502)
            assert place.encode() not in answer.raw_head + answer.body
        with pytest.raises(BlockingIOError):
            trap.accept()


@pytest.mark.parametrize("status", [400, 404, 405])
def test_an_error_that_belongs_to_the_protocol_passes_with_its_body(site: Site, status: int):
    body = b'{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such thing"}}'

    async def answer_so(request: Received, exchange: Exchange) -> None:
        await exchange.answer(status, body, Set_Cookie="a=b")

    site.recorder.script = answer_so
    answer = site.client().call_tool("get_one")
    assert answer.status == status and answer.body == body
    assert answer.values("set-cookie") == []


async def close_at_once(request: Received, exchange: Exchange) -> None:
    exchange.close()


async def reset_at_once(request: Received, exchange: Exchange) -> None:
    exchange.reset()


async def half_a_head(request: Received, exchange: Exchange) -> None:
    await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-")
    exchange.close()


async def not_http(request: Received, exchange: Exchange) -> None:
    await exchange.raw(b"SSH-2.0-OpenSSH_9.2\r\n")
    exchange.close()


async def switching(request: Received, exchange: Exchange) -> None:
    await exchange.raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
    await exchange.gone()


@pytest.mark.parametrize("script", [close_at_once, reset_at_once, half_a_head, not_http, switching])
@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upstream_that_breaks_before_its_answer_gives_502_and_the_call_is_made_once(site: Site, script, revision: str):
    site.recorder.script = script
    is_error(site.client(revision=revision).call_tool("get_one", identifier="x-1"), 502, "x-1")
    time.sleep(0.2)
    assert len(site.recorder.requests) == 1


def test_a_call_on_a_kept_connection_that_the_upstream_has_just_closed_is_not_made_twice(site: Site):
    """The pool may offer a dead connection. A call that may have been read is answered with 502 and not sent again."""
    site.works()
    site.recorder.clear()
    site.recorder.script = reset_at_once
    is_error(site.client("mcp:write").call_tool("create_one"), 502)
    time.sleep(0.3)
    assert len(site.recorder.requests) == 1


def test_a_connection_closed_while_idle_costs_no_call(site: Site):
    async def once(request: Received, exchange: Exchange) -> None:
        await exchange.result(request, {"content": [{"type": "text", "text": "done"}]})
        exchange.close()

    site.recorder.script = once
    for _ in range(20):
        site.works()
        time.sleep(0.02)


def cut_answer(head: bytes, part: bytes):
    async def cut(request: Received, exchange: Exchange) -> None:
        await exchange.raw(head + part)
        exchange.close()

    return cut


CUT = {
    "a body shorter than its length": (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n", b'{"jsonrpc":"2.0","id":1,"result":{}}'),
    "chunks without the last one": (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", b'24\r\n{"jsonrpc":"2.0","id":1,"result":{}}\r\n'),
    "half a chunk": (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", b'100\r\n{"jsonrpc":"2.0","id":1'),
}


@pytest.mark.parametrize("kind", CUT)
@pytest.mark.parametrize("method", ["tools/call", "tools/list", "ping"])
def test_an_answer_cut_off_by_the_upstream_never_looks_whole(site: Site, kind: str, method: str):
    site.recorder.script = cut_answer(*CUT[kind])
    with wire.Connection(site.port) as connection:
        connection.send(site.client().bytes(method, {"name": "get_one"} if method == "tools/call" else None))
        try:
            answer = connection.read()
        except wire.Incomplete:
            return                              # cut off, and visibly so
    is_error(answer, 502)


def test_a_stream_cut_off_by_the_upstream_ends_with_an_error_event_or_visibly(site: Site):
    async def cut(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": 1}})
        await exchange.raw(b"100\r\nevent: message\ndata: {\"jsonrpc\"")
        exchange.reset()

    site.recorder.script = cut
    with wire.Connection(site.port) as connection:
        connection.send(site.client().bytes("tools/call", {"name": "get_one"}))
        answer = connection.read_head()
        seen = []
        try:
            for event in connection.events(answer):
                seen.append(json.loads(event[2]))
        except wire.Incomplete:
            assert len(seen) == 1
            return
    assert seen[0]["method"] == "notifications/message"
    assert seen[-1]["id"] == 1 and seen[-1]["error"]["code"] == 1502, seen


def test_an_upstream_that_refuses_connections_gives_502(own_site):
    with socket.socket() as s:                  # bound, not listening: every connect is refused
        s.bind(("127.0.0.1", 0))
        site = own_site(tools={"upstream": f"http://127.0.0.1:{s.getsockname()[1]}/mcp"})
        begun = time.monotonic()
        is_error(site.client().call_tool("get_one"), 502)
        assert time.monotonic() - begun < 2
        is_error(site.client(revision=MODERN).call("tools/list"), 502)


def test_an_upstream_that_stays_silent_gives_504_and_is_not_asked_again(own_site):
    site = own_site(tools={"timeouts": {"first_byte": "1s"}})

    async def silent(request: Received, exchange: Exchange) -> None:
        await exchange.gone()

    site.recorder.script = silent
    begun = time.monotonic()
    is_error(site.client().call_tool("get_one"), 504)
    assert 0.8 < time.monotonic() - begun < 4
    assert len(site.recorder.requests) == 1
    deadline = time.monotonic() + 3
    while site.recorder.open and time.monotonic() < deadline:
        time.sleep(0.05)
    assert site.recorder.open == 0, "the gateway left the silent connection open"


def test_a_slow_answer_is_waited_for(site: Site):
    async def slow(request: Received, exchange: Exchange) -> None:
        await asyncio.sleep(1.5)
        await exchange.result(request, {"content": []})

    site.recorder.script = slow
    assert site.client().call_tool("get_one").json["result"] == {"content": []}


def test_interim_answers_of_the_upstream_are_skipped(site: Site):
    async def interim(request: Received, exchange: Exchange) -> None:
        await exchange.raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        await exchange.result(request, {"content": []})

    site.recorder.script = interim
    with wire.Connection(site.port) as connection:
        answer = connection.send(site.client().bytes("tools/call", {"name": "get_one"})).read_head()
        assert answer.status == 200


def test_fields_of_the_upstream_that_are_not_ours_to_give_are_dropped(site: Site):
    async def chatty(request: Received, exchange: Exchange) -> None:
        await exchange.result(
            request, {}, Set_Cookie="a=b", Access_Control_Allow_Origin="https://evil.example", WWW_Authenticate="Basic",
            Connection="keep-alive, X-Hop", X_Hop="1", Keep_Alive="timeout=5", Server="upstream/9",
        )

    site.recorder.script = chatty
    answer = site.client().call("ping")
    assert answer.status == 200
    for name in ("set-cookie", "www-authenticate", "x-hop", "keep-alive"):
        assert answer.values(name) == [], name
    assert "https://evil.example" not in answer.values("access-control-allow-origin")
