"""Many hands at once, a process killed in between, floods: codes and refresh tokens are good for one, and calls go on."""

from __future__ import annotations

import concurrent.futures
import json
import os
import signal
import sqlite3
import threading
import time

import pytest

from support.browser import Browser
from support.flow import Caller, Pair, answer_of, walk
from support.gateway import ReservedPort
from support.issuing import PASSWORD, USER, IssuingSite, eventually


def together(count: int, work) -> list:
    """What `count` threads that begin at the same moment come to."""
    barrier = threading.Barrier(count)

    def one(number: int):
        barrier.wait()
        return work(number)

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def code_for(site: IssuingSite, caller: Caller, browser: Browser | None = None) -> tuple[str, Pair]:
    pair = Pair()
    return answer_of(walk(caller.authorization_url(pair, resource=site.resource), USER, PASSWORD, browser))["code"], pair


def test_of_64_redemptions_of_a_code_one_succeeds(own_issuing):
    site = own_issuing()
    caller, browser = site.caller(), Browser()
    caller.register()
    for _ in range(3):
        code, pair = code_for(site, caller, browser)
        answers = together(64, lambda _: caller.redeem(code, pair))
        assert sorted(a.status for a in answers) == [200] + [400] * 63
        assert {a.json["error"] for a in answers if a.status == 400} == {"invalid_grant"}
        # Whoever redeems a code a second time may have stolen it: what came of it ends (RFC 6749 §4.1.2).
        token = next(a.json for a in answers if a.status == 200)
        assert site.call(token["access_token"]).status == 401
        assert caller.refresh(token["refresh_token"]).json["error"] == "invalid_grant"


def test_64_refreshes_within_the_grace_are_64_equal_answers(own_issuing):
    site = own_issuing()
    caller = site.caller()
    first = site.tokens(caller=caller)
    answers = together(64, lambda _: caller.refresh(first["refresh_token"]))
    assert {a.status for a in answers} == {200}
    successors = {a.json["refresh_token"] for a in answers}
    assert len(successors) == 1
    assert all(site.call(a.json["access_token"]).status == 200 for a in answers[:4])
    second = caller.refresh(successors.pop())
    assert second.status == 200
    database = sqlite3.connect(site.gateway.home / "gatehouse.db")
    assert database.execute("SELECT count(*), max(refresh_generation) FROM access_grant").fetchone() == (1, 2)
    # The one before the last is a replay, however soon.
    assert caller.refresh(first["refresh_token"]).json["error"] == "invalid_grant"
    assert site.call(second.json["access_token"]).status == 401
    assert caller.refresh(second.json["refresh_token"]).json["error"] == "invalid_grant"


def test_without_grace_one_of_64_refreshes_succeeds(own_issuing):
    site = own_issuing(tokens={"refresh_reuse_grace": "0s"})
    caller = site.caller()
    first = site.tokens(caller=caller)
    answers = together(64, lambda _: caller.refresh(first["refresh_token"]))
    assert sorted(a.status for a in answers) == [200] + [400] * 63
    assert {a.json["error"] for a in answers if a.status == 400} == {"invalid_grant"}


def test_a_replay_after_the_grace_ends_the_family(own_issuing):
    site = own_issuing(tokens={"refresh_reuse_grace": "1s"})
    caller = site.caller()
    first = site.tokens(caller=caller)
    second = caller.refresh(first["refresh_token"]).json
    assert caller.refresh(first["refresh_token"]).json["refresh_token"] == second["refresh_token"]
    time.sleep(1.2)
    assert caller.refresh(first["refresh_token"]).json["error"] == "invalid_grant"
    assert caller.refresh(second["refresh_token"]).json["error"] == "invalid_grant"
    assert site.call(second["access_token"]).status == 401


def killed_and_started(site: IssuingSite) -> None:
    os.kill(site.gateway.process.pid, signal.SIGKILL)
    site.gateway.process.wait()
    begun = time.monotonic()
    site.gateway.start()
    assert time.monotonic() - begun < 5


def test_a_kill_between_code_and_token_loses_nothing_and_doubles_nothing(own_issuing):
    site = own_issuing()
    caller, browser = site.caller(), Browser()
    caller.register()
    kept = site.tokens(caller=caller, browser=browser)
    for _ in range(5):
        code, pair = code_for(site, caller, browser)
        killed_and_started(site)
        answer = caller.redeem(code, pair)
        assert answer.status == 200, answer.body
        assert site.call(answer.json["access_token"]).status == 200
        killed_and_started(site)
        assert caller.redeem(code, pair).json["error"] == "invalid_grant"
        assert site.call(answer.json["access_token"]).status == 401
    killed_and_started(site)
    for _ in range(5):
        answer = caller.refresh(kept["refresh_token"])
        assert answer.status == 200
        kept = answer.json
        killed_and_started(site)
    assert site.call(kept["access_token"]).status == 200


@pytest.mark.full
def test_a_kill_at_any_moment_of_a_redemption(own_issuing):
    """What was acknowledged is there afterwards; a code is redeemed once, whenever the process died."""
    site = own_issuing()
    caller, browser = site.caller(), Browser()
    caller.register()
    redeemed = 0
    for attempt in range(60):
        code, pair = code_for(site, caller, browser)
        answers: list = []

        def redeem() -> None:
            try:
                answers.append(caller.redeem(code, pair))
            except OSError:
                pass
            except Exception:
                pass

        thread = threading.Thread(target=redeem)
        thread.start()
        time.sleep(attempt % 12 * 0.0004)
        killed_and_started(site)
        thread.join()
        if answers and answers[0].status == 200:
            redeemed += 1
            assert caller.refresh(answers[0].json["refresh_token"]).status == 200
            assert caller.redeem(code, pair).status == 400
        else:
            again = caller.redeem(code, pair)
            assert again.status == 200 or again.json["error"] == "invalid_grant"
            assert caller.redeem(code, pair).status == 400
    assert 0 < redeemed < 60


def test_what_a_kill_leaves_behind_expires_by_itself(own_issuing):
    site = own_issuing()
    caller = site.caller()
    caller.register()
    code_for(site, caller)
    killed_and_started(site)
    database = sqlite3.connect(site.gateway.home / "gatehouse.db")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("SELECT count(*) FROM authorization_code").fetchone() == (1,)


def test_a_flood_of_sign_ins_leaves_calls_alone(own_issuing):
    """A loop that computed hashes would answer about as many sign-ins as calls; who is too many is told to come again."""
    site = own_issuing(limits={"connections_per_address": 2000})
    token = site.tokens()["access_token"]
    over, statuses = threading.Event(), []

    def flood(number: int) -> None:
        browser, attempt = Browser(), 0
        while not over.is_set():
            attempt += 1
            browser.address = f"127.{number + 1}.{attempt // 200}.{attempt % 200 + 1}"      # or the delays would keep it away
            page = browser.request("GET", site.origin + "/sign-in")
            form = page.form("username", "password")
            answer = browser.request("POST", site.origin + "/sign-in", form.filled(username=f"user{number}-{len(statuses)}", password="wrong password"))
            statuses.append(answer.status)

    threads = [threading.Thread(target=flood, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(statuses) >= 2, seconds=30)
    begun, calls, deadline = statuses.count(403), 0, time.monotonic() + 60
    while statuses.count(403) < begun + 10 and time.monotonic() < deadline:
        assert site.call(token).status == 200
        calls += 1
    hashed = statuses.count(403) - begun
    over.set()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {403, 429, 503}
    assert hashed >= 3 and calls >= 5 * hashed, (calls, hashed)


def registrations(site: IssuingSite, count: int, rate_limited: bool = False) -> int:
    """Sends registrations over a few connections kept alive; how many were accepted."""
    import http.client

    body = json.dumps({"client_name": "Flood", "redirect_uris": ["http://127.0.0.1:9/callback"], "token_endpoint_auth_method": "none"}).encode()

    def one(share: int) -> int:
        connection, accepted = http.client.HTTPConnection("127.0.0.1", site.gateway.port, timeout=30), 0
        for _ in range(share):
            connection.request("POST", "/register", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status in ((201, 429) if rate_limited else (201,)), answer.status
            accepted += answer.status == 201
        connection.close()
        return accepted

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        return sum(pool.map(one, [count // 4] * 4))


def test_open_registration_is_limited_and_keeps_nothing(own_issuing):
    site = own_issuing(registration={"rate": "30/min"})
    accepted = registrations(site, 200, rate_limited=True)
    assert 30 <= accepted <= 32
    answer = site.caller().register()
    assert answer.status == 429 and 1 <= int(answer.headers["Retry-After"]) <= 3
    assert answer.json["error"] and None not in answer.json.values()
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    database = sqlite3.connect(site.gateway.home / "gatehouse.db")
    assert database.execute("SELECT count(*) FROM client").fetchone() == (0,)


@pytest.mark.full
def test_a_million_registrations_cost_nothing_that_stays(own_issuing):
    """No row, no growth of the file, flat memory; the last of them signs in."""
    site = own_issuing(registration={"rate": "1000000/min", "total_rate": "1000000/min"}, log={"access": "off"})
    registrations(site, 20_000)
    files = [p for p in site.gateway.home.iterdir() if p.name.startswith("gatehouse.db")]
    size, memory = sum(p.stat().st_size for p in files), site.gateway.memory_kib()
    bench(site, 1_000_000)
    assert site.gateway.memory_kib() < memory + 4096, (memory, site.gateway.memory_kib())
    assert sum(p.stat().st_size for p in files) <= size + 65536
    database = sqlite3.connect(site.gateway.home / "gatehouse.db")
    assert database.execute("SELECT count(*) FROM client").fetchone() == (0,)
    assert site.call(site.tokens()["access_token"]).status == 200


def bench(site: IssuingSite, count: int) -> None:
    """So many registrations, pipelined over raw sockets, since the test would be slower than the gateway otherwise."""
    import socket

    body = json.dumps({"client_name": "Flood", "redirect_uris": ["http://127.0.0.1:9/callback"], "token_endpoint_auth_method": "none"}).encode()
    request = b"POST /register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    batch = 50

    def one(share: int) -> None:
        with socket.create_connection(("127.0.0.1", site.gateway.port), timeout=60) as connection:
            for _ in range(share // batch):
                connection.sendall(request * batch)
                seen, tail = 0, b""
                while seen < batch:
                    data = tail + connection.recv(1 << 18)
                    assert len(data) > len(tail), "the gateway closed the connection"
                    seen += data.count(b"HTTP/1.1 201 ")
                    assert b"HTTP/1.1 4" not in data and b"HTTP/1.1 5" not in data
                    cut = data.rfind(b"HTTP/1.1 ")
                    tail = data[-12:] if cut < len(data) - 13 else b""
                    tail = tail if b"HTTP/1.1 201 " not in tail else b""

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(one, [count // 8] * 8))
