"""Fields that repeat arguments of a call (`Mcp-Param-*` of 2026-07-28) are compared with them; the gateway knows the tools from the lists
that pass, and asks for the list itself where it does not, once for all who wait."""

from __future__ import annotations

import asyncio
import concurrent.futures
import json
import subprocess
import sys
import time

import pytest

from conftest import PATH, Site, protected_server
from support import wire
from support.gateway import Gateway
from support.keys import Issuer
from support.messages import LEGACY, MODERN, Client
from support.places import END_TO_END
from support.recorder import echo

META = {"io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {}}


def tool(name: str, field: str | None = "Region") -> dict:
    annotation = {"x-mcp-header": field} if field else {}
    return {"name": name, "inputSchema": {"type": "object", "properties": {"region": {"type": "string"} | annotation}}}


class Lister:
    """A script that answers tools/list with pages, and everything else plausibly."""

    def __init__(self, *pages: list[dict], ttl: int = 300_000, sse: bool = False) -> None:
        self.pages, self.ttl, self.sse = list(pages), ttl, sse
        self.delay = 0.0

    async def __call__(self, request, exchange) -> None:
        if request.message.get("method") != "tools/list":
            return await echo(request, exchange)
        await asyncio.sleep(self.delay)
        number = int(request.message.get("params", {}).get("cursor", "page 0").split()[1])
        result = {"resultType": "complete", "tools": self.pages[number], "ttlMs": self.ttl, "cacheScope": "public"}
        if number + 1 < len(self.pages):
            result["nextCursor"] = f"page {number + 1}"
        if not self.sse:
            return await exchange.result(request, result)
        await exchange.stream()
        await exchange.chunk(b": a comment\n\n")
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "soon"}})
        await exchange.event({"jsonrpc": "2.0", "id": request.message["id"], "result": result})
        await exchange.gone()


def methods(site: Site) -> list[str]:
    """What the upstream was asked, in order."""
    return [r.message.get("method", r.method) for r in site.recorder.requests]


def call(site: Site, region: str | None = "eu", field: str | None = "eu", name: str = "get_one", revision: str = MODERN, **more: str):
    fields = ({"Mcp_Param_Region": field} if field is not None else {}) | more
    arguments = {} if region is None else {"region": region}
    return site.client(revision=revision).call_tool(name, arguments, **fields)


def refused(answer: wire.Answer, status: int, code: int) -> None:
    assert answer.status == status, answer
    assert answer.json["error"]["code"] == code and answer.json["id"] == 1, answer


@pytest.fixture
def listing(own_site):
    """Makes a site whose upstream lists these pages of tools."""

    def make(*pages: list[dict], settings: dict | None = None, **more) -> tuple[Site, Lister]:
        site = own_site(**settings or {})
        site.recorder.script = lister = Lister(*pages, **more)
        return site, lister

    return make


@pytest.mark.parametrize("sse", [False, True], ids=["JSON", "SSE"])
def test_the_gateway_asks_for_the_list_and_compares(listing, sse: bool):
    site, _ = listing([tool("get_one")], sse=sse)
    assert call(site).status == 200
    assert methods(site) == ["tools/list", "tools/call"]
    refused(call(site, field="us"), 400, -32020)
    refused(call(site, field=None), 400, -32020)
    refused(call(site, region=None), 400, -32020)
    refused(call(site, field="eu\r\nmcp-param-region: us"), 400, -32020)
    refused(call(site, field="=?base64?ZXU?="), 400, -32020)
    assert call(site, field="=?base64?ZXU=?=").status == 200
    assert call(site, region=None, field=None).status == 200
    assert methods(site) == ["tools/list", "tools/call", "tools/call", "tools/call"]


def test_a_mismatch_that_meets_an_empty_memory_never_reaches_the_upstream(listing):
    site, _ = listing([tool("get_one")])
    refused(call(site, field="us"), 400, -32020)
    assert methods(site) == ["tools/list"]


def test_the_gateways_own_question_holds_nothing_of_a_client(listing, tmp_path):
    secret = tmp_path / "upstream-token"
    secret.write_text("for-the-upstream")
    site, _ = listing([tool("get_one")], settings={"tools": {"upstream_authorization": {"kind": "bearer", "file": str(secret)}}})
    call(site, X_Trace="client-said-this")
    asked = site.recorder.requests[0]
    assert asked.message == {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}}
    assert {n for n, _ in asked.fields} == {
        "host", "mcp-protocol-version", "mcp-method", "accept", "content-type", "accept-encoding", "authorization", "content-length",
    }
    assert asked.values("authorization") == ["Bearer for-the-upstream"]
    assert b"client-said-this" not in asked.head


def test_all_who_call_at_once_wait_for_one_list(listing):
    site, lister = listing([tool("get_one")], settings={"workers": 2})
    lister.delay = 1.0
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda n: call(site, field="us" if n % 5 == 0 else "eu"), range(50)))
    assert sorted(a.status for a in answers) == [200] * 40 + [400] * 10
    assert methods(site).count("tools/list") == 1
    assert methods(site).count("tools/call") == 40


def test_the_list_is_asked_for_again_when_its_time_is_over(listing):
    site, lister = listing([tool("get_one")], ttl=5000)
    for _ in range(3):
        assert call(site).status == 200
    assert methods(site).count("tools/list") == 1
    lister.pages = [[tool("get_one", None)]]
    refused(call(site, field="us"), 400, -32020)
    time.sleep(5)
    assert call(site, field="us").status == 200
    assert methods(site).count("tools/list") == 2


def test_a_clients_own_list_is_learnt_from(listing):
    site, _ = listing([tool("get_one"), tool("delete_one")])
    names = [t["name"] for t in site.client(revision=MODERN).call("tools/list").json["result"]["tools"]]
    assert names == ["get_one"]
    assert call(site).status == 200
    refused(call(site, field="us"), 400, -32020)
    refused(site.client("mcp:admin", MODERN).call_tool("delete_one", {"region": "eu"}, Mcp_Param_Region="us"), 400, -32020)
    assert methods(site) == ["tools/list", "tools/call"]


def test_all_pages_are_asked_for(listing):
    site, _ = listing([tool("get_x", None)], [tool("get_y")], [tool("get_one")])
    refused(call(site, field="us"), 400, -32020)
    assert [r.message["params"].get("cursor") for r in site.recorder.requests] == [None, "page 1", "page 2"]
    assert [r.message["id"] for r in site.recorder.requests] == [1, 2, 3]
    assert call(site, name="get_y").status == 200
    assert methods(site) == ["tools/list"] * 3 + ["tools/call"]


def test_fields_that_no_tool_names_are_forwarded(listing):
    site, _ = listing([tool("get_one", None)])
    assert call(site, field="anything", Mcp_Param_Other="x").status == 200
    assert call(site, name="get_unlisted", field="anything").status == 200
    assert methods(site) == ["tools/list", "tools/call", "tools/call"]
    assert site.recorder.requests[1].values("mcp-param-region") == ["anything"]
    assert site.recorder.requests[1].values("mcp-param-other") == ["x"]


def test_calls_without_such_fields_do_not_make_the_gateway_ask(listing):
    site, _ = listing([tool("get_one")])
    assert call(site, field=None).status == 200
    assert methods(site) == ["tools/call"]


def test_earlier_revisions_neither_compare_nor_forward_such_fields(listing):
    site, _ = listing([tool("get_one")])
    assert call(site, field="us", revision=LEGACY).status == 200
    assert methods(site) == ["tools/call"]
    assert site.recorder.requests[0].values("mcp-param-region") == []


def test_an_announced_change_makes_the_gateway_ask_anew(listing):
    site, lister = listing([tool("get_one")])

    async def announce(request, exchange) -> None:
        if request.message.get("method") == "subscriptions/listen":
            await exchange.stream()
            await exchange.event({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
            await exchange.event({"jsonrpc": "2.0", "id": 1, "result": {"resultType": "complete"}})
            return await exchange.end()
        await lister(request, exchange)

    site.recorder.script = announce
    assert call(site).status == 200
    lister.pages = [[tool("get_one", None)]]
    listen = site.client(revision=MODERN).call("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
    assert b"list_changed" in listen.body
    assert call(site, field="us").status == 200
    assert methods(site).count("tools/list") == 2


BROKEN = {
    "an error": (lambda r, e: e.answer(200, json.dumps({"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "no"}}).encode()), 502),
    "401": (lambda r, e: e.answer(401), 502),
    "400": (lambda r, e: e.answer(400, b"{}"), 502),
    "a redirect": (lambda r, e: e.answer(302, Location="http://127.0.0.1/"), 502),
    "no message": (lambda r, e: e.answer(200, b"hello"), 502),
    "another id": (lambda r, e: e.answer(200, b'{"jsonrpc":"2.0","id":2,"result":{"tools":[]}}'), 502),
    "no list": (lambda r, e: e.result(r, {}), 502),
    "a tool twice": (lambda r, e: e.result(r, {"tools": [tool("a"), tool("a")]}), 502),
    "a cursor that is a number": (lambda r, e: e.result(r, {"tools": [], "nextCursor": 5}), 502),
    "a cursor that goes round": (lambda r, e: e.result(r, {"tools": [], "nextCursor": "same"}), 502),
    "a coding": (lambda r, e: e.answer(200, b"x", Content_Encoding="gzip"), 502),
    "an event that is cut": (lambda r, e: e.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 8\r\n\r\ndata: {}"), 502),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_compared_is_refused_and_not_forwarded(own_site, kind: str):
    site = own_site()
    script, status = BROKEN[kind]

    async def fail(request, exchange) -> None:
        await (script(request, exchange) if request.message.get("method") == "tools/list" else echo(request, exchange))

    site.recorder.script = fail
    refused(call(site), status, 1502)
    asked = len(site.recorder.requests)
    refused(call(site), status, 1502)
    assert len(site.recorder.requests) == asked, "it was asked again at once"
    assert set(methods(site)) == {"tools/list"}
    # Calls that need no comparison go on.
    assert call(site, field=None).status == 200


def test_an_upstream_without_end_of_pages_is_given_up(own_site):
    site = own_site()

    async def endless(request, exchange) -> None:
        await exchange.result(request, {"tools": [], "nextCursor": f"c{request.message['id']}"})

    site.recorder.script = endless
    refused(call(site), 502, 1502)
    assert len(site.recorder.requests) == 100


def test_a_silent_upstream_is_given_up(own_site):
    site = own_site(tools={"timeouts": {"first_byte": "1s"}})

    async def silent(request, exchange) -> None:
        await exchange.gone()

    site.recorder.script = silent
    refused(call(site), 504, 1504)
    assert methods(site) == ["tools/list"]


def test_a_client_that_leaves_while_it_waits_takes_nothing_with_it(listing):
    site, lister = listing([tool("get_one")], settings={"workers": 1})
    lister.delay = 0.7
    data = site.client(revision=MODERN).bytes("tools/call", {"name": "get_one", "arguments": {"region": "eu"}}, Mcp_Param_Region="eu")
    with wire.Connection(site.port) as leaving:
        leaving.send(data)
        site.recorder.wait(1)
    assert call(site).status == 200
    assert methods(site) == ["tools/list", "tools/call"]


def test_a_token_that_ends_while_its_call_waits_is_refused(listing):
    site, lister = listing([tool("get_one")])
    lister.delay = 6.0
    token = site.token("mcp:read", exp=int(time.time()) - 26)       # what is left is of the leeway of 30 s
    client = site.client(revision=MODERN, token=token)
    assert client.call_tool("get_one", {"region": "eu"}, Mcp_Param_Region="eu").status == 401
    assert methods(site) == ["tools/list"]


def test_what_is_known_survives_a_reload(listing):
    site, _ = listing([tool("get_one")])
    assert call(site).status == 200
    before = len(site.gateway.log())
    site.gateway.reload()
    site.gateway.wait_for_log("the configuration was read again", after=before)
    refused(call(site, field="us"), 400, -32020)
    assert methods(site).count("tools/list") == 1


@pytest.fixture(scope="module", params=["", "--json"], ids=["SSE answers", "JSON answers"])
def regional(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The gateway in front of a server of the SDK with an annotated tool; gives the gateway, the URL and a token."""
    command = [sys.executable, END_TO_END / "support" / "regional_server.py", *request.param.split()]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = int(server.stdout.readline().split()[1])
    home, issuer = tmp_path_factory.mktemp("regional"), Issuer()
    (home / "jwks.json").write_text(json.dumps(issuer.jwks()))
    gateway = Gateway(home, {"servers": {"tools": protected_server(f"http://127.0.0.1:{port}/mcp", issuer)}}).start()
    url = gateway.public_url + PATH
    yield gateway, url, issuer.token(url, "mcp:read")
    server.terminate()
    server.wait(10)
    assert gateway.stop() == 0


def test_a_real_client_and_a_real_server_agree_through_the_gateway(regional):
    gateway, url, token = regional
    # The first two never listed: the SDK meets -32020, of the server and then of the gateway, lists, and repeats the call.
    regions = ["eu", "us", "list:eu", "list:Grüße", "list: padded ", "list:=?base64?eA==?=", "list:"]
    command = [sys.executable, END_TO_END / "clients" / "regional.py", url, token, *regions]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-4000:]
    plain = [r.removeprefix("list:") for r in regions]
    assert json.loads(done.stdout) == [
        {"region": region, "field": field}
        for region, field in zip(plain, ["eu", "us", "eu", "=?base64?R3LDvMOfZQ==?=", "=?base64?IHBhZGRlZCA=?=", "=?base64?PT9iYXNlNjQ/ZUE9PT89?=", ""])
    ]
    client = Client(gateway.port, PATH, token, MODERN)
    refused(client.call_tool("get_region", {"region": "eu"}, Mcp_Param_Region="us"), 400, -32020)
    calls = client.call_tool("list_calls")
    text = calls.body.decode()
    assert "padded" in text and text.count('"us"') + text.count('\\"us\\"') >= 1
