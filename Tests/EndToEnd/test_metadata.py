"""The documents that clients look for lie where every client looks for them."""

from __future__ import annotations

import pytest

from conftest import PATH, Site, protected_server
from support import wire

WELL_KNOWN = "/.well-known/oauth-protected-resource"


def get(site: Site, path: str, method: str = "GET", fields: dict | None = None) -> wire.Answer:
    return wire.exchange(site.port, wire.request(method, path, site.port, fields or {}), method)


@pytest.mark.parametrize("place, resource", [
    (WELL_KNOWN + PATH, PATH),
    (WELL_KNOWN + PATH + "/", PATH + "/"),
    (PATH + WELL_KNOWN, PATH),
    (WELL_KNOWN, PATH),
])
@pytest.mark.parametrize("query", ["", "?a=b", "?"])
def test_the_resource_metadata_lies_where_clients_look(site: Site, place: str, resource: str, query: str):
    answer = get(site, place + query, fields={"MCP-Protocol-Version": "2025-11-25"})
    assert answer.status == 200 and answer.field("content-type") == "application/json"
    document = answer.json
    assert document["resource"] == site.gateway.public_url + resource
    assert document["authorization_servers"] == ["https://idp.test"]
    assert set(document["scopes_supported"]) >= {"mcp:read", "mcp:write"}
    assert document["bearer_methods_supported"] == ["header"]
    assert None not in document.values()
    assert answer.field("access-control-allow-origin") == "*"


def test_the_challenge_names_metadata_that_is_there(site: Site):
    for path in (PATH, PATH + "/"):
        challenge = get(site, path, "POST").field("www-authenticate")
        url = challenge.split('resource_metadata="')[1].split('"')[0]
        document = get(site, url.removeprefix(site.gateway.public_url)).json
        assert document["resource"] == site.gateway.public_url + path


def test_both_spellings_of_the_path_are_served_without_redirect(site: Site):
    client = site.client()
    client.path = PATH + "/"
    assert client.call_tool("get_one").status == 200


@pytest.mark.parametrize("path", [
    "/.well-known/oauth-protected-resource/other", "/.well-known/openid-configuration/tools/mcp", "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server/tools/mcp", "/.well-known/", "/.well-known/mcp", "/", "/nothing", "/tools", "/tools/mcp/more",
    "/Tools/mcp", "/tools/mcp%2f", "/tools//mcp", "/tools/./mcp", "/x/../tools/mcp", "/%74ools/mcp",
])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_not_there_is_404_without_a_challenge(site: Site, path: str, method: str):
    answer = get(site, path, method)
    assert answer.status in (404, 400) and answer.values("www-authenticate") == []
    assert site.recorder.bytes == b""


def test_with_foreign_issuers_only_there_is_no_authorization_server(site: Site):
    for path in ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"):
        assert get(site, path).status == 404


def test_with_two_servers_the_root_document_is_nobodys(own_site):
    site = own_site(servers={"more": {"path": "/more/mcp", "upstream": "http://127.0.0.1:9/mcp", "authorization_server": {"issuer": "https://idp.test", "jwks_file": "jwks.json"}}})
    assert get(site, WELL_KNOWN).status == 404
    assert get(site, WELL_KNOWN + "/more/mcp").json["resource"].endswith("/more/mcp")
    assert get(site, WELL_KNOWN + PATH).json["resource"].endswith(PATH)


def test_head_gives_the_fields_of_get_and_no_content(site: Site):
    full, head = get(site, WELL_KNOWN + PATH), get(site, WELL_KNOWN + PATH, "HEAD")
    assert head.status == 200 and head.field("content-type") == full.field("content-type")
    assert head.field("content-length") == str(len(full.body))


def test_the_authority_in_host_does_not_change_what_is_said(site: Site):
    answer = get(site, WELL_KNOWN + PATH, fields={"Host": "evil.example"})
    assert answer.status in (200, 400, 421)
    assert b"evil.example" not in answer.body
    challenge = wire.exchange(site.port, wire.request("POST", PATH, site.port, {"Host": "evil.example"}, b"")).values("www-authenticate")
    assert "evil.example" not in "".join(challenge)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "TRACE", "CONNECT", "PROPFIND", "BREW"])
def test_a_method_that_means_nothing_here_is_refused(site: Site, method: str):
    answer = wire.exchange(site.port, site.client().bytes("ping").replace(b"POST ", method.encode() + b" ", 1), method)
    assert answer.status in (400, 405, 501), answer
    assert site.recorder.bytes == b""


def test_unknown_methods_without_a_token_reveal_nothing(site: Site):
    assert get(site, WELL_KNOWN + PATH, "DELETE").status == 405
