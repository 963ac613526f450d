"""Every limit that has a name: what stays under it passes, what goes beyond is refused as the configuration says."""

from __future__ import annotations

import asyncio
import json
import random
import socket
import threading
import time

import pytest

from conftest import PATH, Site, end, make_site
from support import wire
from support.messages import MODERN
from support.recorder import Exchange, Received, echo

LIMITS = {
    "request_line": "512B", "field_line": "4KiB", "fields": "8KiB", "field_count": 20, "body": "4KiB",
    "json_depth": 8, "json_members": 20, "json_name": "32B", "event": "16KiB",
}
TIMEOUTS = {"head": "600ms", "body": "600ms", "idle": "800ms", "connect": "500ms", "first_byte": "700ms", "call": "1500ms"}


@pytest.fixture(scope="module")
def narrow_site(tmp_path_factory: pytest.TempPathFactory):
    site = make_site(tmp_path_factory.mktemp("limits"), limits=LIMITS, timeouts=TIMEOUTS)
    yield site
    end(site)


@pytest.fixture
def narrow(narrow_site: Site):
    """A gateway whose limits are small enough to reach."""
    narrow_site.recorder.script = echo
    narrow_site.recorder.clear()
    yield narrow_site
    assert narrow_site.gateway.process.poll() is None, narrow_site.gateway.text()[-3000:]
    narrow_site.recorder.script = echo
    narrow_site.works()


def padded(site: Site, name: str, size: int) -> bytes:
    return site.client().bytes("ping").replace(b"Accept:", name.encode() + b": " + b"x" * size + b"\r\nAccept:", 1)


@pytest.mark.parametrize("size, status", [(4000, 200), (4090, 431), (100_000, 431)])
def test_a_field_line(narrow: Site, size: int, status: int):
    assert wire.exchange(narrow.port, padded(narrow, "X-Long", size)).status == status


@pytest.mark.parametrize("count, status", [(3, 200), (8, 431)])
def test_all_fields(narrow: Site, count: int, status: int):
    data = narrow.client().bytes("ping").replace(b"Accept:", b"".join(b"X-%d: %s\r\n" % (n, b"x" * 1500) for n in range(count)) + b"Accept:", 1)
    assert wire.exchange(narrow.port, data).status == status


@pytest.mark.parametrize("count, status", [(10, 200), (21, 431)])
def test_the_number_of_fields(narrow: Site, count: int, status: int):
    data = narrow.client().bytes("ping").replace(b"Accept:", b"".join(b"X-%d: 1\r\n" % n for n in range(count)) + b"Accept:", 1)
    assert wire.exchange(narrow.port, data).status == status


@pytest.mark.parametrize("size, status", [(400, 200), (520, 414)])
def test_the_request_line(narrow: Site, size: int, status: int):
    data = narrow.client().bytes("ping").replace(b"/mcp HTTP", b"/mcp?" + b"q" * size + b" HTTP", 1)
    answer = wire.exchange(narrow.port, data)
    assert answer.status == status or (status == 200 and answer.status == 404)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size, status", [(4096, 200), (4097, 413)])
def test_the_body(narrow: Site, size: int, status: int, chunked: bool):
    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    body += b" " * (size - len(body))
    data = narrow.client().raw(body)
    if chunked:
        data = data.replace(b"Content-Length: %d\r\n\r\n" % size, b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % size, 1) + b"\r\n0\r\n\r\n"
    assert wire.exchange(narrow.port, data).status == status
    assert (narrow.recorder.bytes == b"") == (status != 200)


def call(arguments: str) -> bytes:
    return b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_one","arguments":%s}}' % arguments.encode()


@pytest.mark.parametrize("arguments, status", [
    ('{"a":' * 5 + "1" + "}" * 5, 200), ('{"a":' * 7 + "1" + "}" * 7, 400),
    ("{" + ",".join(f'"m{n}":1' for n in range(20)) + "}", 200), ("{" + ",".join(f'"m{n}":1' for n in range(21)) + "}", 400),
    ('{"l":[' + ",".join("1" * 20) + "]}", 200), ('{"l":[' + ",".join("1" * 21) + "]}", 400),
    ('{"%s":1}' % ("n" * 32), 200), ('{"%s":1}' % ("n" * 33), 400),
])
def test_json(narrow: Site, arguments: str, status: int):
    assert wire.exchange(narrow.port, narrow.client().raw(call(arguments))).status == status
    assert (narrow.recorder.bytes == b"") == (status != 200)


@pytest.mark.parametrize("size", [10_000, 17_000, 500_000])
def test_one_event(narrow: Site, size: int):
    """Beyond the limit the stream ends with an error event; what came before stays."""
    async def big(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": 1}})
        await exchange.event({"jsonrpc": "2.0", "id": 1, "result": {"content": [{"type": "text", "text": "x" * size}]}})
        await exchange.end()

    narrow.recorder.script = big
    with wire.Connection(narrow.port) as connection:
        connection.send(narrow.client().bytes("tools/call", {"name": "get_one"}))
        events = [json.loads(data) for _, _, data in connection.events(connection.read_head())]
    assert events[0]["method"] == "notifications/message" and events[1]["id"] == 1 and len(events) == 2
    assert ("result" in events[1]) == (size < 16 * 1024)
    assert size < 16 * 1024 or events[1]["error"]["code"] == 1502


def test_an_answer_to_be_filtered(narrow: Site):
    """A list that is longer than the body limit cannot be judged."""
    async def long(request: Received, exchange: Exchange) -> None:
        await exchange.result(request, {"tools": [{"name": "get_one", "description": "x" * 5000}]})

    narrow.recorder.script = long
    answer = narrow.client().call("tools/list")
    assert answer.status == 502 and answer.json["error"]["code"] == 1502


@pytest.mark.parametrize("part", [b"POST /tools/mcp HT", b"POST /tools/mcp HTTP/1.1\r\nHost: x\r\n"])
def test_the_time_for_a_head(narrow: Site, part: bytes):
    with wire.Connection(narrow.port) as connection:
        begun = time.monotonic()
        assert connection.send(part).read().status == 408
        assert 0.3 < time.monotonic() - begun < 2
        assert connection.is_closed()


def test_a_head_that_trickles_in(narrow: Site):
    """The time is for the whole head, whatever comes meanwhile."""
    with wire.Connection(narrow.port) as connection:
        begun = time.monotonic()
        with pytest.raises(OSError):
            for byte in b"GET / HTTP/1.1\r\nX: " + b"x" * 1000:
                connection.send(bytes([byte]))
                time.sleep(0.05)
        assert time.monotonic() - begun < 3


def test_the_time_between_two_reads_of_a_body(narrow: Site):
    data = narrow.client().bytes("tools/call", {"name": "get_one"})
    with wire.Connection(narrow.port) as connection:
        begun = time.monotonic()
        assert connection.send(data[:-10]).read().status == 408
        assert 0.3 < time.monotonic() - begun < 2
        assert connection.is_closed()
    assert narrow.recorder.bytes == b""


def test_the_time_of_an_idle_connection(narrow: Site):
    with wire.Connection(narrow.port) as connection:
        assert connection.send(narrow.client().bytes("ping")).read().status == 200
        begun = time.monotonic()
        assert connection.is_closed()
        assert 0.4 < time.monotonic() - begun < 2.5


def test_a_connection_that_never_speaks(narrow: Site):
    with wire.Connection(narrow.port) as connection:
        connection.socket.settimeout(4)
        received = connection.socket.recv(1000)
        assert received == b"" or b" 408 " in received


def test_the_first_byte_of_an_answer(narrow: Site):
    async def silent(request: Received, exchange: Exchange) -> None:
        await exchange.gone()

    narrow.recorder.script = silent
    begun = time.monotonic()
    answer = narrow.client().call_tool("get_one")
    assert answer.status == 504 and answer.json["error"]["code"] == 1504 and answer.json["id"] == 1
    assert 0.4 < time.monotonic() - begun < 2


def test_the_time_of_a_whole_call(narrow: Site):
    """A stream that goes on for longer than a call may ends with an error event."""
    async def endless(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        for number in range(100):
            await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": number}})
            await asyncio.sleep(0.1)

    narrow.recorder.script = endless
    with wire.Connection(narrow.port) as connection:
        begun = time.monotonic()
        connection.send(narrow.client().bytes("tools/call", {"name": "get_one"}))
        events = [json.loads(data) for _, _, data in connection.events(connection.read_head())]
    assert 1 < time.monotonic() - begun < 4
    assert events[-1]["id"] == 1 and events[-1]["error"]["code"] == 1504


def test_the_time_to_connect(own_site):
    """A listener whose queue is full answers no connection attempt."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = []
        for _ in range(4):
            s = socket.socket()
            s.setblocking(False)
            s.connect_ex(full.getsockname())
            waiting.append(s)
        site = own_site(tools={"upstream": f"http://127.0.0.1:{full.getsockname()[1]}/mcp"}, timeouts={"connect": "500ms"})
        begun = time.monotonic()
        answer = site.client().call_tool("get_one")
        assert answer.status == 502 and answer.json["error"]["code"] == 1502
        assert time.monotonic() - begun < 3
        for s in waiting:
            s.close()


def test_the_connections_of_one_address(own_site):
    site = own_site(limits={"connections_per_address": 5})
    held = [wire.Connection(site.port) for _ in range(5)]
    for connection in held:
        assert connection.send(site.client().bytes("ping")).read().status == 200
    with wire.Connection(site.port) as sixth:
        try:
            sixth.send(site.client().bytes("ping"))
            assert sixth.read().status == 503
        except (OSError, wire.Incomplete):
            pytest.fail("the connection was dropped without a word")
    held.pop().close()
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        with wire.Connection(site.port) as again:
            if again.send(site.client().bytes("ping")).read().status == 200:
                break
        time.sleep(0.05)
    else:
        pytest.fail("the place of a closed connection stays taken")
    for connection in held:
        connection.close()


@pytest.mark.parametrize("revision", ["2025-06-18", MODERN])
@pytest.mark.parametrize("settings, status, code", [
    ({"limits": {"concurrent": 3}, "tools": {"limits": {"concurrent": 9}}}, 503, 1503),     # whoever asks: the server is overloaded
    ({"tools": {"limits": {"concurrent": 3}}}, 200, 1429),                                  # of one user and client: it is denied
], ids=["one server", "one user"])
def test_the_requests_in_flight(own_site, revision: str, settings: dict, status: int, code: int):
    site = own_site(**settings)
    release = threading.Event()

    async def wait(request: Received, exchange: Exchange) -> None:
        while not release.is_set():
            await asyncio.sleep(0.01)
        await exchange.result(request, {"content": []})

    site.recorder.script = wait
    data = site.client(revision=revision).bytes("tools/call", {"name": "get_one"})
    running = [wire.Connection(site.port).send(data) for _ in range(3)]
    try:
        site.recorder.wait(3)
        answer = wire.exchange(site.port, data)
        assert answer.status == status and answer.json["error"]["code"] == code and answer.field("retry-after")
    finally:
        release.set()
        answers = [connection.read().status for connection in running]
        for connection in running:
            connection.close()
    assert answers == [200, 200, 200]
    site.recorder.script = echo
    site.works()


def test_the_rate_of_requests(own_site):
    site = own_site(tools={"limits": {"requests": "5/min"}})
    answers = [site.client().call_tool("get_one") for _ in range(12)]
    limited = [a for a in answers if a.status == 200 and a.json.get("error", {}).get("code") == 1429]
    assert 5 <= len(answers) - len(limited) <= 10 and limited
    assert limited[0].json["error"]["data"]["retryAfterMs"] > 0


# --- what RFC 9110 and 9112 leave to the connection ---------------------------------------------------------------------------

def test_expect_continue_is_answered_before_the_body(site: Site):
    data = site.client().bytes("tools/call", {"name": "get_one"}, Expect="100-continue")
    head, body = data.split(b"\r\n\r\n", 1)
    with wire.Connection(site.port) as connection:
        connection.send(head + b"\r\n\r\n")
        assert connection.read_head().status == 100
        assert connection.send(body).read().status == 200


def test_expect_continue_is_refused_without_the_body_when_the_token_is_wrong(site: Site):
    data = site.client(token="wrong").bytes("tools/call", {"name": "get_one"}, Expect="100-continue")
    with wire.Connection(site.port) as connection:
        assert connection.send(data.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n").read_head().status == 401
    assert site.recorder.bytes == b""


def test_pipelined_requests_are_answered_in_order(site: Site):
    async def slow_first(request: Received, exchange: Exchange) -> None:
        await asyncio.sleep(0.3 if request.message["id"] == 1 else 0)
        await exchange.result(request, {"content": []})

    site.recorder.script = slow_first
    with wire.Connection(site.port) as connection:
        connection.send(b"".join(site.client().bytes("tools/call", {"name": "get_one"}, identifier=n) for n in range(1, 6)))
        assert [connection.read().json["id"] for _ in range(5)] == [1, 2, 3, 4, 5]


def test_a_connection_is_kept_for_many_requests(site: Site):
    with wire.Connection(site.port) as connection:
        for number in range(200):
            assert connection.send(site.client().bytes("ping", identifier=number)).read().json["id"] == number
    assert len({r.connection for r in site.recorder.requests}) <= 2, "connections to the upstream are kept, too"


@pytest.mark.parametrize("value", ["close", "Close", "keep-alive, close"])
def test_connection_close_is_honoured(site: Site, value: str):
    with wire.Connection(site.port) as connection:
        answer = connection.send(site.client().bytes("ping", Connection=value)).read()
        assert answer.status == 200 and "close" in (answer.field("connection") or "").lower()
        assert connection.is_closed()


def test_a_request_of_http_1_0_is_answered_and_the_connection_closed(site: Site):
    data = site.client().bytes("ping").replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    with wire.Connection(site.port) as connection:
        assert connection.send(data).read().status == 200
        assert connection.is_closed()


def test_a_client_that_half_closes_still_gets_its_answer(site: Site):
    async def slow(request: Received, exchange: Exchange) -> None:
        await asyncio.sleep(0.2)
        await exchange.result(request, {"content": []})

    site.recorder.script = slow
    with wire.Connection(site.port) as connection:
        connection.send(site.client().bytes("tools/call", {"name": "get_one"}))
        site.recorder.wait()                    # not later: it would be the next test's request
        connection.socket.shutdown(socket.SHUT_WR)
        try:
            assert connection.read().status == 200
        except (wire.Incomplete, OSError):
            pass                                # a half-closed connection may count as gone


def test_a_long_body_passes_in_both_directions(site: Site):
    """3 MiB up and down, compared byte by byte."""
    async def mirror(request: Received, exchange: Exchange) -> None:
        text = request.message["params"]["arguments"]["text"]
        await exchange.result(request, {"content": [{"type": "text", "text": text}]})

    site.recorder.script = mirror
    text = "".join(chr(0x20 + n % 90) for n in range(3 << 20)).replace('"', "'").replace("\\", "/")
    answer = site.client().call_tool("get_one", {"text": text})
    assert answer.json["result"]["content"][0]["text"] == text


def test_random_bytes_are_refused_and_nothing_breaks(site: Site):
    source = random.Random(7)
    good = site.client().bytes("tools/call", {"name": "get_one"})
    for _ in range(300):
        data = bytearray(good)
        for _ in range(source.randint(1, 4)):
            data[source.randrange(len(data))] = source.randrange(256)
        try:
            with wire.Connection(site.port, timeout=0.05) as connection:
                connection.send(bytes(data))
                connection.read_head()
        except (OSError, wire.Incomplete):
            pass
    site.works()
