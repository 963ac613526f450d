"""TLS on both sides: clients by https, upstreams by https, and what breaks it."""

from __future__ import annotations

import json
import os
import pathlib
import random
import socket
import ssl
import subprocess
import sys
import threading
import time

import pytest

from conftest import PATH, protected_server
from support import wire
from support.certificates import Authority, Pair
from support.gateway import Gateway, command
from support.keys import Issuer
from support.messages import Client
from support.places import END_TO_END
from support.recorder import Recorder, echo


class SecureGateway(Gateway):
    """A gateway whose listener speaks TLS."""

    @property
    def public_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


class Front:
    """A gateway with TLS, and a recorder behind it."""

    def __init__(self, home: pathlib.Path, tls: bool = True, recorder: Recorder | None = None, upstream: str | None = None, **settings) -> None:
        self.authority = Authority(home)
        self.pair = self.authority.issue("127.0.0.1", "localhost", file="gateway")
        self.issuer, self.recorder = Issuer(), recorder or Recorder()
        (home / "jwks.json").write_text(json.dumps(self.issuer.jwks()))
        self.gateway = (SecureGateway if tls else Gateway)(home, {})
        listen = {"address": f"127.0.0.1:{self.gateway.port}"} | ({"tls": self.pair.listen} if tls else {})
        servers = {"tools": protected_server(upstream or self.recorder.url, self.issuer)}
        self.settings = {"listen": [listen], "servers": servers} | settings
        self.gateway.write(self.settings)
        self.tls = self.authority.trust() if tls else None

    def start(self) -> Front:
        self.gateway.start()
        return self

    def stop(self) -> None:
        status = self.gateway.stop()
        self.recorder.stop()
        assert status == 0, self.gateway.text()[-3000:]

    @property
    def token(self) -> str:
        return self.issuer.token(self.gateway.public_url + PATH, "mcp:read mcp:write")

    def client(self) -> Client:
        return Client(self.gateway.port, PATH, self.token)

    def connect(self, **more) -> wire.Connection:
        return wire.Connection(self.gateway.port, tls=self.tls, **more)

    def call(self, tls: ssl.SSLContext | None = None) -> wire.Answer:
        data = self.client().bytes("tools/call", {"name": "get_one", "arguments": {}})
        return wire.exchange(self.gateway.port, data, "POST", tls=tls or self.tls)

    def works(self, tls: ssl.SSLContext | None = None) -> None:
        assert self.call(tls).json["result"]["content"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory):
    front = Front(tmp_path_factory.mktemp("tls"), timeouts={"head": "1s"}).start()
    yield front
    front.stop()


@pytest.fixture
def front(shared: Front):
    shared.recorder.clear()
    shared.recorder.script = echo
    yield shared
    shared.recorder.script = echo
    shared.works()


@pytest.fixture
def make(tmp_path: pathlib.Path):
    made: list[Front] = []

    def start(**more) -> Front:
        made.append(Front(tmp_path / f"front{len(made)}", **more))
        return made[-1].start()

    yield start
    for front in made:
        front.stop()


# The listener.


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_call_over_tls(front: Front, version: ssl.TLSVersion):
    tls = front.authority.trust()
    tls.minimum_version = tls.maximum_version = version
    with wire.Connection(front.gateway.port, tls=tls) as connection:
        for _ in range(3):  # the connection is kept
            data = front.client().bytes("tools/call", {"name": "get_one", "arguments": {}})
            assert connection.send(data).read().json["result"]["content"]
        assert connection.socket.selected_alpn_protocol() == "http/1.1"
        assert connection.socket.compression() is None
    challenge = wire.exchange(front.gateway.port, wire.request("POST", PATH, front.gateway.port, {}, b"{}"), tls=tls)
    assert challenge.status == 401
    assert f'resource_metadata="{front.gateway.public_url}/.well-known/' in challenge.field("www-authenticate")


@pytest.mark.parametrize("size", [1, 16 << 10, 1 << 20, 3 << 20])
def test_bodies_of_any_size_go_both_ways(front: Front, size: int):
    text = "".join(random.choices("abcdefghij", k=1 << 10)) * (size // 1024 + 1)

    async def answer(request, exchange) -> None:
        await exchange.result(request, {"content": [{"type": "text", "text": request.message["params"]["arguments"]["text"]}]})

    front.recorder.script = answer
    data = front.client().bytes("tools/call", {"name": "get_one", "arguments": {"text": text[:size]}})
    reply = wire.exchange(front.gateway.port, data, "POST", tls=front.tls)
    assert reply.json["result"]["content"][0]["text"] == text[:size]


def test_a_slow_reader_gets_it_all(front: Front):
    text = "x" * (6 << 20)

    async def answer(request, exchange) -> None:
        await exchange.result(request, {"content": [{"type": "text", "text": text}]})

    front.recorder.script = answer
    with front.connect(timeout=30, receive_buffer=8 << 10) as connection:
        connection.send(front.client().bytes("tools/call", {"name": "get_one", "arguments": {}}))
        time.sleep(0.5)
        assert connection.read().json["result"]["content"][0]["text"] == text


def test_a_request_in_many_records_and_many_requests_in_one(front: Front):
    data = front.client().bytes("tools/call", {"name": "get_one", "arguments": {}})
    with front.connect() as connection:
        for byte in data[:600]:
            connection.send(bytes([byte]))
        connection.send(data[600:])
        assert connection.read().status == 200
        connection.send(data * 5)
        for _ in range(5):
            assert connection.read().status == 200


def test_events_pass_as_they_come(front: Front):
    with front.connect() as connection:
        head = front.client().get(connection)
        assert head.status == 200
        assert "hello" in next(connection.events(head))[2]


@pytest.mark.parametrize(
    "opening",
    [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b"\0" * 600, b"\x16\x03\x01\xff\xff" + b"a" * 70000, b"SSH-2.0-x\r\n"],
)
def test_what_is_no_handshake_ends_the_connection(front: Front, opening: bytes):
    with wire.Connection(front.gateway.port) as connection:
        try:
            connection.send(opening)
        except ConnectionError:
            pass
        while connection.fill():
            pass
        assert b"HTTP" not in connection.buffer
    assert not front.recorder.requests


@pytest.mark.parametrize("seed", range(20))
def test_a_handshake_with_a_wrong_byte_ends_the_connection_or_is_none(front: Front, seed: int):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    hello = front.authority.trust().wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    with pytest.raises(ssl.SSLWantReadError):
        hello.do_handshake()
    data = bytearray(outgoing.read())
    dice = random.Random(seed)
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    with wire.Connection(front.gateway.port) as connection:
        connection.send(bytes(data))
        while connection.fill():  # the handshake does not go on, so the head timeout ends it
            pass


@pytest.mark.parametrize("sent", [0, 1, 100])
def test_a_handshake_that_stands_still_is_ended_after_the_time_for_a_head(front: Front, sent: int):
    hello = bytes.fromhex("1603010200010001fc0303") + b"r" * 500
    with wire.Connection(front.gateway.port) as connection:
        connection.send(hello[:sent])
        assert connection.is_closed(within=5)


def test_an_old_version_is_refused(front: Front):
    tls = front.authority.trust()
    tls.set_ciphers("DEFAULT:@SECLEVEL=0")
    tls.minimum_version = ssl.TLSVersion.TLSv1
    tls.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        front.call(tls)


def test_a_protocol_that_is_not_spoken_is_refused(front: Front):
    tls = front.authority.trust()
    tls.set_alpn_protocols(["h2"])
    with pytest.raises((ssl.SSLError, ConnectionError)):
        front.call(tls)
    tls = front.authority.trust()
    tls.set_alpn_protocols(["h2", "http/1.1"])
    front.works(tls)


def test_a_client_that_has_said_all_still_gets_its_answer_or_a_clean_end(front: Front):
    with front.connect() as connection:
        connection.send(front.client().bytes("tools/call", {"name": "get_one", "arguments": {}}))
        assert connection.read().status == 200
        rest = connection.socket.unwrap()  # close_notify there and back
        assert connection.buffer == b""
        rest.close()
    with front.connect() as connection:  # gone without close_notify, within a request
        connection.send(b"POST /tools/mcp HTTP/1.1\r\n")
        os.close(connection.socket.detach())


def test_an_answer_that_ends_the_connection_ends_tls_too(front: Front):
    data = wire.request("GET", "/nothing", front.gateway.port, {"Connection": "close"})
    with front.connect() as connection:
        connection.socket.suppress_ragged_eofs = False  # an end without close_notify would raise
        assert connection.send(data).read().status == 404
        assert connection.is_closed()


def test_a_session_is_resumed_with_a_ticket(front: Front):
    with front.connect() as connection:
        connection.send(wire.request("GET", "/nothing", front.gateway.port)).read()
        session = connection.socket.session
    again = socket.create_connection(("127.0.0.1", front.gateway.port))
    with front.tls.wrap_socket(again, server_hostname="127.0.0.1", session=session) as resumed:
        assert resumed.session_reused


def test_a_client_of_the_official_sdk_works_over_https(make, tmp_path: pathlib.Path):
    process = subprocess.Popen(
        [sys.executable, END_TO_END / "support" / "sdk_server.py"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        port = int(process.stdout.readline().split()[1])
        front = make(upstream=f"http://127.0.0.1:{port}/mcp")
        url = front.gateway.public_url + PATH
        for mode in ["2026-07-28", "legacy"]:
            done = subprocess.run(
                [sys.executable, END_TO_END / "clients" / "mcp_2_3.py", url, mode, front.token],
                capture_output=True, text=True, timeout=120, env=os.environ | {"SSL_CERT_FILE": str(front.authority.file)},
            )
            assert done.returncode == 0, done.stderr[-3000:]
            seen = json.loads(done.stdout)
            assert seen["long"] == 400_000
            assert seen["echo"]["structuredContent"] or seen["echo"]["content"]
    finally:
        process.terminate()
        process.wait(10)


# Certificates that change.


def serial(front: Front) -> str:
    tls = front.authority.trust()
    with socket.create_connection(("127.0.0.1", front.gateway.port)) as plain:
        with tls.wrap_socket(plain, server_hostname="127.0.0.1") as secured:
            return secured.getpeercert()["serialNumber"]


def test_a_new_certificate_is_used_after_a_reload_under_load_and_a_bad_one_is_not(make):
    front = make()
    first = serial(front)
    stop, failures, count = threading.Event(), [], [0]

    def load() -> None:
        while not stop.is_set():
            try:
                with front.connect(timeout=30) as connection:
                    for _ in range(5):
                        connection.send(front.client().bytes("tools/call", {"name": "get_one", "arguments": {}}))
                        assert connection.read().status == 200
                        count[0] += 1
            except Exception as error:  # noqa: BLE001
                failures.append(repr(error))

    threads = [threading.Thread(target=load) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        kept = front.connect(timeout=30)
        for _ in range(3):
            before, mark = count[0], len(front.gateway.log())
            front.authority.issue("127.0.0.1", file="gateway")
            front.gateway.reload()
            front.gateway.wait_for_log("the configuration was read again", after=mark, seconds=20)
            while count[0] < before + 20 and not failures:
                time.sleep(0.01)
        second = serial(front)
        assert second != first
        # Half of a renewal: the certificate is new, the key is that of the one before.
        mark, key = len(front.gateway.log()), front.pair.key.read_bytes()
        front.authority.issue("127.0.0.1", file="gateway")
        front.pair.key.write_bytes(key)
        front.gateway.reload()
        entry = front.gateway.wait_for_log("not the key of the certificate", after=mark, seconds=20)
        front.gateway.wait_for_log("the one before stays in effect", after=mark)
        assert "listen" in json.dumps(entry)
        assert serial(front) == second
        kept.send(front.client().bytes("tools/call", {"name": "get_one", "arguments": {}}))
        assert kept.read().status == 200
        kept.close()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures, failures[:3]


def check(home: pathlib.Path, listen: list, **settings) -> tuple[int, str]:
    home.mkdir(parents=True, exist_ok=True)
    file = home / "gateway.conf"
    servers = {"demo": {"path": "/demo/mcp", "upstream": "http://127.0.0.1:9000/mcp"}}
    whole = {"public_url": "https://mcp.example.com", "listen": listen, "servers": servers} | settings
    file.write_text(json.dumps(whole | {"sign_in": {"local": {"kind": "users", "file": "users"}}}) + "\n")
    done = command("check", "--config", str(file))
    return done.returncode, done.stdout + done.stderr


def test_a_key_of_another_certificate_is_an_error_with_line_and_column(tmp_path: pathlib.Path):
    authority = Authority(tmp_path)
    first, second = authority.issue("a.example", file="first"), authority.issue("a.example", file="second")
    mixed = {"certificate": str(first.certificate), "private_key": str(second.key)}
    status, said = check(tmp_path, [{"address": "192.0.2.1:8443", "tls": mixed}])
    assert status == 1
    assert "gateway.conf:1:" in said and "is not the key of the certificate" in said
    status, said = check(tmp_path, [{"address": "192.0.2.1:8443", "tls": first.listen}])
    assert status == 0, said
    assert "192.0.2.1:8443 (TLS)" in said
    status, said = check(tmp_path, [{"address": "192.0.2.1:8443"}])
    assert status == 1 and "must be a loopback or private address" in said


# Upstreams.


@pytest.fixture
def secure_upstream(tmp_path: pathlib.Path):
    authority = Authority(tmp_path / "upstream", "upstream")
    made: list[Recorder] = []

    def start(pair: Pair | None = None) -> Recorder:
        made.append(Recorder(tls=(pair or authority.issue("127.0.0.1")).context()))
        return made[-1]

    start.authority = authority
    yield start
    for recorder in made:
        recorder.stop()


def test_an_upstream_by_https_is_reached_and_its_connection_kept(make, secure_upstream):
    recorder = secure_upstream()
    front = make(tls=False, recorder=recorder, outbound={"ca_file": str(secure_upstream.authority.file)}, workers=1)
    for _ in range(5):
        front.works()
        time.sleep(0.1)  # longer than a kept connection is trusted without a look
    assert len({r.connection for r in recorder.requests}) == 1
    assert front.token.encode() not in recorder.bytes


def test_https_on_both_sides(make, secure_upstream):
    recorder = secure_upstream()
    front = make(recorder=recorder, outbound={"ca_file": str(secure_upstream.authority.file)})
    text = "y" * (2 << 20)

    async def answer(request, exchange) -> None:
        await exchange.result(request, {"content": [{"type": "text", "text": text}]})

    recorder.script = answer
    assert front.call().json["result"]["content"][0]["text"] == text


@pytest.mark.parametrize("what", ["other name", "expired", "other authority", "no TLS"])
def test_an_upstream_with_a_bad_certificate_is_told_nothing(make, secure_upstream, what: str, tmp_path: pathlib.Path):
    authority = secure_upstream.authority
    match what:
        case "other name":
            recorder = secure_upstream(authority.issue("other.example"))
        case "expired":
            recorder = secure_upstream(authority.issue("127.0.0.1", until=-1))
        case "other authority":
            recorder = secure_upstream(Authority(tmp_path / "stranger", "stranger").issue("127.0.0.1"))
        case _:
            recorder = Recorder()
    front = make(
        tls=False, recorder=recorder, upstream=f"https://127.0.0.1:{recorder.port}/mcp",
        outbound={"ca_file": str(authority.file)},
    )
    assert front.call().status == 502
    assert not recorder.requests
    reason = {"other name": "mismatch", "expired": "expired", "other authority": "issuer certificate", "no TLS": "connect-timeout"}[what]
    front.gateway.wait_for_log(reason)


def test_an_upstream_that_stops_in_the_handshake_is_given_up(make):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        front = make(tls=False, upstream=f"https://127.0.0.1:{silent.getsockname()[1]}/mcp", timeouts={"connect": "500ms"})
        assert front.call().status in (502, 504)


def test_an_answer_cut_off_without_an_end_of_tls_is_no_answer(make, secure_upstream):
    recorder = secure_upstream()

    async def cut(request, exchange) -> None:
        # No length, so that the end of the connection would be the end of the answer.
        await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
        await exchange.raw(json.dumps({"jsonrpc": "2.0", "id": request.message["id"], "result": {"content": []}}).encode())
        peer = exchange.writer.get_extra_info("socket")
        os.dup2(os.open("/dev/null", os.O_RDWR), peer.fileno())  # TCP ends, TLS says nothing

    recorder.script = cut
    front = make(tls=False, recorder=recorder, outbound={"ca_file": str(secure_upstream.authority.file)})
    with pytest.raises((AssertionError, KeyError, wire.Incomplete)):
        assert front.call().json["result"]
