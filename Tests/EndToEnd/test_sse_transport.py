"""Upstreams that speak HTTP+SSE: real clients and a real server of the official SDK, then byte by byte, then hostile ones."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import subprocess
import sys
import time

import pytest

from conftest import PATH, Site, protected_server
from support import wire
from support.gateway import Gateway
from support.keys import Issuer
from support.messages import LEGACY, MODERN, fields, message
from support.places import END_TO_END, python_with
from support.recorder import Exchange, Received, Recorder, result_for

CLIENTS = END_TO_END / "clients"
REQUIREMENTS = {name: CLIENTS / f"requirements-{name.removeprefix('mcp-')}.txt" for name in ("mcp-1.27", "mcp-1.10")}
OPENED = {"echo", "get_text", "list_slowly", "get_caller"}
LEEWAY = 30         # seconds by which the clock of the issuer may differ
SSE = {"transport": "sse"}
ENDPOINT = "/messages/?session_id=0123456789abcdef"


# --- Real clients, real server ---


def walk(url: str, client: str, mode: str, token: str | None = None) -> dict:
    """What a client sees, in a process of its own."""
    if client == "mcp-2.3":
        command = [sys.executable, CLIENTS / "sse_2_3.py"]
    else:
        command = [python_with(client, REQUIREMENTS[client]), CLIENTS / "sse_1.py"]
    done = subprocess.run([*command, url, mode, *([token] if token else [])], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory):
    """The gateway in front of FastMCP's HTTP+SSE; gives both URLs, the issuer and the gateway."""
    python = python_with("mcp-1.27", REQUIREMENTS["mcp-1.27"])
    process = subprocess.Popen(
        [python, END_TO_END / "support" / "sse_server.py"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    port = int(process.stdout.readline().split()[1])
    home, issuer = tmp_path_factory.mktemp("sse"), Issuer()
    (home / "jwks.json").write_text(json.dumps(issuer.jwks()))
    (home / "key").write_text("the-key")
    direct = f"http://127.0.0.1:{port}/sse"
    credential = {"upstream_authorization": {"kind": "header", "header": "X-Api-Key", "file": "key"}}
    gateway = Gateway(home, {"servers": {"tools": protected_server(direct, issuer, **SSE, **credential)}}).start()
    yield direct, gateway.public_url + PATH, issuer, gateway
    assert gateway.stop() == 0
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize("client, mode", [("mcp-1.27", "legacy"), ("mcp-1.10", "legacy"), ("mcp-2.3", "legacy"), ("mcp-2.3", "auto")])
def test_a_client_sees_the_same_with_and_without_the_gateway(fronted, client: str, mode: str):
    direct_url, url, issuer, gateway = fronted
    direct = walk(direct_url, client, mode)
    through = walk(url, client, mode, issuer.token(url, "mcp:read mcp:write"))
    unlisted, caller = through.pop("unlisted"), through.pop("caller")
    assert direct.pop("unlisted")["content"][0]["text"] == "reached"
    del direct["caller"]
    direct["tools"] = [t for t in direct["tools"] if t["name"] in OPENED]
    if "resources" in direct:
        direct["resources"] = [r for r in direct["resources"] if r["uri"].startswith("note://public/")]
        direct["prompts"] = [p for p in direct["prompts"] if p["name"] == "greet"]
        assert through.pop("unread")["error"] == -32002
        del direct["unread"]
    assert {t["name"] for t in direct["tools"]} == OPENED
    assert list(through) == list(direct)
    for what in direct:
        assert through[what] == direct[what], what
    assert unlisted == {"error": -32602, "message": "Unknown tool: unlisted"}
    told = json.loads(caller["content"][0]["text"])
    assert told["x-api-key"] == "the-key" and "authorization" not in told
    assert told["x-gatehouse-subject"] == "user-1" and told["x-gatehouse-client"] == "client-1"


def test_a_client_without_a_token_gets_nowhere(fronted):
    _, url, _, gateway = fronted
    before = len(gateway.log())
    with pytest.raises(AssertionError):
        walk(url, "mcp-1.27", "legacy")
    gateway.wait_for_log('"status": 401', after=before)


# --- Byte by byte ---


class Upstream:
    """A script for the recorder: one stream at a time, whose endpoint is ENDPOINT, and answers to what is posted there."""

    def __init__(self) -> None:
        self.streams: list[Exchange] = []

    async def __call__(self, request: Received, exchange: Exchange) -> None:
        if request.method == "GET":
            await exchange.stream()
            await exchange.event(ENDPOINT, event="endpoint")
            self.streams.append(exchange)
            await exchange.gone()
            self.streams.remove(exchange)
        elif request.target != ENDPOINT:
            await exchange.answer(404, b"")
        else:
            await exchange.answer(202, b"Accepted", "text/plain")
            if "id" in request.message and "method" in request.message:
                tools = {"tools": [{"name": "get_one"}, {"name": "delete_all"}]}
                result = tools if request.message["method"] == "tools/list" else result_for(request.message)
                await self.streams[-1].event({"jsonrpc": "2.0", "id": request.message["id"], "result": result})


@dataclasses.dataclass
class Stream:
    """A client's open stream and the reference for its messages."""

    site: Site
    token: str
    connection: wire.Connection
    answer: wire.Answer
    reference: str = ""

    def __post_init__(self) -> None:
        self.events = self.connection.events(self.answer)
        if self.answer.status == 200:
            _, kind, self.reference = next(self.events)
            assert kind == "endpoint", kind

    def post(self, method: str, params: dict | None = None, *, token: str | None = None, identifier: int | None = 1) -> wire.Answer:
        body = message(method, params, identifier=identifier)
        pairs = fields(token or self.token, LEGACY, body)
        return wire.exchange(self.site.port, wire.request("POST", self.reference, self.site.port, pairs, json.dumps(body).encode()))

    def next(self) -> dict:
        return json.loads(next(self.events)[2])


@contextlib.contextmanager
def stream(site: Site, token: str | None = None, path: str = PATH):
    token = token or site.token()
    with wire.Connection(site.port) as connection:
        pairs = fields(token) | {"Accept": "text/event-stream"}
        pairs.pop("Content-Type")
        yield Stream(site, token, connection, connection.send(wire.request("GET", path, site.port, pairs)).read_head())


def sse_site(own_site, script=None, **more) -> Site:
    site = own_site(tools=SSE | more)
    site.recorder.script = script or Upstream()
    return site


def test_messages_go_to_the_upstreams_endpoint_and_answers_come_on_the_stream(own_site):
    site = sse_site(own_site)
    with stream(site) as opened:
        assert opened.reference.startswith(PATH + "?session_id=")
        assert "messages" not in opened.reference and "0123456789abcdef" not in opened.reference
        accepted = opened.post("tools/list", identifier=7)
        assert (accepted.status, accepted.body) == (202, b"")
        assert opened.next() == {"jsonrpc": "2.0", "id": 7, "result": {"tools": [{"name": "get_one"}]}}
        assert opened.post("notifications/initialized", identifier=None).status == 202
        get, post, _ = site.recorder.requests
    assert (get.method, get.target) == ("GET", "/mcp")
    assert (post.method, post.target) == ("POST", ENDPOINT)
    for request in (get, post):
        assert request.values("host") == [f"127.0.0.1:{site.recorder.port}"]
        assert request.values("x-gatehouse-subject") == ["user-1"]
        assert request.values("authorization") == []
        assert opened.token not in request.head.decode()


def test_what_the_gateway_refuses_is_said_on_the_stream_from_whatever_loop(own_site):
    site = sse_site(own_site)
    site.recorder.clear()
    with stream(site) as opened:
        for number in range(20):
            answer = opened.post("tools/call", {"name": "unlisted", "arguments": {}}, identifier=number)
            assert answer.status == 200 and answer.json["error"]["code"] == -32602
            assert opened.next() == answer.json
        assert len(site.recorder.requests) == 1


def test_more_scope_is_asked_for_by_the_answer_to_the_post(own_site):
    site = sse_site(own_site)
    token = site.token("mcp:read")
    with stream(site, token) as opened:
        answer = opened.post("tools/call", {"name": "delete_all", "arguments": {}})
        assert answer.status == 403 and answer.json["id"] == 1
        assert 'error="insufficient_scope", ' in answer.field("www-authenticate") and "mcp:admin" in answer.field("www-authenticate")
        assert [r.method for r in site.recorder.requests] == ["GET"]
        assert opened.post("ping", identifier=2).status == 202


def test_an_endpoint_belongs_to_its_principal_and_lives_through_a_restart(own_site):
    site = sse_site(own_site)
    with stream(site) as opened:
        for changes in ({"sub": "somebody-else"}, {"client_id": "another-client"}):
            answer = opened.post("ping", token=site.token("mcp:admin", **changes))
            assert answer.status == 404 and answer.json["id"] == 1
        assert opened.post("ping", token=site.token("mcp:write")).status == 202
        reference = opened.reference
    assert site.gateway.stop() == 0
    site.gateway.start()
    site.recorder.clear()
    with stream(site) as opened:
        assert opened.reference == reference
        assert opened.post("ping").status == 202
    assert [r.target for r in site.recorder.requests] == ["/mcp", ENDPOINT]


def test_methods_in_the_wrong_place_are_405_so_that_clients_fall_back(own_site):
    site = sse_site(own_site)
    with stream(site) as opened:
        site.recorder.clear()
        for method, target, allow in [
            ("POST", PATH, "GET, OPTIONS"), ("DELETE", PATH, "GET, OPTIONS"), ("PUT", PATH, "GET, OPTIONS"),
            ("GET", opened.reference, "POST, OPTIONS"), ("DELETE", opened.reference, "POST, OPTIONS"),
        ]:
            for revision in (LEGACY, MODERN):
                body = message("initialize", {}, revision=revision)
                pairs = fields(opened.token, revision, body)
                data = json.dumps(body).encode() if method == "POST" else None
                answer = wire.exchange(site.port, wire.request(method, target, site.port, pairs, data))
                assert (answer.status, answer.field("allow")) == (405, allow), (method, target)
                assert not answer.body.startswith(b"{")
        assert site.recorder.bytes == b""


def test_an_expired_token_ends_the_stream(own_site):
    site = sse_site(own_site)
    now = int(time.time())
    with stream(site, site.token(iat=now - 100, exp=now - LEEWAY + 2)) as opened:
        assert list(opened.events) == []
        assert opened.connection.buffer == b""


def test_the_stream_ends_when_the_gateway_stops(own_site):
    site = sse_site(own_site)
    with stream(site) as opened:
        site.gateway.process.terminate()
        assert list(opened.events) == []
    assert site.gateway.process.wait(10) == 0
    site.gateway.start()


def test_streams_of_two_people_are_apart(own_site):
    site = sse_site(own_site)
    with stream(site) as mine, stream(site, site.token("mcp:read", sub="somebody-else")) as theirs:
        assert mine.reference != theirs.reference
        assert theirs.post("tools/call", {"name": "unlisted", "arguments": {}}).status == 200
        assert theirs.next()["error"]["code"] == -32602
        assert mine.post("tools/call", {"name": "unlisted", "arguments": {}}, identifier=5).status == 200
        assert mine.next()["id"] == 5


# --- Hostile upstreams ---


def foreign(port: int) -> dict[str, bytes]:
    """First events that a hostile upstream sends to bring messages elsewhere: all of them end the stream."""
    there = f"127.0.0.1:{port}"
    return {
        "another port": f"event: endpoint\ndata: http://{there}/mcp\n\n".encode(),
        "no scheme": f"event: endpoint\ndata: //{there}/mcp\n\n".encode(),
        "another name": f"event: endpoint\ndata: http://localhost:{port}/mcp\n\n".encode(),
        "user information": f"event: endpoint\ndata: http://127.0.0.1@{there}/mcp\n\n".encode(),
        "backslashes": f"event: endpoint\ndata: \\\\{there}\\mcp\n\n".encode(),
        "another scheme": f"event: endpoint\ndata: https://{there}/mcp\n\n".encode(),
        "a script": b"event: endpoint\ndata: javascript:alert(1)\n\n",
        "nothing": b"event: endpoint\ndata:\n\n",
        "two lines": f"event: endpoint\ndata: /m\ndata: Host: {there}\n\n".encode(),
        "carriage returns": f"event: endpoint\rdata: /m HTTP/1.1\rdata: Host: {there}\r\r".encode(),
        "a field": f"event: endpoint\ndata: /m HTTP/1.1%0d%0aHost: {there}\n\n".encode(),
        "dots": b"event: endpoint\ndata: /messages/../../admin\n\n",
        "encoded dots": b"event: endpoint\ndata: /messages/%2e%2e/admin\n\n",
        "a fragment": f"event: endpoint\ndata: /m#@{there}\n\n".encode(),
        "a message first": b'data: {"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"delete_all"}]}}\n\n',
        "far too long": b"event: endpoint\ndata: /" + b"m" * 5000 + b"\n\n",
        "without an end": b"event: endpoint\ndata: /" + b"m" * 6_000_000,
    }


@pytest.mark.parametrize("name", list(foreign(0)))
def test_a_hostile_endpoint_ends_the_stream_and_nothing_is_sent_anywhere(own_site, name: str):
    elsewhere = Recorder()

    async def script(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        with contextlib.suppress(ConnectionError):
            await exchange.chunk(foreign(elsewhere.port)[name])
            await exchange.gone()

    site = sse_site(own_site, script)
    with wire.Connection(site.port) as connection:
        answer = site.client().get(connection)
        assert answer.status == 502
        body = connection.read_body(answer)
        assert json.loads(body)["error"]["code"] == 1502
        assert str(elsewhere.port).encode() not in body and b"delete_all" not in body
    time.sleep(0.1)
    assert [r.method for r in site.recorder.requests] == ["GET"]
    assert elsewhere.bytes == b""
    elsewhere.stop()


def test_a_second_endpoint_ends_the_stream_and_messages_go_where_the_first_one_said(own_site):
    elsewhere = Recorder()
    go = asyncio.Event()

    async def script(request: Received, exchange: Exchange) -> None:
        if request.method == "POST":
            return await exchange.answer(202)
        await exchange.stream()
        await exchange.event(ENDPOINT, event="endpoint")
        await go.wait()
        await exchange.event(f"http://127.0.0.1:{elsewhere.port}/mcp", event="endpoint")
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": 1}})
        await exchange.gone()

    site = sse_site(own_site, script)
    with stream(site) as opened:
        site.recorder.loop.call_soon_threadsafe(go.set)
        assert list(opened.events) == []
        assert opened.post("ping").status == 202
    assert [r.target for r in site.recorder.requests] == ["/mcp", ENDPOINT]
    assert elsewhere.bytes == b""
    elsewhere.stop()


def test_lines_after_the_endpoint_become_no_fields(own_site):
    """A CR or LF ends a line of the event, so what follows is a field that no client of events knows."""

    async def script(request: Received, exchange: Exchange) -> None:
        if request.method == "POST":
            return await exchange.answer(202)
        await exchange.stream()
        await exchange.chunk(b"event: endpoint\r\ndata: /m\rX-Evil: 1\nHost: evil\r\n\r\n")
        await exchange.gone()

    site = sse_site(own_site, script)
    with stream(site) as opened:
        assert opened.post("ping").status == 202
    post = site.recorder.requests[1]
    assert post.target == "/m" and post.values("x-evil") == []
    assert post.values("host") == [f"127.0.0.1:{site.recorder.port}"]


def test_a_list_in_the_answer_to_a_post_does_not_pass(own_site):
    secret = json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "delete_all"}]}}).encode()

    async def script(request: Received, exchange: Exchange) -> None:
        if request.method == "POST":
            return await exchange.answer(200, secret)
        await exchange.stream()
        await exchange.event(ENDPOINT, event="endpoint")
        await exchange.gone()

    site = sse_site(own_site, script)
    with stream(site) as opened:
        for method in ("tools/list", "ping"):
            answer = opened.post(method)
            assert (answer.status, answer.body) == (200, b"")
