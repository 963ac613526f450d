"""How often and how many at a time: per user and client, per server, per tool; exact over several event loops, and never twice.

Rates are given per hour here, so that what comes back while a test runs does not change a count.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import Site, protected_server
from support import wire
from support.issuing import eventually
from support.messages import LEGACY, MODERN, Client, message
from support.recorder import Exchange, Received, echo

ALL = "mcp:read mcp:write mcp:admin"


def client(site: Site, user: str = "user-1", revision: str = LEGACY, scope: str = ALL) -> Client:
    return site.client(token=site.token(scope, sub=user), revision=revision)


def is_limited(answer: wire.Answer) -> bool:
    """Whether a limit was reached, as clients are told of it."""
    if answer.status != 200 or answer.json.get("error", {}).get("code") != 1429:
        assert answer.status == 200 and "result" in answer.json, (answer.status, answer.body)
        return False
    wait = answer.json["error"]["data"]["retryAfterMs"]
    assert wait > 0 and answer.json["id"] == 1 and int(answer.field("retry-after")) == -(-wait // 1000)
    return True


def hammer(site: Site, calls: list[bytes], times: int) -> int:
    """Each call on a connection of its own, over and over, all at once; gives how many were admitted."""
    def run(call: bytes) -> int:
        with wire.Connection(site.port, timeout=60) as connection:
            return sum(not is_limited(connection.send(call).read()) for _ in range(times))

    with ThreadPoolExecutor(len(calls)) as pool:
        return sum(pool.map(run, calls))


class Gate:
    """An upstream that holds every call of a tool until it is opened."""

    def __init__(self, site: Site, tool: str = "create_one") -> None:
        self.site, self.tool, self.opened = site, tool, threading.Event()
        self.most = self.inside = 0
        site.recorder.script = self.script

    async def script(self, request: Received, exchange: Exchange) -> None:
        if request.message.get("params", {}).get("name") != self.tool:
            return await echo(request, exchange)
        self.inside += 1
        self.most = max(self.most, self.inside)
        gone = asyncio.ensure_future(exchange.gone())
        while not self.opened.is_set() and not gone.done():
            await asyncio.sleep(0.01)
        gone.cancel()
        self.inside -= 1
        if self.opened.is_set():
            # Not again on this connection: what was read to see the client leave could have been a request.
            await exchange.result(request, {"content": []}, Connection="close")
        exchange.close()


@pytest.mark.parametrize("limits, tools, admitted", [
    ({"server": {"requests": "1200/h"}}, ["get_one", "create_one"], 120),
    ({"tools": [{"name": "create_*", "requests": "1200/h"}]}, ["create_one", "create_two"], 120),
    ({"tools": [{"name": "create_one", "requests": "300/h", "each": "principal"}]}, ["create_one"], 8 * 30),
    ({"requests": "300/h"}, ["get_one", "create_one"], 8 * 30),
], ids=["server", "tool", "tool, each principal", "principal"])
@pytest.mark.parametrize("revision", [LEGACY, MODERN])
def test_a_rate_is_exact_over_two_loops(own_site, limits: dict, tools: list[str], admitted: int, revision: str):
    """Eight users on eight connections; a tenth of an hour's requests may come at once."""
    site = own_site(workers=2, tools={"limits": limits})
    calls = [client(site, f"user-{n}", revision).bytes("tools/call", {"name": tools[n % len(tools)]}) for n in range(8)]
    begun = time.monotonic()
    count = hammer(site, calls, 40)
    # What may have come back meanwhile: three seconds for each request of 1,200 an hour.
    back = admitted * (time.monotonic() - begun) / 360 + 8
    assert admitted <= count <= admitted + back
    assert count == len(site.recorder.requests), "what is refused does not reach the server"
    denied = re.findall(r'decision="denied"[^}]*} (\d+)', site.gateway.health("/metrics").body.decode())
    assert sum(map(int, denied)) == 8 * 40 - count


def test_other_tools_have_no_part_in_a_tools_limit(own_site):
    site = own_site(workers=2, tools={"limits": {"tools": [{"name": "create_one", "requests": "10/h"}]}})
    assert hammer(site, [client(site).bytes("tools/call", {"name": "create_one"})] * 2, 20) == 10
    for name in ["create_two", "get_one"]:
        assert hammer(site, [client(site).bytes("tools/call", {"name": name})] * 2, 20) == 40
    assert hammer(site, [client(site).bytes("tools/list")] * 2, 20) == 40


@pytest.mark.parametrize("limits, running", [
    ({"tools": [{"name": "create_*", "concurrent": 3}]}, 3),
    ({"server": {"concurrent": 3}}, 3),
    ({"tools": [{"name": "create_one", "concurrent": 1, "each": "principal"}]}, 2),
    ({"concurrent": 2}, 4),
    ({"concurrent": 2, "server": {"concurrent": 3}, "tools": [{"name": "create_one", "concurrent": 5}]}, 3),
], ids=["tool", "server", "tool, each principal", "principal", "the least of all"])
def test_what_is_under_way_is_exact_over_two_loops(own_site, limits: dict, running: int):
    """Two users with six connections each; the server holds what reaches it."""
    site = own_site(workers=2, tools={"limits": limits})
    gate = Gate(site)
    calls = [client(site, f"user-{n % 2}").bytes("tools/call", {"name": "create_one"}) for n in range(12)]
    connections = [wire.Connection(site.port, timeout=60).send(call) for call in calls]
    site.recorder.wait(running, 30)
    # Everybody else has been told; only then the gate opens.
    held = {connection.socket for connection in connections}
    answers = []
    while len(held) > running:
        for connection in connections:
            if connection.socket in held:
                connection.socket.settimeout(0.05)
                try:
                    answers.append(connection.read())
                    held.remove(connection.socket)
                except TimeoutError:
                    pass
    assert all(is_limited(answer) for answer in answers) and len(answers) == 12 - running
    assert gate.inside == gate.most == running == len(site.recorder.requests)
    gate.opened.set()
    for connection in connections:
        connection.socket.settimeout(60)
        if connection.socket in held:
            assert not is_limited(connection.read())
        connection.close()
    # As many again: every place was given back, and once only.
    again = Gate(site)
    site.recorder.clear()
    connections = [wire.Connection(site.port, timeout=60).send(call) for call in calls]
    site.recorder.wait(running, 30)
    again.opened.set()
    for connection in connections:
        connection.read()
        connection.close()
    assert again.most <= running
    assert again.inside == 0


@pytest.mark.parametrize("end", ["the client leaves", "the server fails", "the server is silent", "an event stream is left"])
def test_a_place_is_given_back_however_a_call_ends(own_site, end: str):
    """Once, and not before: with one place there is never a second call, and always a next one."""
    limits = {"concurrent": 1, "server": {"concurrent": 1}, "tools": [{"name": "create_one", "concurrent": 1}, {"name": "*", "concurrent": 1, "each": "principal"}]}
    site = own_site(workers=2, tools={"limits": limits}, timeouts={"first_byte": "400ms"} if end == "the server is silent" else {})
    inside = most = 0

    async def script(request: Received, exchange: Exchange) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        try:
            if end == "the server fails":
                exchange.reset()
            elif end == "an event stream is left":
                await exchange.stream()
                await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": 1}})
                await exchange.gone()
            else:
                await exchange.gone()
        finally:
            inside -= 1

    site.recorder.script = script
    call = client(site).bytes("tools/call", {"name": "create_one"})
    for number in range(5):
        site.recorder.clear()
        with wire.Connection(site.port, timeout=60) as connection:
            while True:
                connection.send(call)
                if end.startswith("the server"):
                    answer = connection.read()
                    assert answer.status in (502, 504) or is_limited(answer)
                    break
                if end == "an event stream is left":
                    head = connection.read_head()
                    if "event-stream" in head.field("content-type"):
                        break
                    connection.take(int(head.field("content-length")))
                else:
                    try:
                        site.recorder.wait(1, 0.5)
                        break
                    except AssertionError:
                        assert is_limited(connection.read())
                time.sleep(0.02)
        assert most == 1, number
    site.recorder.script = echo
    eventually(lambda: not is_limited(client(site).call_tool("create_one")), 20)
    assert not any(is_limited(client(site, user).call_tool("create_one")) for user in ["user-1", "user-2"])


def test_the_end_of_the_gateway_waits_for_the_calls_that_hold_a_place(own_site):
    site = own_site(workers=2, tools={"limits": {"tools": [{"name": "create_one", "concurrent": 1}]}})
    gate = Gate(site)
    with wire.Connection(site.port, timeout=60) as connection:
        connection.send(client(site).bytes("tools/call", {"name": "create_one"}))
        site.recorder.wait()
        site.gateway.process.terminate()
        site.gateway.wait_for_log("drain")
        gate.opened.set()
        assert not is_limited(connection.read())
    assert site.gateway.stop() == 0


def test_what_is_refused_for_its_scope_counts_for_its_user_and_no_tool(own_site):
    site = own_site(tools={"limits": {"requests": "10/h", "server": {"requests": "8/h"}, "tools": [{"name": "*", "requests": "3/h"}]}})
    reader = client(site, scope="mcp:read")
    for _ in range(3):
        assert reader.call_tool("create_one").status == 403
        assert reader.call_tool("hidden_one").json["error"]["code"] == -32602
    assert [is_limited(reader.call_tool("get_one")) for _ in range(4)] == [False, False, False, True]
    assert not is_limited(reader.call("tools/list"))
    assert is_limited(reader.call("tools/list")), "ten requests of the user were counted, four of the server"
    assert [is_limited(client(site, "user-2").call("tools/list")) for _ in range(5)] == [False] * 4 + [True]


def test_what_a_limit_refuses_counts_nowhere(own_site):
    site = own_site(workers=2, tools={"limits": {
        "requests": "10/h", "server": {"requests": "10/h"}, "tools": [{"name": "create_*", "requests": "9/h"}, {"name": "create_one", "concurrent": 1}]}})
    gate = Gate(site)
    call = client(site).bytes("tools/call", {"name": "create_one"})
    with wire.Connection(site.port, timeout=60) as running:
        running.send(call)
        site.recorder.wait()
        assert hammer(site, [call] * 4, 25) == 0
        gate.opened.set()
        assert not is_limited(running.read())
    # One of ten is gone, whatever was refused.
    assert sum(not is_limited(client(site).call_tool("create_two")) for _ in range(12)) == 8
    assert sum(not is_limited(client(site).call_tool("get_one")) for _ in range(3)) == 1


@pytest.mark.parametrize("body, status", [
    (message("notifications/initialized", identifier=None), 202),
    ({"jsonrpc": "2.0", "id": 9, "result": {}}, 202),
    (message("tools/call", {"name": "create_one"}, identifier=None), 400),
], ids=["notification", "response", "a call without an id"])
def test_what_is_no_call_counts_for_its_user_only(own_site, body: dict, status: int):
    site = own_site(tools={"limits": {"requests": "10/h", "tools": [{"name": "create_one", "requests": "4/h"}]}})
    caller = client(site)
    sent = [wire.exchange(site.port, caller.raw(json.dumps(body).encode())).status for _ in range(6)]
    assert sent == [status] * 6
    assert sum(not is_limited(caller.call_tool("create_one")) for _ in range(6)) == 4
    assert is_limited(caller.call("tools/list"))
    # Nobody waits for an answer to what has no id, so the status tells (RFC 6585).
    assert wire.exchange(site.port, caller.raw(json.dumps(body).encode())).status == (429 if status == 202 else 400)


def settings(site: Site, limits: dict) -> dict:
    server = protected_server(site.recorder.url, site.issuer, limits=limits)
    return {"workers": 2, "servers": {"tools": server}}


def test_a_reload_forgets_no_count_and_no_call(own_site):
    limits = {"tools": [{"name": "create_one", "requests": "10/h", "concurrent": 1}], "server": {"requests": "20/h"}}
    site = own_site(workers=2, tools={"limits": limits})
    gate = Gate(site)
    call = client(site).bytes("tools/call", {"name": "create_one"})
    with wire.Connection(site.port, timeout=60) as running:
        running.send(call)
        site.recorder.wait()
        for depth in [32, 16]:
            before = len(site.gateway.log())
            site.gateway.write(settings(site, limits) | {"limits": {"json_depth": depth}})
            site.gateway.reload()
            site.gateway.wait_for_log("the configuration was read again", after=before, seconds=20)
            assert is_limited(wire.exchange(site.port, call))
        gate.opened.set()
        assert not is_limited(running.read())
    assert sum(not is_limited(client(site).call_tool("create_one")) for _ in range(12)) == 9


def test_each_user_and_client_and_each_server_is_counted_alone(own_site):
    site = own_site(tools={"limits": {"requests": "3/h"}})
    for changes in [{}, {"sub": "user-2"}, {"client_id": "client-2"}]:
        caller = Client(site.port, "/tools/mcp", site.token(ALL, **changes))
        assert [is_limited(caller.call_tool("get_one")) for _ in range(4)] == [False] * 3 + [True]
        # Another token of the same user and client changes nothing.
        assert is_limited(Client(site.port, "/tools/mcp", site.token(ALL, **changes)).call_tool("get_one"))
