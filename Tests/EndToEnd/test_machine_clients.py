"""Clients that the operator named, as authlib plays them: tokens without a user, by secret and by key, verified with joserfc."""

from __future__ import annotations

import base64
import json
import pathlib
import time
import uuid

import pytest
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from support.flow import Answer, Caller, Pair, answer_of, walk
from support.issuing import PASSWORD, PATH, SCOPES, USER, IssuingSite
from support.keys import Issuer

SECRET = "a secret of the robot, long enough"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
CALLBACK = "http://127.0.0.1:9/callback"
SIGNER, PROVIDER = Issuer("signer", prefix="signer-"), Issuer("https://idp.test", prefix="idp-")
PLATFORM = Issuer("https://cluster.test", prefix="pod-")
MACHINES = ["client:robot", "client:signer", "client:pod"]


def scopes() -> dict:
    changed = json.loads(json.dumps(SCOPES))
    changed["mcp:write"]["granted_to"] = [*MACHINES, f"local/user:{USER}"]
    return changed


def settings(home: pathlib.Path, upstream: str = "http://127.0.0.1:9/mcp") -> dict:
    home.mkdir(parents=True, exist_ok=True)
    (home / "robot.secret").write_text(SECRET + "\n")
    for issuer in (SIGNER, PROVIDER, PLATFORM):
        (home / f"{issuer.prefix}keys.json").write_text(json.dumps(issuer.jwks()))
    named = {"secret_file": "robot.secret", "scopes": ["mcp:read", "mcp:write", "mcp:more"]}
    return {
        "clients": [
            named | {"client_id": "robot", "grants": ["client_credentials", "jwt_bearer"], "servers": ["tools"], "scopes": ["mcp:write", "mcp:read"]},
            {"client_id": "signer", "jwks_file": "signer-keys.json", "grants": ["client_credentials"], "scopes": ["mcp:write"]},
            {"client_id": "pod", "grants": [JWT_BEARER], "scopes": ["mcp:write"], "servers": ["tools"]},
            named | {
                "client_id": "app", "redirect_uris": [CALLBACK], "grants": ["authorization_code", "refresh_token", "token_exchange"],
                "exchanges": [{"from": "tools", "to": "other", "scopes": ["mcp:more"]}],
            },
        ],
        "assertions": [
            {"issuer": PROVIDER.issuer, "kind": "id_jag", "jwks_file": "idp-keys.json", "sign_in": "local", "subject_claim": "login"},
            {"issuer": PLATFORM.issuer, "kind": "workload", "jwks_file": "pod-keys.json", "subjects": [{"subject": "ns:ci:*", "client": "pod"}]},
        ],
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("machines")
    other = {"path": "/other/mcp", "upstream": "http://127.0.0.1:9/mcp", "scopes": {"mcp:more": {"tools": ["*"]}}}
    one = IssuingSite(home, servers={"other": other}, tools={"scopes": scopes()}, **settings(home))
    yield one
    one.end()


def token_endpoint(site: IssuingSite) -> str:
    return site.origin + "/token"


def post(site: IssuingSite, path: str = "/token", basic: str | None = None, **fields: str) -> Answer:
    headers = {}
    if basic:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{basic}:{SECRET}".encode()).decode()
    return Caller(site.origin).form(path, fields, **headers)


def verified(site: IssuingSite, token: str) -> dict:
    """The claims, checked by a library that is not ours with the keys that the gateway publishes."""
    keys = KeySet.import_key_set(site.caller().send("GET", "/jwks").json)
    decoded = jwt.decode(token, keys, algorithms=["ES256"])
    assert decoded.header["typ"] == "at+jwt"
    jwt.JWTClaimsRegistry(iss={"essential": True, "value": site.origin}, exp={"essential": True}).validate(decoded.claims)
    return decoded.claims


def assertion(issuer: Issuer, site: IssuingSite, typ: str | None = None, **changes) -> str:
    now = int(time.time())
    claims = {"aud": site.origin, "iat": now, "exp": now + 120, "jti": uuid.uuid4().hex, "client_id": None} | changes
    return issuer.token(claims.pop("aud"), None, header={"typ": typ} if typ else {"typ": "JWT"}, **claims)


def signed(site: IssuingSite, **changes) -> dict:
    text = assertion(SIGNER, site, **({"sub": "signer"} | changes))
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": text}


def refused(answer: Answer, error: str) -> None:
    assert answer.status in (400, 401), answer.body
    assert answer.json["error"] == error and len(answer.json["error_description"]) > 10, answer.json
    assert "no-store" in answer.headers["Cache-Control"]


# --- Tokens for the client itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_authlib_gets_a_token_by_secret_and_calls_with_it(site: IssuingSite, method: str):
    with OAuth2Client("robot", SECRET, token_endpoint_auth_method=method) as client:
        token = client.fetch_token(token_endpoint(site), grant_type="client_credentials", resource=site.resource)
    assert token["token_type"] == "Bearer" and "refresh_token" not in token
    claims = verified(site, token["access_token"])
    assert claims["aud"] == site.resource and claims["client_id"] == "robot" and claims["sub"].startswith("client:")
    assert claims["scope"] == token["scope"] == "mcp:write"
    assert site.call(token["access_token"], "ping").status == 200


@pytest.mark.parametrize("audience", ["", "/", "/token"])
def test_authlib_gets_a_token_by_its_key(site: IssuingSite, audience: str):
    key = ECKey.import_key(SIGNER.key().as_dict(private=True))
    method = PrivateKeyJWT(site.origin + audience, headers={"kid": key.kid}, claims={"exp": int(time.time()) + 300}, alg="ES256")
    with OAuth2Client("signer", key, token_endpoint_auth_method="private_key_jwt") as client:
        client.register_client_auth_method(method)
        token = client.fetch_token(token_endpoint(site), grant_type="client_credentials", resource=site.resource)
    assert verified(site, token["access_token"])["client_id"] == "signer"


def test_a_key_proves_the_client_once_across_a_restart(site: IssuingSite):
    """Threat 40: what was used is in the store, so that a new process refuses it too."""
    proof = signed(site)
    fields = {"grant_type": "client_credentials", "resource": site.resource} | proof
    assert post(site, **fields).status == 200
    refused(post(site, **fields), "invalid_client")
    assert site.gateway.stop() == 0
    site.gateway.start()
    refused(post(site, **fields), "invalid_client")


def test_registered_clients_never_get_a_token_for_themselves(site: IssuingSite):
    """Threat 61."""
    caller = site.caller()
    answer = caller.register(token_endpoint_auth_method="client_secret_post", grant_types=["client_credentials", "authorization_code"])
    assert answer.status == 201 and "client_credentials" not in answer.json["grant_types"]
    fields = {"client_id": caller.client_id, "client_secret": caller.secret, "grant_type": "client_credentials", "resource": site.resource}
    refused(post(site, **fields), "unauthorized_client")


def test_the_grant_is_listed_audited_and_revoked_from_the_shell(site: IssuingSite):
    token = post(site, basic="robot", grant_type="client_credentials").json["access_token"]
    grant = verified(site, token)["gid"]
    listed = [json.loads(line) for line in site.run("grant", "list", "--json").stdout.splitlines()]
    assert [g for g in listed if g["id"] == grant][0] | {"source": "client", "user": "robot", "client_id": "robot", "scope": "mcp:write"} == [
        g for g in listed if g["id"] == grant][0]
    assert site.call(token, "ping").status == 200
    assert site.run("grant", "revoke", grant).returncode == 0
    assert site.call(token, "ping").status == 401


def test_a_client_that_is_revoked_gets_nothing_more(tmp_path: pathlib.Path):
    site = IssuingSite(tmp_path, tools={"scopes": scopes()}, **(settings(tmp_path) | {"clients": settings(tmp_path)["clients"][:1], "assertions": []}))
    try:
        token = post(site, basic="robot", grant_type="client_credentials").json["access_token"]
        assert site.run("client", "show", "robot", "--json").returncode == 0
        assert site.run("client", "revoke", "robot").returncode == 0
        assert site.call(token, "ping").status == 401
        refused(post(site, basic="robot", grant_type="client_credentials"), "invalid_client")
    finally:
        site.end()


# --- What others sign ------------------------------------------------------------------------------------------------------------


def test_an_identity_provider_speaks_for_its_user_once(site: IssuingSite):
    text = assertion(PROVIDER, site, "oauth-id-jag+jwt", sub="00u1", login=USER, client_id="robot", resource=site.resource)
    fields = {"grant_type": JWT_BEARER, "assertion": text, "scope": "mcp:write"}
    answer = post(site, basic="robot", **fields)
    assert answer.status == 200, answer.body
    assert "refresh_token" not in answer.json
    claims = verified(site, answer.json["access_token"])
    assert claims["sub"].startswith("local:") and claims["scope"] == "mcp:write"
    assert site.call(answer.json["access_token"], "ping").status == 200
    refused(post(site, basic="robot", **fields), "invalid_grant")


def test_a_platform_speaks_for_a_program(site: IssuingSite):
    fields = {"grant_type": JWT_BEARER, "client_id": "pod", "assertion": assertion(PLATFORM, site, sub="ns:ci:build")}
    answer = post(site, **fields)
    assert answer.status == 200, answer.body
    assert verified(site, answer.json["access_token"])["client_id"] == "pod"
    refused(post(site, **fields), "invalid_grant")
    fields["assertion"] = assertion(PLATFORM, site, sub="ns:prod:build")
    refused(post(site, **fields), "unauthorized_client")


# --- Users, exchange, introspection, pushed requests -----------------------------------------------------------------------------


def app_tokens(site: IssuingSite, resource: str, scope: str | None = None) -> dict:
    caller, pair = site.caller(CALLBACK), Pair()
    caller.client_id, caller.secret = "app", SECRET
    redirect = walk(caller.authorization_url(pair, resource=resource, scope=scope), USER, PASSWORD)
    answer = caller.redeem(answer_of(redirect)["code"], pair)
    assert answer.status == 200, answer.body
    return answer.json


def test_a_token_is_exchanged_where_the_user_agreed_to_both_servers(site: IssuingSite):
    other = site.origin + "/other/mcp"
    first = app_tokens(site, site.resource, "mcp:read")
    fields = {"grant_type": EXCHANGE, "subject_token": first["access_token"], "subject_token_type": ACCESS_TOKEN, "resource": other}
    refused(post(site, basic="app", **fields), "invalid_target")
    app_tokens(site, other)
    answer = post(site, basic="app", **fields)
    assert answer.status == 200, answer.body
    old, new = verified(site, first["access_token"]), verified(site, answer.json["access_token"])
    assert new["aud"] == other and new["sub"] == old["sub"] and new["exp"] <= old["exp"] and new["gid"] == old["gid"]
    assert new["act"]["sub"].startswith("client:") and answer.json["issued_token_type"] == ACCESS_TOKEN
    assert post(site, "/revoke", basic="app", token=first["refresh_token"]).status == 200
    refused(post(site, basic="app", **fields), "invalid_request")
    assert site.call(answer.json["access_token"], "ping", "/other/mcp").status == 401


def test_authlib_asks_what_a_token_is_about(site: IssuingSite):
    metadata = site.caller().send("GET", "/.well-known/oauth-authorization-server").json
    token = app_tokens(site, site.resource, "mcp:read")["access_token"]
    with OAuth2Client("robot", SECRET, token_endpoint_auth_method="client_secret_basic") as client:
        answer = client.introspect_token(metadata["introspection_endpoint"], token=token).json()
        assert answer["active"] is True and answer["scope"] == "mcp:read" and answer["aud"] == site.resource
        elsewhere = app_tokens(site, site.origin + "/other/mcp")["access_token"]
        assert client.introspect_token(metadata["introspection_endpoint"], token=elsewhere).json() == {"active": False}
        assert site.run("grant", "revoke", verified(site, token)["gid"]).returncode == 0
        assert client.introspect_token(metadata["introspection_endpoint"], token=token).json() == {"active": False}


def test_a_pushed_request_leads_to_a_token_once(site: IssuingSite):
    caller, pair = site.caller(CALLBACK), Pair()
    caller.client_id, caller.secret = "app", SECRET
    metadata = caller.send("GET", "/.well-known/oauth-authorization-server").json
    assert metadata["pushed_authorization_request_endpoint"] == site.origin + "/par"
    pushed = post(
        site, "/par", basic="app", response_type="code", client_id="app", redirect_uri=CALLBACK, state="state-1", resource=site.resource,
        code_challenge=pair.challenge, code_challenge_method="S256", scope="mcp:read")
    assert pushed.status == 201 and pushed.json["expires_in"] == 60, pushed.body
    url = f"{site.origin}/authorize?client_id=app&request_uri={pushed.json['request_uri']}"
    answer = caller.redeem(answer_of(walk(url, USER, PASSWORD))["code"], pair)
    assert answer.status == 200 and answer.json["scope"] == "mcp:read"
    again = caller.send("GET", url.removeprefix(site.origin))
    assert again.status == 400


def test_the_metadata_say_what_machines_may_do(site: IssuingSite):
    """O34: private_key_jwt and client_secret_basic with the algorithms; the grants that somebody may use."""
    metadata = site.caller().send("GET", "/.well-known/oauth-authorization-server").json
    assert {"private_key_jwt", "client_secret_basic", "none"} <= set(metadata["token_endpoint_auth_methods_supported"])
    assert set(metadata["token_endpoint_auth_signing_alg_values_supported"]) == {"ES256", "RS256", "PS256", "EdDSA"}
    assert {"client_credentials", JWT_BEARER, EXCHANGE} <= set(metadata["grant_types_supported"])


# --- Keys ------------------------------------------------------------------------------------------------------------------------


def test_a_revoked_key_is_refused_everywhere_at_once_and_after_a_restart(tmp_path: pathlib.Path):
    home = tmp_path / "keys"
    site = IssuingSite(home, tools={"scopes": scopes()}, **(settings(home) | {"clients": settings(home)["clients"][:1], "assertions": []}))
    try:
        token = post(site, basic="robot", grant_type="client_credentials").json["access_token"]
        assert all(site.call(token, "ping").status == 200 for _ in range(8))
        assert site.run("key", "rotate", "--revoke").returncode == 0
        # Several connections, so that every loop is asked.
        assert [site.call(token, "ping").status for _ in range(16)] == [401] * 16
        assert post(site, "/introspect", basic="robot", token=token).json == {"active": False}
        fresh = post(site, basic="robot", grant_type="client_credentials").json["access_token"]
        assert site.call(fresh, "ping").status == 200
        assert site.gateway.stop() == 0
        site.gateway.start()
        assert site.call(token, "ping").status == 401 and site.call(fresh, "ping").status == 200
    finally:
        site.end()
