"""Authorization elsewhere: keys that are found by an issuer's metadata, tokens that only the issuer reads, and tokens for upstreams."""

from __future__ import annotations

import json
import pathlib

import pytest

from support import wire
from support.dpop import BoundCaller, Prover
from support.foreign_issuer import CLIENT, SECRET, ForeignIssuer
from support.gateway import Gateway
from support.issuing import IssuingSite, eventually
from support.keys import signing_key
from support.messages import REVISIONS, Client
from support.recorder import Recorder
from support.several import several

PATH = "/tools/mcp"
SCOPES = {"mcp:read": {"tools": ["get_*"]}, "mcp:write": {"tools": ["create_*"]}}
PRIVATE = {"allow_private": ["127.0.0.0/8"]}


class ForeignSite:
    """A gateway with one server whose tokens come from `issuer`."""

    def __init__(self, home: pathlib.Path, issuer: ForeignIssuer, *, outbound: dict | None = PRIVATE, authorization: dict | None = None, **server) -> None:
        home.mkdir(parents=True)
        (home / "secret").write_text(SECRET + "\n")
        self.issuer, self.recorder = issuer, Recorder()
        settings = {
            "path": PATH, "upstream": self.recorder.url, "scopes": SCOPES,
            "authorization_server": {"issuer": issuer.issuer} | (authorization or {}),
        } | server
        self.gateway = Gateway(home, {"servers": {"tools": settings}, "workers": 2} | ({"outbound": outbound} if outbound else {}))
        issuer.gateway = self.gateway.public_url
        self.gateway.start()

    @property
    def resource(self) -> str:
        return self.gateway.public_url + PATH

    def token(self, scope: str = "mcp:read", **changes) -> str:
        return self.issuer.token(self.resource, scope, **changes)

    def client(self, token: str, revision: str = REVISIONS[0]) -> Client:
        return Client(self.gateway.port, PATH, token, revision)

    def call(self, token: str, tool: str = "get_one", **more):
        return self.client(token, **more).call_tool(tool)

    def end(self) -> None:
        status = self.gateway.stop()
        self.recorder.stop()
        self.issuer.stop()
        assert status == 0, self.gateway.text()[-3000:]
        assert not self.recorder.failures, self.recorder.failures


@pytest.fixture
def site(tmp_path: pathlib.Path):
    yield from several(lambda number, issuer=None, **more: ForeignSite(tmp_path / f"site{number}", issuer or ForeignIssuer(), **more))


INTROSPECTION = {"introspection": {"client_id": CLIENT, "client_secret_file": "secret"}}


@pytest.mark.parametrize("place", [
    "/.well-known/oauth-authorization-server/tenant", "/.well-known/openid-configuration/tenant", "/tenant/.well-known/openid-configuration"])
@pytest.mark.parametrize("revision", REVISIONS)
def test_keys_are_found_by_the_metadata_of_the_issuer(site, place: str, revision: str) -> None:
    one = site(ForeignIssuer("/tenant", (place,)))
    assert one.call(one.token(), revision=revision).status == 200
    assert one.call(one.token(), "create_one", revision=revision).status == 403
    assert one.issuer.count("/keys") == 1
    assert one.gateway.health("/readyz").body == b"ready\n"


def test_metadata_of_another_issuer_lead_nowhere(site) -> None:
    issuer = ForeignIssuer()
    issuer.metadata = lambda: {"issuer": issuer.origin + "/", "jwks_uri": issuer.origin + "/keys"}
    one = site(issuer)
    answer = one.call(one.token())
    assert answer.status == 503 and answer.json["error"]["code"] == 1503
    assert issuer.count("/keys") == 0 and not one.recorder.requests
    assert issuer.issuer.encode() in one.gateway.health("/readyz").body
    metrics = one.gateway.health("/metrics").body.decode()
    assert f'gatehouse_issuer_keys_known{{issuer="{issuer.issuer}"}} 0' in metrics


def test_what_the_address_policy_forbids_is_not_asked(site) -> None:
    one = site(outbound=None)
    assert one.call(one.token()).status == 503
    assert not one.issuer.requests and not one.recorder.requests


def test_tokens_with_known_keys_are_verified_while_the_issuer_is_down(site) -> None:
    one = site()
    assert one.call(one.token()).status == 200
    one.issuer.is_down = True
    for _ in range(20):
        assert one.call(one.token()).status == 200
    assert one.call(one.token(key=signing_key("ES256", "never-published"))).status in (401, 503)
    assert one.call(one.token()).status == 200


def test_a_flood_of_unknown_key_ids_is_one_fetch(site) -> None:
    one = site()
    assert one.call(one.token()).status == 200
    before = one.issuer.count("/keys")
    token = one.token()
    for number in range(300):
        assert one.call(one.token(header={"kid": f"kid-{number}"})).status in (401, 503)
    assert one.issuer.count("/keys") - before <= 1
    assert one.call(token).status == 200


def test_no_url_of_a_token_is_asked(site) -> None:
    one = site()
    assert one.call(one.token()).status == 200
    trap = ForeignIssuer()
    for member in ("jku", "x5u"):
        assert one.call(one.token(header={member: trap.origin + "/keys", "kid": "new"})).status == 401
    assert trap.requests == []
    trap.stop()


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_opaque_token_is_asked_about_once(site, revision: str) -> None:
    one = site(authorization=INTROSPECTION)
    token = one.issuer.opaque_token(one.resource, "mcp:read")
    for _ in range(10):
        assert one.call(token, revision=revision).status == 200
    assert one.issuer.count("/introspect") == 1
    assert one.call(token, "create_one", revision=revision).status == 403
    assert all(token.encode() not in r.head + r.body for r in one.recorder.requests)
    assert token not in one.gateway.text() and SECRET not in one.gateway.text()


@pytest.mark.parametrize("changes", [
    {"iss": "https://other.example"}, {"aud": "https://other.example"}, {"aud": None}, {"exp": 1}, {"active": False},
    {"cnf": {"jkt": "x"}}, {"token_type": "DPoP"}, {"sub": None}])
def test_an_opaque_token_that_is_not_for_here_is_refused(site, changes: dict) -> None:
    one = site(authorization=INTROSPECTION)
    token = one.issuer.opaque_token(one.resource, "mcp:read")
    one.issuer.opaque[token] = {n: v for n, v in (one.issuer.opaque[token] | changes).items() if v is not None}
    assert one.call(token).status == 401
    assert not one.recorder.requests


@pytest.mark.parametrize("kind", ["DPoP", "Bearer"])
def test_an_opaque_token_that_is_bound_needs_a_proof(site, kind: str) -> None:
    """RFC 9449 §6.2"""
    one = site(authorization=INTROSPECTION)
    caller = BoundCaller(one.gateway.public_url)
    token = one.issuer.opaque_token(one.resource, "mcp:read", cnf={"jkt": caller.prover.thumbprint})
    one.issuer.opaque[token]["token_type"] = kind
    assert caller.call(token, PATH).status == 200 and len(caller.refused) == 1
    assert one.call(token).status == 401
    caller.prover = Prover()
    assert caller.call(token, PATH).status == 401
    assert one.issuer.count("/introspect") == 1 and len(one.recorder.requests) == 1


def test_without_an_answer_about_a_token_nothing_is_open(site) -> None:
    one = site(authorization=INTROSPECTION)
    token = one.issuer.opaque_token(one.resource, "mcp:read")
    one.issuer.is_down = True
    assert one.call(token).status == 503
    assert not one.recorder.requests
    one.issuer.is_down = False
    eventually(lambda: one.call(token).status == 200, 20)


EXCHANGE = {"kind": "token_exchange", "client_id": CLIENT, "client_secret_file": "secret", "audience": "urn:upstream"}


def test_the_issuers_own_token_is_exchanged_for_the_upstreams(site) -> None:
    issuer = ForeignIssuer()
    one = site(issuer, upstream_authorization=EXCHANGE | {"issuer": issuer.issuer})
    token = one.token()
    for _ in range(3):
        assert one.call(token).status == 200
    assert len(issuer.exchanged) == 1
    [(exchanged, what)] = issuer.exchanged.items()
    assert what["form"]["subject_token"] == token
    shown = {v for r in one.recorder.requests for v in r.values("authorization")}
    assert shown == {f"Bearer {exchanged}"}
    assert all(token.encode() not in r.head + r.body for r in one.recorder.requests)


def test_a_bound_token_is_exchanged_like_any_other(site) -> None:
    issuer = ForeignIssuer()
    one = site(issuer, upstream_authorization=EXCHANGE | {"issuer": issuer.issuer})
    caller = BoundCaller(one.gateway.public_url)
    token = one.token(cnf={"jkt": caller.prover.thumbprint})
    assert caller.call(token, PATH).status == 200
    [(exchanged, what)] = issuer.exchanged.items()
    assert what["form"]["subject_token"] == token
    assert {v for r in one.recorder.requests for v in r.values("authorization")} == {f"Bearer {exchanged}"}


def test_a_provider_that_refuses_or_is_down_lets_nothing_through(site) -> None:
    issuer = ForeignIssuer()
    one = site(issuer, upstream_authorization=EXCHANGE | {"issuer": issuer.issuer, "audience": "https://not-here.example"})
    answer = one.call(one.token())
    assert answer.status == 502 and answer.json["error"]["code"] == 1502
    issuer.is_down = True
    answer = one.call(one.token(sub="user-2"))
    assert answer.status == 503 and answer.json["error"]["code"] == 1503
    assert not one.recorder.requests


@pytest.fixture
def issuing(tmp_path: pathlib.Path):
    provider = ForeignIssuer()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "secret").write_text(SECRET + "\n")
    one = IssuingSite(
        tmp_path / "site", tools={"upstream_authorization": EXCHANGE | {"token_endpoint": provider.origin + "/token"}}, outbound=PRIVATE)
    provider.gateway = one.origin
    yield one, provider
    one.end()
    provider.stop()


def test_a_callers_identity_is_exchanged_and_ends_with_the_grant(issuing) -> None:
    one, provider = issuing
    tokens = one.tokens(scope="mcp:read")
    token = tokens["access_token"]
    for _ in range(3):
        answer = Client(one.gateway.port, PATH, token, REVISIONS[0]).call_tool("get_one")
        assert answer.status == 200, (provider.refusals, answer.status)
    assert len(provider.exchanged) == 1
    [(exchanged, what)] = provider.exchanged.items()
    assert what["subject"]["server"] == "tools" and what["form"]["audience"] == "urn:upstream"
    calls = [r for r in one.recorder.requests if r.method == "POST"]
    assert {v for r in calls for v in r.values("authorization")} == {f"Bearer {exchanged}"}
    assert all(token.encode() not in r.head + r.body for r in one.recorder.requests)
    grants = one.run("grant", "list", "--json")
    assert grants.returncode == 0
    grant = json.loads(grants.stdout.splitlines()[0])
    assert one.run("grant", "revoke", grant["id"]).returncode == 0
    assert one.call(token).status == 401
    # Another grant of the same user is another exchange.
    again = one.tokens(scope="mcp:read")["access_token"]
    assert Client(one.gateway.port, PATH, again, REVISIONS[0]).call_tool("get_one").status == 200
    assert len(provider.exchanged) == 2
    assert wire.exchange(one.gateway.port, wire.request("GET", "/identity-jwks", one.gateway.port)).status == 200
