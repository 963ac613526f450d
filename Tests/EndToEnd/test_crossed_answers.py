"""500 clients with the same ids at once, answered out of order: nobody gets what belongs to another."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from conftest import PATH, Site, end, make_site
from support.crowd import Caller, Crowd
from support.messages import LEGACY, MODERN, fields, message
from support.places import END_TO_END
from support.wire import request

CLIENTS = 500
CALL = message("tools/call", {"name": "get_one"}, revision=MODERN)


@contextlib.contextmanager
def whoami(*options: str) -> Iterator[int]:
    """The port of an upstream that names its callers."""
    server = subprocess.Popen([sys.executable, END_TO_END / "support" / "whoami_server.py", *options], stdout=subprocess.PIPE, text=True)
    try:
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


def caller(site: Site, number: int) -> Caller:
    """Every other one speaks 2026-07-28."""
    revision = MODERN if number % 2 else LEGACY
    subject = f"user-{number}"
    pairs = fields(site.token(sub=subject, client_id=f"client-{number % 7}"), revision, CALL)
    head = request("POST", PATH, site.port, pairs)[:-2]
    meta = {"_meta": CALL["params"]["_meta"]} if revision == MODERN else {}
    return Caller(subject, head, meta)


def crowd(site: Site, clients: int, calls_each: int) -> Crowd:
    """Each on a connection of its own; every fifth connection is shared with another caller, as behind a proxy."""
    callers = [caller(site, number) for number in range(clients)]
    members = [[one, callers[number - 1]] if number % 5 == 0 else [one] for number, one in enumerate(callers)]
    return Crowd(site.port, members, calls_each)


def run(tmp_path, calls_each: int, seconds: float, *options: str, clients: int = CLIENTS) -> Crowd:
    with whoami(*options) as port:
        site = make_site(tmp_path, tools={"upstream": f"http://127.0.0.1:{port}/mcp"})
        try:
            these = crowd(site, clients, calls_each)
            begun = time.monotonic()
            asyncio.run(these.run(seconds))
            print(f"{these.answers} answers in {time.monotonic() - begun:.1f} s, {these.streams} of them streams")
            return these
        finally:
            end(site)


def all_were_right(these: Crowd) -> None:
    assert not these.failures, (len(these.failures), these.failures[:5])
    assert these.answers == these.total
    assert these.total * 0.3 < these.streams < these.total * 0.5


def test_nobody_of_500_gets_the_answer_of_another_in_10_000_calls(tmp_path):
    all_were_right(run(tmp_path, 20, 240))


@pytest.mark.full
def test_nobody_of_500_gets_the_answer_of_another_in_100_000_calls(tmp_path):
    all_were_right(run(tmp_path, 200, 900))


def test_the_check_sees_answers_that_an_upstream_crossed(tmp_path):
    these = run(tmp_path, 20, 120, "--crossed", clients=50)
    assert these.answers == these.total
    assert these.failures and all("was told" in failure for failure in these.failures), these.failures[:5]
