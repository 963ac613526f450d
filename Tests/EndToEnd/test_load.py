"""Many streams, slow readers, and changes of configuration while requests come: nothing is lost, nothing grows."""

from __future__ import annotations

import asyncio
import json
import pathlib
import signal
import socket
import subprocess
import threading
import time

import pytest

from conftest import PATH, Site, end, make_site
from support import wire
from support.gateway import Gateway
from support.messages import MODERN
from support.places import ROOT
from support.recorder import Exchange, Received

BENCH = ROOT / "deploy" / "bench"


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The C programs of the benchmark."""
    home = tmp_path_factory.mktemp("programs")
    for name in ("hold", "stub"):
        subprocess.run(["cc", "-O2", "-o", home / name, BENCH / f"{name}.c"], check=True)
    return home


def hold_streams(programs: pathlib.Path, home: pathlib.Path, streams: int, seconds: int) -> tuple[dict, Gateway]:
    """Opens the streams through a gateway of its own in front of the stub, an event every 100 ms on each."""


    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stub = subprocess.Popen([programs / "stub", str(port), "100"])
    site = None
    try:
        site = make_site(home, tools={"upstream": f"http://127.0.0.1:{port}/mcp"})
        (home / "token").write_text(site.token() + "\n")
        (home / "body").write_bytes(b"{}")
        command = [programs / "hold", "sse", str(site.port), str(streams), str(seconds), home / "body", home / "token", str(site.gateway.process.pid)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60, env={"MCP_PATH": PATH})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout), site.gateway
    finally:
        stub.terminate()
        stub.wait()
        if site:
            end(site)


def no_event_is_lost(figures: dict, streams: int, seconds: int) -> None:
    assert figures["good"] == streams and figures["closed"] == 0, figures
    assert figures["lost"] == 0, figures
    assert figures["fewest"] >= seconds * 10 * 0.9, figures


def test_a_hundred_streams_lose_no_event(programs: pathlib.Path, tmp_path: pathlib.Path):
    figures, _ = hold_streams(programs, tmp_path, 100, 3)
    no_event_is_lost(figures, 100, 3)


@pytest.mark.full
def test_a_thousand_streams_of_20_seconds_lose_no_event_and_memory_stays_flat(programs: pathlib.Path, tmp_path: pathlib.Path):
    figures, _ = hold_streams(programs, tmp_path, 1000, 20)
    print(figures)
    no_event_is_lost(figures, 1000, 20)
    assert figures["rss_end_kb"] - figures["rss_open_kb"] < 2048, figures
    assert (figures["rss_open_kb"] - figures["rss0_kb"]) / 1000 < 8, figures


def test_a_client_that_reads_one_byte_a_second_costs_little_and_delays_nobody(site: Site):
    """The upstream offers 256 MiB as fast as it can; a reader takes almost nothing of it."""
    sent = [0]

    async def flood(request: Received, exchange: Exchange) -> None:
        if request.message.get("params", {}).get("name") != "get_flood":
            return await exchange.result(request, {"content": [{"type": "text", "text": "x"}]})
        await exchange.stream()
        text = "x" * 60_000
        for number in range(4096):
            await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": text}})
            sent[0] = number

    site.recorder.script = flood
    site.works()
    before = site.gateway.memory_kib()
    slow = [wire.Connection(site.port, receive_buffer=4096) for _ in range(8)]
    for connection in slow:
        connection.send(site.client().bytes("tools/call", {"name": "get_flood"})).read_head()
    times = []
    for second in range(5):
        for connection in slow:
            connection.socket.recv(1)
        for _ in range(20):
            begun = time.monotonic()
            site.works()
            times.append(time.monotonic() - begun)
        time.sleep(0.5)
    grown = site.gateway.memory_kib() - before
    assert grown < 8 * 1024, f"{grown} KiB more after {sent[0]} events were offered"
    assert sorted(times)[len(times) // 2] < 0.05, times
    for connection in slow:
        connection.close()
    deadline = time.monotonic() + 5
    while site.recorder.open > 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert site.recorder.open <= 4, "streams of clients that left stay open upstream"


def test_a_slow_sender_delays_nobody(site: Site):
    connection = wire.Connection(site.port)
    data = site.client().bytes("tools/call", {"name": "get_one"})
    for byte in data[:-1]:
        connection.send(bytes([byte]))
        if byte == 10:
            site.works()
    before = len(site.recorder.requests)
    connection.send(data[-1:])
    assert connection.read().status == 200
    assert len(site.recorder.requests) == before + 1


class Stress:
    """Clients in threads that call without pause; every answer that is not a result counts as a failure."""

    def __init__(self, site: Site, clients: int, revision: str = MODERN) -> None:
        self.site, self.answers, self.failures, self.over = site, 0, [], threading.Event()
        self.data = site.client(revision=revision).bytes("tools/call", {"name": "get_one"})
        self.threads = [threading.Thread(target=self.run) for _ in range(clients)]

    def run(self) -> None:
        connection, fresh = None, True
        while not self.over.is_set():
            try:
                if connection is None:
                    connection, fresh = wire.Connection(self.site.port), True
                answer = connection.send(self.data).read()
                if answer.status != 200 or "result" not in answer.json:
                    self.failures.append((answer.status, answer.body[:200]))
                self.answers += 1
                fresh = False
                if (answer.field("connection") or "").lower() == "close":
                    connection.close()
                    connection = None
            except (OSError, wire.Incomplete) as error:
                # A kept connection may be closed while idle (RFC 9112 §9.3.1): only bytes of an answer, or a fresh connection, make it a failure.
                if connection is None or fresh or connection.buffer:
                    self.failures.append(repr(error))
                    if self.over.wait(0.05):
                        return
                connection = None

    def __enter__(self) -> Stress:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


def settings_of(site: Site) -> dict:
    return {k: v for k, v in json.loads(site.gateway.configuration.read_text()).items() if k in ("servers",)}


def test_twenty_reloads_under_load_fail_no_request(own_site):
    site = own_site()
    settings = settings_of(site)
    with Stress(site, 8) as stress:
        for number in range(20):
            settings["servers"]["tools"]["scopes"]["mcp:read"]["description"] = f"Read, version {number}"
            site.gateway.write(settings)
            site.gateway.reload()
            time.sleep(0.1)
    assert not stress.failures, stress.failures[:5]
    assert stress.answers > 100


def test_a_reload_changes_what_is_opened(own_site):
    site = own_site()
    settings = settings_of(site)
    assert site.client("mcp:write").call_tool("create_one").status == 200
    settings["servers"]["tools"]["scopes"]["mcp:write"]["tools"] = ["other_*"]
    site.gateway.write(settings)
    site.gateway.reload()
    deadline = time.monotonic() + 5
    while "result" in site.client("mcp:write").call_tool("create_one").json and time.monotonic() < deadline:
        time.sleep(0.05)
    assert site.client("mcp:write").call_tool("create_one").json["error"]["code"] == -32602


@pytest.mark.parametrize("text", ["lisen: []\n", "servers: [", ""])
def test_a_wrong_file_changes_nothing_and_is_named_in_the_log(own_site, text: str):
    site = own_site()
    before = len(site.gateway.log())
    site.gateway.configuration.write_text(text)
    site.gateway.reload()
    site.gateway.wait_for_log(site.gateway.configuration.name, after=before)
    site.works()
    assert site.gateway.health("/readyz").status == 200


def test_a_drain_ends_every_request_that_it_took(own_site):
    """SIGTERM: what was taken is answered in whole, then the process ends with 0."""
    site = own_site()

    async def slow(request: Received, exchange: Exchange) -> None:
        await asyncio.sleep(0.02)
        await exchange.result(request, {"content": []})

    site.recorder.script = slow
    with Stress(site, 16) as stress:
        time.sleep(1)
        site.gateway.process.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        status = site.gateway.process.wait(15)
        stress.over.set()
    assert status == 0 and time.monotonic() - begun < 10
    refused = [f for f in stress.failures if "ConnectionRefused" not in str(f) and not (isinstance(f, tuple) and f[0] == 503)]
    assert not refused, refused[:5]
    assert stress.answers > 50


def test_a_drain_waits_for_a_call_that_is_running(own_site):
    site = own_site()

    async def slow(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": 1}})
        await asyncio.sleep(1.5)
        await exchange.event({"jsonrpc": "2.0", "id": 1, "result": {"content": []}})
        await exchange.end()

    site.recorder.script = slow
    with wire.Connection(site.port) as connection:
        answer = connection.send(site.client().bytes("tools/call", {"name": "get_one"})).read_head()
        events = connection.events(answer)
        next(events)
        site.gateway.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert site.gateway.process.poll() is None
        with pytest.raises((OSError, AssertionError)):
            assert site.gateway.health("/readyz").status == 200
        assert [json.loads(data)["id"] for _, _, data in events] == [1]
    assert site.gateway.process.wait(10) == 0


def test_a_second_sigterm_ends_at_once(own_site):
    site = own_site()

    async def never(request: Received, exchange: Exchange) -> None:
        await exchange.gone()

    site.recorder.script = never
    with wire.Connection(site.port) as connection:
        connection.send(site.client().bytes("tools/call", {"name": "get_one"}))
        site.recorder.wait(1)
        site.gateway.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert site.gateway.process.poll() is None
        site.gateway.process.send_signal(signal.SIGTERM)
        site.gateway.process.wait(3)
    site.gateway.process = None


def test_a_rolling_start_on_the_same_port_fails_no_request(own_site):
    """A new process listens beside the old one, which then drains."""
    site = own_site()
    with Stress(site, 8) as stress:
        time.sleep(0.5)
        successor = Gateway(site.gateway.home, settings_of(site) | {"state": "sqlite:second.db"}, name="second", port=site.gateway.reserved[0]).start()
        old, site.gateway = site.gateway, successor
        time.sleep(0.3)
        old.process.send_signal(signal.SIGTERM)
        assert old.process.wait(15) == 0
        time.sleep(0.5)
    assert not stress.failures, stress.failures[:5]
    assert stress.answers > 100


@pytest.mark.full
def test_drains_one_after_another_fail_no_request(own_site):
    """Ten rolling starts under load."""
    site = own_site()
    with Stress(site, 8) as stress:
        for number in range(10):
            successor = Gateway(
                site.gateway.home, settings_of(site) | {"state": f"sqlite:{number}.db"}, name=f"next{number}", port=site.gateway.reserved[0]
            ).start()
            old, site.gateway = site.gateway, successor
            time.sleep(0.3)
            old.process.send_signal(signal.SIGTERM)
            assert old.process.wait(15) == 0
    assert not stress.failures, stress.failures[:5]
