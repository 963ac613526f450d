"""Tokens that are bound to a key of the client (RFC 9449): from the authorization request to the call, and every way around it."""

from __future__ import annotations

import base64
import concurrent.futures
import http.client
import json
import pathlib
import time

import pytest

from conftest import Site
from support.dpop import ALGORITHMS, BoundCaller, Prover, new_key, wants_nonce
from support.flow import Answer, Caller, Pair, answer_of, walk
from support.issuing import PASSWORD, PATH, SCOPES, USER, IssuingSite, eventually
from support.keys import signing_key
from support.recorder import Exchange, Received, echo


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory):
    site = IssuingSite(
        tmp_path_factory.mktemp("dpop"), registration={"rate": "100000/min", "total_rate": "100000/min"}, workers=2,
        tools={"upstream_authorization": {"kind": "identity", "header": "X-Identity"}})
    yield site
    site.end()


@pytest.fixture
def site(shared: IssuingSite):
    shared.recorder.script = echo
    shared.recorder.clear()
    return shared


def bound(site: IssuingSite, algorithm: str = "ES256") -> tuple[BoundCaller, dict]:
    caller = BoundCaller(site.origin, algorithm=algorithm)
    answer = caller.authorize(USER, PASSWORD, resource=site.resource)
    assert answer.status == 200, answer.body
    return caller, answer.json


def claims(token: str) -> dict:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def raw(site: IssuingSite, scheme: str, token: str, *proofs: str, method: str = "POST") -> Answer:
    """A call with exactly these proofs."""
    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}' if method == "POST" else None
    caller = Caller(site.origin)
    headers = {"Authorization": f"{scheme} {token}", "Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    if proofs:
        headers["DPoP"] = proofs[0]
    return caller.send(method, PATH, body, **headers)


def is_refused(answer: Answer, error: str) -> None:
    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status == 401 and challenge.startswith("DPoP ") and f'error="{error}"' in challenge, (answer.status, challenge)
    assert challenge.endswith('algs="ES256 RS256 PS256 EdDSA"') and "resource_metadata=" in challenge
    assert answer.headers["DPoP-Nonce"]


# --- The flow ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_from_registration_to_the_call_and_the_refresh(site: IssuingSite, algorithm: str):
    caller, tokens = bound(site, algorithm)
    assert tokens["token_type"] == "DPoP"
    assert claims(tokens["access_token"])["cnf"] == {"jkt": caller.prover.thumbprint}
    # The first proof had no nonce, and nothing was lost by it.
    assert [wants_nonce(answer) for answer in caller.refused] == [True]
    assert caller.call(tokens["access_token"], PATH).status == 200
    refreshed = caller.refresh(tokens["refresh_token"])
    assert refreshed.status == 200 and refreshed.json["token_type"] == "DPoP", refreshed.body
    assert claims(refreshed.json["access_token"])["cnf"] == {"jkt": caller.prover.thumbprint}
    for path in (PATH, PATH + "/"):
        answer = caller.call(refreshed.json["access_token"], path)
        # RFC 9449 §8.2: the nonce for the next proof comes with the answer.
        assert answer.status == 200 and answer.headers["DPoP-Nonce"] == caller.nonce
    assert len(caller.refused) == 1, "one nonce is good at the token endpoint and at the server"


def test_neither_proof_nor_token_reaches_the_upstream_and_none_of_its_nonces_comes_back(site: IssuingSite):
    async def lie(request: Received, exchange: Exchange) -> None:
        await exchange.result(request, {}, DPoP_Nonce="the-upstreams", WWW_Authenticate="DPoP")

    caller, tokens = bound(site)
    site.recorder.clear()
    site.recorder.script = lie
    answer = caller.call(tokens["access_token"], PATH, **{"DPoP-Nonce": "x"})
    assert answer.status == 200 and answer.headers.get_all("DPoP-Nonce") == [caller.nonce] and caller.nonce != "the-upstreams"
    (request,) = site.recorder.requests
    assert not {"dpop", "authorization"} & {name for name, _ in request.fields}
    assert tokens["access_token"].encode() not in site.recorder.bytes and b"dpop+jwt" not in site.recorder.bytes


def test_the_documents_say_so(site: IssuingSite):
    caller = Caller(site.origin)
    for path in ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/.well-known/oauth-protected-resource" + PATH):
        document = caller.send("GET", path).json
        assert document["dpop_signing_alg_values_supported"] == ALGORITHMS
        assert "dpop_bound_access_tokens_required" not in document


def test_a_client_without_a_key_goes_on_as_before(site: IssuingSite):
    tokens = site.tokens()
    assert tokens["token_type"] == "Bearer" and "cnf" not in claims(tokens["access_token"])
    answer = site.call(tokens["access_token"])
    assert answer.status == 200 and "DPoP-Nonce" not in answer.headers
    refused = site.call("nonsense")
    assert refused.headers.get_all("WWW-Authenticate") and refused.headers["WWW-Authenticate"].startswith("Bearer ")
    assert "DPoP" not in refused.headers["WWW-Authenticate"] and "DPoP-Nonce" not in refused.headers


# --- What a thief has --------------------------------------------------------------------------------------------------------


def test_a_stolen_token_is_worth_nothing_without_the_key(site: IssuingSite):
    caller, tokens = bound(site)
    token, thief = tokens["access_token"], Prover()
    assert caller.call(token, PATH).status == 200
    site.recorder.clear()
    downgraded = site.call(token)
    assert downgraded.status == 401 and downgraded.headers["WWW-Authenticate"].startswith("Bearer ")
    assert 'error="invalid_token"' in downgraded.headers["WWW-Authenticate"]
    is_refused(raw(site, "DPoP", token), "invalid_dpop_proof")
    is_refused(raw(site, "DPoP", token, thief.proof("POST", site.resource, token, caller.nonce)), "invalid_token")
    assert raw(site, "Bearer", token, thief.proof("POST", site.resource, token, caller.nonce)).status == 401
    assert site.recorder.bytes == b""


def test_a_stolen_refresh_token_or_code_is_worth_nothing_without_the_key(site: IssuingSite):
    caller, tokens = bound(site)
    plain = Caller(site.origin)
    plain.client_id = caller.client_id
    assert plain.refresh(tokens["refresh_token"]).json["error"] == "invalid_dpop_proof"
    thief = BoundCaller(site.origin)
    thief.client_id = caller.client_id
    assert thief.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    pair = Pair()
    url = caller.authorization_url(pair, resource=site.resource, dpop_jkt=caller.prover.thumbprint)
    code = answer_of(walk(url, USER, PASSWORD))["code"]
    assert plain.redeem(code, pair).json["error"] == "invalid_dpop_proof"
    assert thief.redeem(code, pair).json["error"] == "invalid_grant"
    assert caller.redeem(code, pair).status == 200
    assert caller.refresh(tokens["refresh_token"]).status == 200, "nothing that the thief did ended the grant"


def test_a_recorded_proof_is_worth_nothing_a_second_time_on_any_loop(site: IssuingSite):
    caller, tokens = bound(site)
    token = tokens["access_token"]
    proof = caller.prover.proof("POST", site.resource, token, caller.nonce)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: raw(site, "DPoP", token, proof), range(48)))
    assert sorted(answer.status for answer in answers) == [200] + [401] * 47
    for answer in answers:
        if answer.status == 401:
            is_refused(answer, "invalid_dpop_proof")
    assert len(site.recorder.requests) == 1


# --- Proofs that are none ----------------------------------------------------------------------------------------------------


def wrong_proofs(site: IssuingSite, caller: BoundCaller, token: str, other: str) -> dict[str, str]:
    """Every proof that must not be accepted for a call with `token`, by what is wrong with it."""
    prover, now, nonce, here = caller.prover, int(time.time()), caller.nonce, site.resource

    def proof(method: str = "POST", url: str = here, of: str | None = token, **more) -> str:
        return prover.proof(method, url, of, **({"nonce": nonce} | more))

    good = proof()
    head, payload, signature = good.split(".")
    private = prover.key.as_dict(private=True)
    return {
        "for another method": proof(method="GET"), "for a method in lower case": proof(method="post"),
        "for the token endpoint": proof(url=site.origin + "/token"), "for another server": proof(url=site.origin + "/other/mcp"),
        "for another host": proof(url="http://localhost" + here[here.rindex(":"):]), "for https": proof(url=here.replace("http:", "https:")),
        "for another port": proof(url="http://127.0.0.1:1" + PATH), "for a path in other case": proof(url=here.replace("tools", "Tools")),
        "for a longer path": proof(url=here + "/x"), "for no URL": proof(url="tools"), "without htu": proof(htu=None), "without htm": proof(htm=None),
        "for another token": proof(of=other), "for no token": proof(of=None), "with a padded ath": proof(ath="fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo="),
        "stale": proof(iat=now - 70), "of the future": proof(iat=now + 30), "without iat": proof(iat=None), "with an iat that is text": proof(iat=str(now)),
        "expired by its own word": proof(exp=now - 1), "without jti": proof(jti=None), "with an empty jti": proof(jti=""), "with a jti of 300 letters": proof(jti="x" * 300),
        "signed by another key": proof(signer=new_key()), "with another key": proof(header={"jwk": new_key().as_dict(private=False)}),
        "with the private key": proof(header={"jwk": private}), "without a key": proof(header={"jwk": None}),
        "with a symmetric key": proof(header={"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}, signer=signing_key("HS256", "x")),
        "with a critical header": proof(header={"crit": ["b64"], "b64": True}), "with a URL of keys": proof(header={"jku": site.origin + "/jwks"}),
        "with the type of an access token": proof(header={"typ": "at+jwt"}), "with the type JWT": proof(header={"typ": "JWT"}), "without type": proof(header={"typ": None}),
        "with alg none": base64.urlsafe_b64encode(json.dumps({"typ": "dpop+jwt", "alg": "none", "jwk": prover.key.as_dict(private=False)}).encode()).rstrip(b"=").decode() + f".{payload}.",
        "with a cut signature": f"{head}.{payload}.{signature[:-4]}", "without a signature": f"{head}.{payload}.", "with a fourth part": good + ".e30",
        "two in one field": good + ", " + proof(), "the access token itself": token, "garbage": "x",
    }


WRONG = [
    "for another method", "for a method in lower case", "for the token endpoint", "for another server", "for another host", "for https", "for another port",
    "for a path in other case", "for a longer path", "for no URL", "without htu", "without htm", "for another token", "for no token", "with a padded ath", "stale",
    "of the future", "without iat", "with an iat that is text", "expired by its own word", "without jti", "with an empty jti", "with a jti of 300 letters",
    "signed by another key", "with the private key", "without a key", "with a symmetric key", "with a critical header", "with a URL of keys",
    "with the type of an access token", "with the type JWT", "without type", "with alg none", "with a cut signature", "without a signature", "with a fourth part",
    "two in one field", "the access token itself", "garbage",
]


@pytest.fixture(scope="module")
def holder(shared: IssuingSite) -> tuple[BoundCaller, str, str]:
    caller, tokens = bound(shared)
    other = caller.refresh(tokens["refresh_token"]).json["access_token"]
    return caller, tokens["access_token"], other


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_proof_is_refused_and_the_upstream_sees_nothing(site: IssuingSite, holder, kind: str):
    caller, token, other = holder
    assert caller.call(token, PATH).status == 200, "the nonce is the newest"
    site.recorder.clear()
    is_refused(raw(site, "DPoP", token, wrong_proofs(site, caller, token, other)[kind]), "invalid_dpop_proof")
    assert site.recorder.bytes == b""


@pytest.mark.parametrize("kind", [kind for kind in WRONG if kind not in ("for the token endpoint", "for another token", "for no token", "with a padded ath")])
def test_the_token_endpoint_refuses_wrong_proofs_too(site: IssuingSite, holder, kind: str):
    """The same table, for a refresh that stays good all the while."""
    caller, token, other = holder
    assert caller.call(token, PATH).status == 200, "the nonce is the newest"
    proof = wrong_proofs(site, caller, token, other)[kind]
    plain = Caller(site.origin)
    plain.client_id = caller.client_id
    answer = plain.form("/token", {"grant_type": "refresh_token", "refresh_token": "x", "client_id": caller.client_id}, DPoP=proof)
    assert answer.status == 400 and answer.json["error"] == "invalid_dpop_proof", answer.body
    assert answer.headers["DPoP-Nonce"] and answer.headers["Cache-Control"] == "no-store"


def test_two_fields_with_proofs_are_refused(site: IssuingSite, holder):
    caller, token, _ = holder
    connection = http.client.HTTPConnection("127.0.0.1", site.gateway.port, timeout=30)
    connection.putrequest("POST", PATH)
    body = b'{"jsonrpc":"2.0","id":1,"method":"ping"}'
    for name, value in [("Authorization", f"DPoP {token}"), ("Content-Type", "application/json"), ("Content-Length", str(len(body)))]:
        connection.putheader(name, value)
    for _ in range(2):
        connection.putheader("DPoP", caller.prover.proof("POST", site.resource, token, caller.nonce))
    connection.endheaders(body)
    is_refused(Answer(connection.getresponse()), "invalid_dpop_proof")
    connection.close()


def test_no_other_token_is_a_proof_and_a_proof_is_no_other_token(site: IssuingSite):
    caller, tokens = bound(site)
    token = tokens["access_token"]
    assert caller.call(token, PATH).status == 200
    identity = dict(site.recorder.requests[-1].fields)["x-identity"]
    plain = site.tokens()["access_token"]
    for other in (token, plain, identity, tokens["refresh_token"]):
        is_refused(raw(site, "DPoP", token, other), "invalid_dpop_proof")
        answer = caller.form("/token", {"grant_type": "refresh_token", "refresh_token": "x", "client_id": caller.client_id})
        assert answer.json["error"] == "invalid_grant"
        refused = Caller.send(caller, "POST", "/token", b"grant_type=refresh_token&refresh_token=x&client_id=" + caller.client_id.encode(), **{
            "Content-Type": "application/x-www-form-urlencoded", "DPoP": other})
        assert refused.json["error"] == "invalid_dpop_proof"
    proof = caller.prover.proof("POST", site.resource, token, caller.nonce)
    assert site.call(proof).status == 401
    is_refused(raw(site, "DPoP", proof, proof), "invalid_token")
    assert caller.refresh(proof).json["error"] == "invalid_grant"
    # A token that is bound to nothing does not become one by a proof.
    is_refused(raw(site, "DPoP", plain, caller.prover.proof("POST", site.resource, plain, caller.nonce)), "invalid_token")


# --- Pushed requests, machines, and who asks ---------------------------------------------------------------------------------


def test_a_proof_with_a_pushed_request_binds_the_code(site: IssuingSite):
    """RFC 9449 §10.1: as if the request had the key's dpop_jkt."""
    caller, pair = BoundCaller(site.origin), Pair()
    caller.register()
    wanted = {
        "response_type": "code", "client_id": caller.client_id, "redirect_uri": caller.redirect_uri, "state": "state-1",
        "resource": site.resource, "code_challenge": pair.challenge, "code_challenge_method": "S256", "scope": "mcp:read"}
    pushed = caller.form("/par", wanted)
    assert pushed.status == 201 and len(caller.refused) == 1 and pushed.headers["DPoP-Nonce"] == caller.nonce, pushed.body
    url = f"{site.origin}/authorize?client_id={caller.client_id}&request_uri={pushed.json['request_uri']}"
    code = answer_of(walk(url, USER, PASSWORD))["code"]
    plain, thief = Caller(site.origin), BoundCaller(site.origin)
    plain.client_id = thief.client_id = caller.client_id
    assert plain.redeem(code, pair).json["error"] == "invalid_dpop_proof"
    assert thief.redeem(code, pair).json["error"] == "invalid_grant"
    assert caller.redeem(code, pair).json["token_type"] == "DPoP"
    other = caller.form("/par", wanted | {"dpop_jkt": Prover().thumbprint})
    assert other.status == 400 and other.json["error"] == "invalid_dpop_proof"
    assert caller.form("/par", wanted | {"dpop_jkt": caller.prover.thumbprint}).status == 201


def test_a_machine_binds_its_token_and_who_asks_is_told_of_the_key(own_issuing, tmp_path: pathlib.Path):
    (tmp_path / "robot.secret").write_text("a secret of the robot, long enough\n")
    robot = {
        "client_id": "robot", "secret_file": str(tmp_path / "robot.secret"), "grants": ["client_credentials"], "scopes": ["mcp:write"],
        "servers": ["tools"]}
    scopes = SCOPES | {"mcp:write": SCOPES["mcp:write"] | {"granted_to": ["client:robot"]}}
    site = own_issuing(clients=[robot], tools={"scopes": scopes, "dpop": "required"})
    caller = BoundCaller(site.origin)
    basic = {"Authorization": "Basic " + base64.b64encode(b"robot:a secret of the robot, long enough").decode()}
    wanted = {"grant_type": "client_credentials", "scope": "mcp:write"}
    refused = Caller(site.origin).form("/token", wanted, **basic)
    assert refused.status == 400 and refused.json["error"] == "invalid_dpop_proof"
    answer = caller.form("/token", wanted, **basic)
    assert answer.status == 200 and answer.json["token_type"] == "DPoP", answer.body
    token = answer.json["access_token"]
    assert caller.call(token, PATH).status == 200 and site.call(token).status == 401
    told = Caller(site.origin).form("/introspect", {"token": token}, **basic).json
    assert told["active"] is True and told["token_type"] == "DPoP" and told["cnf"] == {"jkt": caller.prover.thumbprint}


# --- Nonces ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nonce", [None, "x", "AAAAAAAAAAAAAAAAAAAAAA"])
def test_a_proof_without_a_nonce_of_ours_is_told_to_take_one(site: IssuingSite, holder, nonce: str | None):
    caller, token, _ = holder
    answer = raw(site, "DPoP", token, caller.prover.proof("POST", site.resource, token, nonce))
    is_refused(answer, "use_dpop_nonce")
    good = raw(site, "DPoP", token, caller.prover.proof("POST", site.resource, token, answer.headers["DPoP-Nonce"]))
    assert good.status == 200


def test_a_nonce_outlives_a_restart_and_another_gateways_nonce_is_none(own_issuing):
    here, there = own_issuing(), own_issuing()
    caller, tokens = bound(here)
    stranger, _ = bound(there)
    token = tokens["access_token"]
    is_refused(raw(here, "DPoP", token, caller.prover.proof("POST", here.resource, token, stranger.nonce)), "use_dpop_nonce")
    assert here.gateway.stop() == 0
    here.gateway.start()
    before = len(caller.refused)
    assert caller.call(token, PATH).status == 200
    # A slice of time may have passed; no more than one.
    assert len(caller.refused) <= before + 1


# --- Configuration, foreign issuers, pages -----------------------------------------------------------------------------------


def test_required_and_off_are_enforced_and_follow_a_reload(own_issuing):
    site = own_issuing(tokens={"dpop": "required"})
    caller, tokens = bound(site)
    assert caller.call(tokens["access_token"], PATH).status == 200
    refused = site.caller().authorize(USER, PASSWORD, resource=site.resource)
    assert refused.status == 400 and refused.json["error"] == "invalid_dpop_proof"
    document = caller.send("GET", "/.well-known/oauth-protected-resource" + PATH).json
    assert document["dpop_bound_access_tokens_required"] is True
    issued = site.run("token", "issue", "--server", "tools", "--subject", USER)
    assert issued.returncode == 1 and "bound to a key" in issued.stderr
    site.gateway.write(site.settings | {"tokens": {"dpop": "off"}})
    site.gateway.reload()
    eventually(lambda: "dpop_signing_alg_values_supported" not in caller.send("GET", "/.well-known/oauth-authorization-server").json)
    answer = raw(site, "DPoP", tokens["access_token"], caller.prover.proof("POST", site.resource, tokens["access_token"], caller.nonce))
    assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert site.call(tokens["access_token"]).status == 401
    assert caller.refresh(tokens["refresh_token"]).json["error"] == "invalid_dpop_proof"
    assert site.call(site.tokens()["access_token"]).status == 200


def test_without_nonces_none_is_asked_for(own_issuing):
    site = own_issuing(tokens={"dpop_nonce": "off"})
    caller, tokens = bound(site)
    assert caller.refused == [] and caller.nonce is None
    assert caller.call(tokens["access_token"], PATH).status == 200 and caller.nonce is None


def test_tokens_of_a_foreign_issuer_are_bound_too(own_site):
    site: Site = own_site()
    caller, thief = BoundCaller(site.gateway.public_url), Prover()
    token = site.token(cnf={"jkt": caller.prover.thumbprint})
    assert caller.call(token, "/tools/mcp").status == 200 and len(caller.refused) == 1
    assert site.client(token=token).call("ping").status == 401
    caller.prover, good = thief, caller.prover
    refused = caller.call(token, "/tools/mcp")
    assert refused.status == 401 and 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    caller.prover = good
    for confirmation in ({"x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}, {"jkt": good.thumbprint, "kid": "x"}, {}):
        assert caller.call(site.token(cnf=confirmation), "/tools/mcp").status == 401
    site.works()


def test_a_step_up_is_asked_for_in_the_scheme_of_the_token(site: IssuingSite):
    caller = BoundCaller(site.origin)
    tokens = caller.authorize(USER, PASSWORD, resource=site.resource, scope="mcp:read").json
    body = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"delete_one","arguments":{}}}'
    answer = caller.send("POST", PATH, body, Authorization=f"DPoP {tokens['access_token']}", **{"Content-Type": "application/json"})
    challenge = answer.headers["WWW-Authenticate"]
    assert answer.status == 403 and challenge.startswith("DPoP ") and 'error="insufficient_scope"' in challenge and 'scope="mcp:read mcp:admin"' in challenge


def test_pages_may_send_proofs_and_read_nonces(site: IssuingSite):
    caller = Caller(site.origin)
    asked = {"Origin": "http://localhost:6274", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, dpop"}
    preflight = caller.send("OPTIONS", PATH, **asked)
    assert "dpop" in preflight.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert caller.send("OPTIONS", "/token", **asked).headers["Access-Control-Allow-Headers"].startswith("*")
    bound_caller, tokens = bound(site)
    answer = bound_caller.call(tokens["access_token"], PATH, Origin="http://localhost:6274")
    assert "DPoP-Nonce" in answer.headers["Access-Control-Expose-Headers"] and answer.headers["DPoP-Nonce"]


def test_neither_proof_nor_token_is_in_the_log(site: IssuingSite, holder):
    caller, token, _ = holder
    proof = caller.prover.proof("POST", site.resource, token, "nonsense-nonce")
    raw(site, "DPoP", token, proof)
    site.gateway.wait_for_log("DPoP proof refused")
    text = site.gateway.text()
    assert token not in text and proof not in text and proof.split(".")[2] not in text
