"""The tables of raw requests and raw answers that the parser's own tests use, sent through the running gateway."""

from __future__ import annotations

import json
import time

import pytest

from conftest import Site, end, make_site
from support import wire
from support.messages import LEGACY, Client
from support.places import ROOT
from support.recorder import Exchange, Received, echo

TABLES = ROOT / "Tests" / "Wire"
REQUESTS = json.loads((TABLES / "requests.json").read_text())
ANSWERS = json.loads((TABLES / "responses.json").read_text())
PATH = "/demo/mcp"

# The parser takes this path for another one; the router serves both spellings of an MCP path.
ROUTED = {"a path with a slash at the end is another path": 200}


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory):
    site = make_site(tmp_path_factory.mktemp("wire"), tools={"path": PATH})
    yield site
    end(site)


@pytest.fixture
def demo(demo_site: Site):
    demo_site.recorder.script = echo
    demo_site.recorder.clear()
    yield demo_site
    assert demo_site.gateway.process.poll() is None, demo_site.gateway.text()[-3000:]


def client(demo: Site) -> Client:
    return Client(demo.port, PATH, demo.token(audience=demo.gateway.public_url + PATH), LEGACY)


def still_works(demo: Site) -> None:
    """A request on a new connection is served, and arrives as it was sent."""
    demo.recorder.script = echo
    demo.recorder.clear()
    assert client(demo).call("ping").status == 200
    assert [r.message["method"] for r in demo.recorder.requests] == ["ping"]


def test_the_tables_are_as_long_as_they_must_be():
    assert len(REQUESTS) >= 150 and len(ANSWERS) >= 50


@pytest.mark.parametrize("row", REQUESTS, ids=lambda row: row["name"])
def test_a_raw_request_gets_its_verdict_and_nothing_ambiguous_is_forwarded(demo: Site, row: dict):
    raw = row["raw"].replace("{{token}}", client(demo).token).encode("latin-1")
    method = raw.lstrip(b"\r\n").split(b" ")[0].decode("latin-1")
    status = ROUTED.get(row["name"], row["status"])
    with wire.Connection(demo.port, timeout=5) as connection:
        try:
            connection.send(raw)
        except OSError:
            pass                                # refused before all of it was sent
        answer = connection.read_head()
        while answer.status < 200:
            answer = connection.read_head()
        if status:
            assert answer.status == status, (row["rule"], answer)
        if row["verdict"] != "accept":
            answer.body = connection.read_body(answer, method)
            assert len(answer.body) < 500 and b"Swift" not in answer.body
            assert connection.is_closed(), "after a broken request nothing on the connection can be trusted"
    if not row["forwarded"] and status not in (0, 200):
        time.sleep(0.01)
        assert demo.recorder.bytes == b"", row["rule"]
    elif row["forwarded"]:
        demo.recorder.wait(1)
        expected = row["content"].encode("latin-1")
        deadline = time.monotonic() + 2
        while (seen := b"".join(r.body for r in demo.recorder.requests)) != expected and time.monotonic() < deadline:
            time.sleep(0.01)
        assert seen == expected
        for request in demo.recorder.requests:
            assert len(request.values("content-length")) + len(request.values("transfer-encoding")) == 1, request
            assert len(request.values("host")) == 1
    still_works(demo)


def status_of(raw: str) -> int:
    """The status of the final answer in a raw one."""
    for part in raw.split("\r\n\r\n"):
        if part.startswith("HTTP/1."):
            words = part.split("\r\n")[0].split(" ")
            if len(words) > 1 and words[1].isdigit() and int(words[1]) >= 200:
                return int(words[1])
    return 0


@pytest.mark.parametrize("row", [r for r in ANSWERS if r["requestMethod"] == "POST"], ids=lambda row: row["name"])
@pytest.mark.parametrize("method", ["ping", "tools/list"])
def test_a_raw_answer_is_relayed_whole_or_replaced_by_an_error(demo: Site, row: dict, method: str):
    ended: list[bool] = []

    async def script(request: Received, exchange: Exchange) -> None:
        await exchange.raw(row["raw"].encode("latin-1"))
        if row["closes"]:
            exchange.close()
        elif row["verdict"] != "accept":
            await exchange.gone()
        ended.append(True)

    demo.recorder.script = script
    with wire.Connection(demo.port, timeout=5) as connection:
        connection.send(client(demo).bytes(method))
        try:
            answer = connection.read()
        except wire.Incomplete:
            assert row["verdict"] != "accept", "a good answer was cut off"
            answer = None
    if row["verdict"] != "accept":
        assert answer is None or (answer.status in (502, 504) and answer.json["id"] == 1 and answer.json["error"]["code"] in (1502, 1504)), answer
        deadline = time.monotonic() + 3
        while not ended and time.monotonic() < deadline:
            time.sleep(0.01)
        assert ended, "the connection of a broken answer stays open"
    elif status_of(row["raw"]) == 200 and row["content"] and method == "ping":
        assert answer.status == 200 and answer.body == row["content"].encode("latin-1")
    elif answer.status == 200:
        assert answer.body in (b"", row["content"].encode("latin-1"))
    else:
        assert answer.status in (status_of(row["raw"]), 502), answer
    still_works(demo)
