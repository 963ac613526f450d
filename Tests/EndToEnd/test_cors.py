"""Which web pages may use the gateway, and that those which may can read what they need."""

from __future__ import annotations

import pytest

from conftest import PATH, Site
from support import wire

EXPOSED = {"www-authenticate", "mcp-session-id", "mcp-protocol-version"}


def preflight(site: Site, path: str, origin: str, headers: str = "authorization, content-type, mcp-protocol-version") -> wire.Answer:
    fields = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": headers}
    return wire.exchange(site.port, wire.request("OPTIONS", path, site.port, fields), "OPTIONS")


def names(answer: wire.Answer, field: str) -> set[str]:
    return {n.strip().lower() for v in answer.values(field) for n in v.split(",")}


FOREIGN = ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost.evil.example:80", "file://", "https://127.0.0.1@evil.example"]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_is_refused_before_anything_else(site: Site, origin: str):
    for data in (
        wire.request("POST", PATH, site.port, {"Origin": origin}, b"{}"),
        site.client().raw(b'{"jsonrpc":"2.0","id":1,"method":"ping"}', {"Origin": origin}),
    ):
        answer = wire.exchange(site.port, data)
        assert answer.status == 403 and answer.values("www-authenticate") == []
        assert answer.values("access-control-allow-origin") == []
    assert preflight(site, PATH, origin).status == 403
    assert site.recorder.bytes == b""


@pytest.mark.parametrize("origin", ["http://127.0.0.1:6274", "http://localhost:6274", "http://[::1]:3000", "http://localhost"])
def test_a_loopback_origin_is_welcome_while_the_gateway_is_on_loopback(site: Site, origin: str):
    answer = preflight(site, PATH, origin, "authorization, content-type, mcp-protocol-version, mcp-method, mcp-name, last-event-id, mcp-session-id, mcp-param-region")
    assert answer.status == 204
    assert answer.field("access-control-allow-origin") == origin
    assert "origin" in names(answer, "vary")
    assert names(answer, "access-control-allow-methods") >= {"get", "post", "delete"}
    assert names(answer, "access-control-allow-headers") >= {
        "authorization", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "last-event-id", "mcp-session-id",
    }
    assert answer.field("access-control-max-age")
    assert answer.values("access-control-allow-credentials") == []
    real = wire.exchange(site.port, site.client().raw(b'{"jsonrpc":"2.0","id":1,"method":"ping"}', {"Origin": origin}))
    assert real.status == 200 and real.field("access-control-allow-origin") == origin
    assert names(real, "access-control-expose-headers") >= EXPOSED
    assert "origin" in names(real, "vary")


@pytest.mark.parametrize("fields, status", [({}, 401), ({"Authorization": "Bearer x"}, 401)])
def test_a_page_can_read_the_challenge(site: Site, fields: dict, status: int):
    answer = wire.exchange(site.port, wire.request("POST", PATH, site.port, fields | {"Origin": "http://localhost:6274"}, b"{}"))
    assert answer.status == status
    assert answer.field("access-control-allow-origin") == "http://localhost:6274"
    assert names(answer, "access-control-expose-headers") >= EXPOSED


def test_a_page_can_read_a_403_and_a_502(site: Site):
    async def refuse(request, exchange):
        await exchange.answer(403)

    page = {"Origin": "http://localhost:6274"}
    call = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s"}}'
    assert wire.exchange(site.port, site.client().raw(call % b"delete_one", page)).field("access-control-allow-origin")
    site.recorder.script = refuse
    assert wire.exchange(site.port, site.client().raw(call % b"get_one", page)).field("access-control-allow-origin")


@pytest.mark.parametrize("path", ["/.well-known/oauth-protected-resource" + PATH, "/jwks"])
def test_public_documents_may_be_read_by_every_page(site: Site, path: str):
    if path == "/jwks" and wire.exchange(site.port, wire.request("GET", path, site.port)).status == 404:
        pytest.skip("this gateway issues nothing")
    for origin in FOREIGN:
        assert preflight(site, path, origin).status == 204
        answer = wire.exchange(site.port, wire.request("GET", path, site.port, {"Origin": origin}))
        assert answer.status == 200 and answer.field("access-control-allow-origin") == "*"


def test_an_origin_on_the_list_is_welcome_and_no_other(own_site):
    site = own_site(tools={"allowed_origins": ["https://inspector.example"]})
    assert preflight(site, PATH, "https://inspector.example").field("access-control-allow-origin") == "https://inspector.example"
    for origin in ("https://inspector.example:444", "http://inspector.example", "https://inspector.example.evil.example", "https://sub.inspector.example"):
        assert preflight(site, PATH, origin).status == 403


def test_two_origins_are_refused(site: Site):
    pairs = [("Origin", "http://localhost:1"), ("Origin", "https://evil.example")]
    assert wire.exchange(site.port, wire.request("POST", PATH, site.port, pairs, b"{}")).status in (400, 403)
