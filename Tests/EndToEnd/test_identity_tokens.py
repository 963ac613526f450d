"""An upstream that trusts nobody learns who acts from a token that it verifies itself, with the keys that it fetches over HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import pathlib
import time
import urllib.request

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from support import wire
from support.issuing import PATH, SCOPES, USER, IssuingSite, eventually
from support.messages import MODERN, REVISIONS, Client
from support.recorder import Exchange, Received, Recorder, echo

TYPE = "gatehouse-identity+jwt"
CREDENTIALS = {"bearer": "s3cr3t-bearer", "header": "s3cr3t-header"}
AUDIENCE = "urn:example:headed"


class Verifier:
    """What a careful upstream does with every request; whatever is not as it must be is answered with 401."""

    def __init__(self, audience: str, field: str = "authorization") -> None:
        self.audience, self.field = audience, field
        self.origin = ""
        self.tokens: list = []

    def keys(self) -> KeySet:
        with urllib.request.urlopen(self.origin + "/identity-jwks", timeout=10) as answer:
            return KeySet.import_key_set(json.load(answer))

    def verify(self, request: Received):
        [value] = request.values(self.field)
        if self.field == "authorization":
            scheme, _, value = value.partition(" ")
            assert scheme == "Bearer"
        token = jwt.decode(value, self.keys(), algorithms=["ES256"])
        claims, now = token.claims, time.time()
        assert token.header["typ"] == TYPE and set(token.header) == {"alg", "kid", "typ"}
        assert claims["iss"] == self.origin and claims["aud"] == self.audience
        assert claims["iat"] <= now + 1 and now < claims["exp"] <= claims["iat"] + 60
        return token

    async def __call__(self, request: Received, exchange: Exchange) -> None:
        try:
            token = await asyncio.get_running_loop().run_in_executor(None, self.verify, request)
        except Exception as error:
            self.tokens.append(error)
            return await exchange.answer(401)
        self.tokens.append(token)
        await echo(request, exchange)


class Site(IssuingSite):
    """A server for each kind of credential, each with an upstream of its own; two of them get identities."""

    def __init__(self, home: pathlib.Path, **settings) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.upstreams = {name: Recorder() for name in ("tools", "headed", "none", "bearer", "header")}
        for name, value in CREDENTIALS.items():
            (home / name).write_text(value + "\n")
        kinds = {
            "headed": {"kind": "identity", "header": "X-Identity", "audience": AUDIENCE},
            "none": {"kind": "none"},
            "bearer": {"kind": "bearer", "file": "bearer"},
            "header": {"kind": "header", "header": "X-Api-Key", "file": "header"},
        }
        servers = {
            name: {"path": f"/{name}/mcp", "upstream": self.upstreams[name].url, "scopes": SCOPES, "upstream_authorization": kind}
            for name, kind in kinds.items()
        }
        super().__init__(
            home, upstream=self.upstreams["tools"].url, servers=servers, workers=1,
            tools={"upstream_authorization": {"kind": "identity"}}, **settings)
        self.verifier = Verifier(self.upstreams["tools"].url)
        self.headed = Verifier(AUDIENCE, "x-identity")
        self.verifier.origin = self.headed.origin = self.origin
        self.fresh()

    def fresh(self) -> None:
        for recorder in self.upstreams.values():
            recorder.clear()
        for name, verifier in (("tools", self.verifier), ("headed", self.headed)):
            verifier.tokens.clear()
            self.upstreams[name].script = verifier

    def token(self, server: str = "tools", scope: str = "mcp:read", *arguments: str) -> str:
        done = self.run("token", "issue", "--server", server, "--subject", USER, "--scope", scope, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def client(self, token: str, server: str = "tools", revision: str = REVISIONS[0]) -> Client:
        return Client(self.gateway.port, f"/{server}/mcp", token, revision)

    def call_tool(self, token: str, server: str = "tools", **more: str):
        """The identity token with which the call came to the upstream."""
        answer = self.client(token, server).call_tool("get_one", **more)
        verifier = self.headed if server == "headed" else self.verifier
        assert answer.status == 200, (answer, verifier.tokens, self.gateway.text()[-2000:])
        return verifier.tokens[-1]

    def keys(self) -> list[str]:
        return [key["kid"] for key in wire.exchange(self.gateway.port, wire.request("GET", "/identity-jwks", self.gateway.port)).json["keys"]]

    def end(self) -> None:
        super().end()
        for recorder in self.upstreams.values():
            recorder.stop()
            assert not recorder.failures, recorder.failures


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory):
    site = Site(tmp_path_factory.mktemp("identity"))
    yield site
    site.end()


@pytest.fixture
def site(shared: Site):
    shared.fresh()
    return shared


@pytest.fixture
def own_site(tmp_path: pathlib.Path):
    site = Site(tmp_path / "site")
    yield site
    site.end()


def claims_of(token: str) -> dict:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_upstream_verifies_who_acts(site: Site, revision: str):
    access = site.token(scope="mcp:read mcp:write")
    assert site.client(access, revision=revision).call_tool("create_one").status == 200
    [token] = site.verifier.tokens
    expected = claims_of(access)
    assert token.claims["sub"] == expected["sub"] and token.claims["client_id"] == "gatehouse-cli"
    assert token.claims["scope"] == "mcp:read mcp:write" and token.claims["server"] == "tools"
    assert set(token.claims) == {"iss", "sub", "aud", "client_id", "scope", "server", "iat", "exp", "jti"}
    assert token.claims["jti"] != expected["jti"]
    # The fields beside it say the same as ever.
    [request] = site.upstreams["tools"].requests
    assert request.values("x-gatehouse-subject") == [expected["sub"]]


def test_every_kind_of_request_carries_it(site: Site):
    client = site.client(site.token())
    assert client.call("tools/list").status == 200
    assert client.call("notifications/initialized", identifier=None).status == 202
    with wire.Connection(site.gateway.port) as connection:
        assert client.get(connection).status == 200
    eventually(lambda: len(site.verifier.tokens) == 3)
    assert {getattr(t, "header", {}).get("typ") for t in site.verifier.tokens} == {TYPE}


def test_a_field_of_its_own_carries_it_alone_and_for_the_audience_that_is_named(site: Site):
    token = site.call_tool(site.token("headed"), "headed")
    assert token.claims["aud"] == AUDIENCE and token.claims["server"] == "headed"
    [request] = site.upstreams["headed"].requests
    assert request.values("authorization") == []
    assert TYPE.encode() not in b"".join(v.encode() for n, v in request.fields if n != "x-identity")


@pytest.mark.parametrize("name", ["X-Identity", "x-identity", "X_Identity", "x.identity"])
def test_what_the_client_sends_in_that_field_does_not_pass(site: Site, name: str):
    access = site.token("headed")
    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    answer = wire.exchange(site.gateway.port, site.client(access, "headed").raw(body, {name: "forged-value"}))
    assert answer.status == 200, site.headed.tokens
    assert b"forged-value" not in site.upstreams["headed"].bytes


@pytest.mark.parametrize("server", ["tools", "headed", "none", "bearer", "header"])
def test_the_clients_authorization_reaches_no_upstream(site: Site, server: str):
    access = site.token(server)
    client = site.client(access, server)
    assert client.call_tool("get_one").status == 200
    assert client.call("tools/list").status == 200
    assert client.call("notifications/initialized", identifier=None).status == 202
    with wire.Connection(site.gateway.port) as connection:
        assert client.get(connection).status == 200
    assert site.client(access, server, MODERN).call_tool("get_one").status == 200
    recorder = site.upstreams[server]
    requests = recorder.wait(5)
    for part in (access, *access.split(".")[1:]):
        assert part.encode() not in recorder.bytes
    expected = {"tools": "Bearer ey", "bearer": f"Bearer {CREDENTIALS['bearer']}"}.get(server)
    for request in requests:
        values = request.values("authorization")
        assert len(values) == 1 and values[0].startswith(expected) if expected else values == []
        assert request.values("x-api-key") == ([CREDENTIALS["header"]] if server == "header" else [])


def test_no_token_passes_for_another_kind(site: Site):
    access = site.token()
    site.call_tool(access)
    identity = site.upstreams["tools"].requests[-1].values("authorization")[0].removeprefix("Bearer ")
    for server in ("tools", "headed", "none", "bearer", "header"):
        answer = site.client(identity, server).call_tool("get_one")
        assert answer.status == 401 and "invalid_token" in answer.field("www-authenticate"), server
    # Whoever got one cannot end the grant with it either.
    caller = site.caller()
    tokens = site.tokens(caller=caller)
    assert site.call(tokens["access_token"]).status == 200
    identity = site.upstreams["tools"].requests[-1].values("authorization")[0].removeprefix("Bearer ")
    caller.revoke(identity)
    assert site.call(tokens["access_token"]).status == 200
    # Neither set of keys has one of the other.
    jwks = wire.exchange(site.gateway.port, wire.request("GET", "/jwks", site.gateway.port)).json["keys"]
    assert not {key["kid"] for key in jwks} & set(site.keys())
    with pytest.raises(Exception):
        jwt.decode(access, site.verifier.keys(), algorithms=["ES256"])
    with pytest.raises(Exception):
        jwt.decode(identity, KeySet.import_key_set({"keys": jwks}), algorithms=["ES256"])


def test_the_keys_are_public_and_only_that(site: Site):
    answer = wire.exchange(site.gateway.port, wire.request("GET", "/identity-jwks", site.gateway.port))
    assert answer.status == 200 and answer.field("access-control-allow-origin") == "*"
    assert all(set(key) == {"kty", "crv", "x", "y", "alg", "use", "kid"} for key in answer.json["keys"])


def test_one_token_serves_requests_of_the_same_principal_and_scope(site: Site):
    access = site.token()
    first, second = site.call_tool(access), site.call_tool(access)
    # The first half of the life of the first may end in between.
    assert first.claims["jti"] == second.claims["jti"] or second.claims["iat"] - first.claims["iat"] >= 30
    other = site.call_tool(site.token(scope="mcp:write"))
    assert other.claims["jti"] != second.claims["jti"] and other.claims["scope"] == "mcp:write"


def test_it_does_not_outlive_the_access_token(site: Site):
    access = site.token("tools", "mcp:read", "--lifetime", "20s")
    assert site.call_tool(access).claims["exp"] <= claims_of(access)["exp"]


def test_an_access_token_that_ended_is_refused_at_once_where_it_speaks_for_somebody(site: Site):
    """Elsewhere an ended token is taken for 30 s more, since clocks differ."""
    tokens = {server: site.token(server, "mcp:read", "--lifetime", "1s") for server in ("tools", "none")}
    time.sleep(max(0.0, max(claims_of(token)["exp"] for token in tokens.values()) - time.time()) + 0.1)
    answer = site.client(tokens["tools"]).call_tool("get_one")
    assert answer.status == 401 and 'error="invalid_token"' in answer.field("www-authenticate")
    assert site.upstreams["tools"].requests == []
    entry = site.gateway.wait_for_log("no identity token")
    assert entry["decision"] == "refused"
    assert site.client(tokens["none"], "none").call_tool("get_one").status == 200


def test_keys_rotate_under_running_calls(own_site: Site):
    site = own_site
    access = site.token()
    first = site.call_tool(access).header["kid"]
    assert site.keys() == [first]
    assert site.run("key", "rotate", "--kind", "identity").returncode == 0
    second = site.call_tool(access).header["kid"]
    # What the older key signed in the last minute can still be verified.
    assert second != first and set(site.keys()) == {first, second}
    listed = [json.loads(line) for line in site.run("key", "list", "--json").stdout.splitlines()]
    assert {(k["id"], k["state"]) for k in listed if k["kind"] == "identity"} == {(first, "older"), (second, "in use")}
    assert site.run("key", "rotate", "--kind", "identity", "--revoke").returncode == 0
    third = site.call_tool(access).header["kid"]
    assert third not in (first, second) and site.keys() == [third]
    # Keys of access tokens are others.
    assert site.run("key", "rotate", "--revoke").returncode == 0
    assert site.client(access).call_tool("get_one").status == 401
    assert site.call_tool(site.token()).header["kid"] == third and site.keys() == [third]


def test_the_keys_outlive_a_restart_and_a_grant_does_not_outlive_its_end(own_site: Site):
    site = own_site
    access = site.token()
    first = site.call_tool(access)
    site.gateway.stop()
    site.gateway.start()
    assert site.call_tool(access).header["kid"] == first.header["kid"]
    [grant] = [json.loads(line)["id"] for line in site.run("grant", "list", "--json").stdout.splitlines()]
    assert site.run("grant", "revoke", grant).returncode == 0
    site.fresh()
    assert site.client(access).call_tool("get_one").status == 401
    assert site.upstreams["tools"].requests == []


def test_a_reload_that_asks_for_identities_gets_them(own_site: Site):
    site = own_site
    access, recorder = site.token("none"), site.upstreams["none"]
    assert site.client(access, "none").call_tool("get_one").status == 200
    site.settings["servers"]["none"]["upstream_authorization"] = {"kind": "identity", "audience": "urn:late"}
    site.gateway.write(site.settings)
    site.gateway.reload()
    site.gateway.wait_for_log("the configuration was read again")
    late = Verifier("urn:late")
    late.origin, recorder.script = site.origin, late
    assert site.client(access, "none").call_tool("get_one").status == 200, late.tokens
    assert late.tokens[-1].claims["server"] == "none"


def test_check_and_the_log_name_it(site: Site):
    said = site.run("check").stdout
    assert f"identity keys   {site.origin}/identity-jwks" in said
    assert f"with identity tokens for {AUDIENCE} in X-Identity" in said
    assert f"with identity tokens for {site.upstreams['tools'].url} in Authorization" in said
    assert {f["server"]: f["credential"] for e in site.gateway.log() if "credential" in (f := e.get("fields", {}))} == {
        "tools": "identity", "headed": "identity", "none": "none", "bearer": "bearer", "header": "header"}


def test_no_token_is_in_any_log(site: Site):
    access = site.token()
    site.call_tool(access)
    identity = site.upstreams["tools"].requests[-1].values("authorization")[0].removeprefix("Bearer ")
    text = site.gateway.text()
    assert access.split(".")[2] not in text and identity.split(".")[2] not in text
