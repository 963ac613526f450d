"""A request without a good token is answered with 401 and a challenge, and nothing of it reaches the upstream."""

from __future__ import annotations

import time

import pytest

from conftest import PATH, Site
from support import messages, wire
from support.keys import ALGORITHMS, Issuer, signing_key
from support.messages import Client
from support.recorder import Exchange, Received, echo

OTHER = Issuer(prefix="other-")
LEEWAY = 30         # seconds by which the clock of the issuer may differ


def wrong_tokens(site: Site) -> dict[str, str]:
    """Every token that must not be accepted, by what is wrong with it."""
    here, now, issuer = site.resource, int(time.time()), site.issuer
    good = site.token()
    head, payload, signature = good.split(".")
    return {
        "for another server of this gateway": site.token(audience=site.gateway.public_url + "/other/mcp"),
        "for another origin": site.token(audience="https://other.example/tools/mcp"),
        "for the origin only": site.token(audience=site.gateway.public_url),
        "for a longer path": site.token(audience=here + "/more"),
        "for a path in other case": site.token(audience=here.replace("/tools", "/Tools")),
        "without audience": site.token(aud=None),
        "with an empty audience list": site.token(aud=[]),
        "expired": site.token(iat=now - 7200, exp=now - 3600),
        "without expiry": site.token(exp=None),
        "with an expiry that is text": site.token(exp=str(now + 3600)),
        "not yet valid": site.token(nbf=now + 3600),
        "of another issuer": Issuer("https://other.test").token(here, "mcp:read"),
        "of the issuer with a slash": Issuer("https://idp.test/").token(here, "mcp:read"),
        "without issuer": site.token(iss=None),
        "signed by an unknown key": OTHER.token(here, "mcp:read"),
        "signed by an unknown key that claims a known id": issuer.token(
            here, "mcp:read", key=OTHER.key(), header={"kid": issuer.key().kid}
        ),
        "signed with another algorithm's key id": issuer.token(here, "mcp:read", header={"kid": issuer.key("RS256").kid}),
        "with alg none": issuer.unsigned(here, "mcp:read"),
        "with alg None in capitals": issuer.unsigned(here, "mcp:read", algorithm="NONE"),
        "with alg none and a signature": issuer.unsigned(here, "mcp:read", signature=signature),
        "with alg HS256": issuer.token(here, "mcp:read", algorithm="HS256", key=signing_key("HS256", issuer.key().kid)),
        "with the type of an ID token": issuer.token(here, "mcp:read", header={"typ": "JWT+id"}),
        "with a critical header": issuer.token(here, "mcp:read", header={"crit": ["b64"], "b64": True}),
        "with a key of its own": issuer.token(here, "mcp:read", key=OTHER.key(), header={"kid": None, "jwk": OTHER.key().as_dict(private=False)}),
        "with a changed payload": f"{head}.{payload[:-2]}{'A' if payload[-2] != 'A' else 'B'}{payload[-1]}.{signature}",
        "with a changed signature": f"{head}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}",
        "with a cut signature": f"{head}.{payload}.{signature[:-4]}",
        "with an empty signature": f"{head}.{payload}.",
        "with padding": good + "==",
        "with a fourth part": good + ".e30",
        "with two parts": f"{head}.{payload}",
        "of random letters": "garbage",
        "of 7,000 letters": "a" * 7000,
    }


def is_challenge(site: Site, answer: wire.Answer, sent: bool) -> None:
    """G1 of the clients' needs: one challenge, in the order that all of them read."""
    assert answer.status == 401, answer
    value = answer.field("www-authenticate")
    metadata = f'{site.gateway.public_url}/.well-known/oauth-protected-resource{PATH}'
    assert value.startswith(f'Bearer resource_metadata="{metadata}", scope="'), value
    scope = value.split('scope="')[1].split('"')[0]
    assert set(scope.split()) == {"mcp:read", "mcp:write"}, "the challenge names every initial scope"
    assert ('error="invalid_token"' in value) == sent, value
    if sent:
        assert value.index("error=") > value.index("scope="), value
    assert '=""' not in value


WRONG = list(wrong_tokens(type("Names", (), {
    "resource": "http://h/tools/mcp", "issuer": Issuer(), "gateway": type("G", (), {"public_url": "http://h"}),
    "token": lambda self=None, **c: Issuer().token(c.pop("audience", "http://h/tools/mcp"), "mcp:read", **c),
})))


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("revision", messages.REVISIONS)
def test_a_wrong_token_is_refused_and_the_upstream_sees_nothing(site: Site, kind: str, revision: str):
    answer = site.client(token=wrong_tokens(site)[kind], revision=revision).call_tool("get_one")
    is_challenge(site, answer, sent=True)
    assert site.recorder.bytes == b""
    site.works()


@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "DELETE"])
@pytest.mark.parametrize("fields", [{}, {"Accept": "text/html"}, {"MCP-Protocol-Version": "1999-01-01"}, {"Content-Type": "text/plain"}])
def test_every_method_without_a_token_gets_the_challenge(site: Site, method: str, fields: dict):
    body = b"not even JSON" if method == "POST" else None
    answer = wire.exchange(site.port, wire.request(method, PATH, site.port, fields, body), method)
    is_challenge(site, answer, sent=False)
    assert site.recorder.bytes == b""


@pytest.mark.parametrize("value", ["Basic dTpw", "Bearer", "Bearer ", "Token x", "", "DPoP-x", "DPoPx"])
def test_an_authorization_field_that_carries_no_bearer_token_is_refused(site: Site, value: str):
    client = site.client()
    answer = wire.exchange(site.port, client.raw(b"{}", {"Authorization": value}))
    assert answer.status in (400, 401), answer
    assert answer.status == 400 or answer.field("www-authenticate").startswith("Bearer ")
    assert site.recorder.bytes == b""


def test_two_authorization_fields_are_refused(site: Site):
    token = site.token()
    pairs = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}"), ("Content-Type", "application/json")]
    answer = wire.exchange(site.port, wire.request("POST", PATH, site.port, pairs, b"{}"))
    assert answer.status in (400, 401), answer
    assert site.recorder.bytes == b""


def test_a_token_in_the_query_is_not_taken(site: Site):
    """RFC 6750 §2.3 is not supported: MCP forbids it."""
    client = Client(site.port, f"{PATH}?access_token={site.token()}", None)
    assert client.call_tool("get_one").status in (400, 401)
    assert site.recorder.bytes == b""


def test_a_token_in_the_body_is_not_taken(site: Site):
    """RFC 6750 §2.2."""
    body = f"access_token={site.token()}".encode()
    pairs = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = wire.exchange(site.port, wire.request("POST", PATH, site.port, pairs, body))
    is_challenge(site, answer, sent=False)
    assert site.recorder.bytes == b""


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("audience", ["text", "list", "list with others"])
def test_a_good_token_of_every_algorithm_is_accepted(site: Site, algorithm: str, audience: str):
    here = site.resource
    value = {"text": here, "list": [here], "list with others": ["https://other.example", here]}[audience]
    token = site.token(algorithm=algorithm, aud=value)
    assert site.client(token=token).call_tool("get_one").status == 200
    assert len(site.recorder.requests) == 1


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_compared_without_case(site: Site, scheme: str):
    """RFC 9110 §11.1."""
    data = site.client().bytes("ping").replace(b"Authorization: Bearer", b"Authorization: " + scheme.encode())
    assert wire.exchange(site.port, data).status == 200


def test_a_cached_token_is_refused_once_it_has_expired(site: Site):
    now = int(time.time())
    token = site.token(iat=now - 100, exp=now - LEEWAY + 2)
    assert site.client(token=token).call_tool("get_one").status == 200
    time.sleep(3.2)
    is_challenge(site, site.client(token=token).call_tool("get_one"), sent=True)


@pytest.mark.parametrize("end", [9_999_999_999, 253_402_300_798])
def test_a_token_that_hardly_ever_ends_opens_a_stream(site: Site, end: int):
    """The year 9999 in nanoseconds is more than 64 bits hold."""
    async def one_event(request: Received, exchange: Exchange) -> None:
        await exchange.stream()
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": 1}})
        await exchange.end()

    site.recorder.script = one_event
    client = site.client(token=site.token(exp=end))
    with wire.Connection(site.port) as connection:
        assert client.get(connection).status == 200
    site.recorder.script = echo
    assert client.call_tool("get_one").status == 200


def test_no_token_appears_in_the_log(site: Site):
    good, bad = site.token(), wrong_tokens(site)["expired"]
    site.client(token=good).call_tool("get_one")
    site.client(token=bad).call_tool("get_one")
    time.sleep(0.3)
    for token in (good, bad):
        assert token not in site.gateway.text()
        assert token.split(".")[2] not in site.gateway.text()
