"""Redirect URIs that browsers and servers read differently (threat 10): the vectors of the Web Platform Tests for URLs.

Each vector is a text and what every browser makes of it. They come with Debian's package of Rust's url crate, which is tested by them too.
"""

from __future__ import annotations

import functools
import json
import pathlib
import re
import urllib.parse

import pytest

from support.browser import Browser, Page
from support.flow import Answer, Caller, Pair
from support.issuing import IssuingSite
from support.places import ROOT

HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.[a-z]+")
OWN = ["http://127.0.0.1:9/callback", "https://agent.example.com/callback", "com.example.app:/callback"]


@functools.cache
def vectors() -> list[dict]:
    places = [base / "usr/share/cargo/registry" for base in (ROOT / ".build" / "tools", pathlib.Path("/"))]
    found = [path for place in places for path in sorted(place.glob("url-*/tests/urltestdata.json"))]
    assert found, "librust-url-dev is not there"
    given = [vector for vector in json.loads(found[0].read_text()) if isinstance(vector, dict)]
    return given + [twin for vector in given if (twin := secured(vector))]


def secured(vector: dict) -> dict | None:
    """The same by https, which browsers read like http but for the default port; most vectors are of http, which is no redirect URI."""
    if not re.match("http://", vector["input"], re.IGNORECASE) or vector.get("port") or re.search(r":0*(80|443)", vector["input"]):
        return None
    changed = {name: vector[name].replace("http:", "https:", 1) for name in ("href", "origin", "protocol") if name in vector}
    return vector | changed | {"input": "https" + vector["input"][4:]}


def hosts() -> list[str]:
    """All hosts that the vectors lead to and that a policy can name, so that the policy is not what refuses them."""
    return sorted({host for vector in vectors() if HOST.fullmatch(host := vector.get("hostname", ""))})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    one = IssuingSite(tmp_path_factory.mktemp("redirects"), registration={
        "rate": "100000/min", "total_rate": "100000/min", "redirect_uris": ["loopback", "agent.example.com", "com.example.app:", *hosts()]})
    yield one
    one.end()


def quoted(text: str) -> str:
    return urllib.parse.quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def target(caller: Caller, uri: str) -> str:
    url = urllib.parse.urlsplit(caller.authorization_url(Pair(), redirect_uri=None))
    return f"{url.path}?{url.query}&redirect_uri={quoted(uri)}"


def present(caller: Caller, uri: str) -> Answer:
    """An authorization request that names this redirect URI."""
    return caller.send("GET", target(caller, uri))


def test_there_are_hundreds_of_them():
    assert len(vectors()) > 900 and sum(bool(vector.get("failure")) for vector in vectors()) > 300
    assert len(hosts()) > 10


def test_no_other_text_is_taken_for_a_registered_one(site: IssuingSite):
    caller = Caller(site.origin)
    assert caller.register(redirect_uris=OWN).status == 201
    assert all(present(caller, uri).status == 200 for uri in OWN)
    for vector in vectors():
        answer = present(caller, vector["input"])
        # A page for the person, and nobody is sent anywhere.
        assert answer.status == 400 and "Location" not in answer.headers, (vector["input"], answer.status)


def test_what_may_be_registered_leads_browsers_where_the_page_says(site: IssuingSite):
    taken: dict[str, list[str]] = {}
    for vector in vectors():
        caller = Caller(site.origin)
        answer = caller.register(redirect_uris=[vector["input"]])
        if answer.status != 201:
            assert answer.status == 400 and answer.json["error"] in ("invalid_redirect_uri", "invalid_client_metadata"), (vector, answer.body)
            continue
        # What no browser can follow, or follows by where it was, is no redirect URI.
        assert not vector.get("failure"), vector
        assert urllib.parse.urlsplit(vector["input"]).scheme + ":" == vector["protocol"], vector
        assert (vector["username"], vector["password"], vector["hash"]) == ("", "", ""), vector
        # A browser goes to the very text, but for the spelling of the host, its own port and the slash of an empty path.
        assert vector["href"] == as_read(vector["input"]), vector
        assert answer.json["redirect_uris"] == [vector["input"]]
        shown = Browser().open(site.origin + target(caller, vector["input"]))
        assert isinstance(shown, Page) and shown.status == 200, vector
        if vector["protocol"] in ("http:", "https:"):
            assert re.search(rf"(?<![\w.-]){re.escape(vector['hostname'])}(?![\w.-]*\w)", shown.text), (vector, shown.text)
        taken.setdefault(vector["href"], []).append(vector["input"])
    assert len(taken) > 5, taken


def as_read(uri: str) -> str:
    """The URI with its authority in lower case, without the port of https, with a path."""
    read = re.sub("^https?://[^/?]*", lambda start: re.sub(r"^(https:.*):443$", r"\1", start[0].lower()), uri)
    return re.sub(r"^(https?://[^/?]*)(?=\?|$)", r"\1/", read)


def test_two_texts_for_one_place_are_two_redirect_uris(site: IssuingSite):
    """Browsers take them for one; a client that registered the one cannot be sent to by the other."""
    by_place: dict[str, set[str]] = {}
    for vector in vectors():
        if "href" in vector:
            by_place.setdefault(vector["href"], set()).add(vector["input"])
    count = 0
    for place, texts in by_place.items():
        caller = Caller(site.origin)
        if caller.register(redirect_uris=[place]).status != 201:
            continue
        assert present(caller, place).status == 200
        for text in texts - {place}:
            answer = present(caller, text)
            is_loopback = urllib.parse.urlsplit(place).hostname in ("127.0.0.1", "localhost", "::1")
            if is_loopback and text + "/" == place:
                continue
            assert answer.status == 400 and "Location" not in answer.headers, (place, text)
            count += 1
    assert count > 40, count
