"""What attackers do to an authorization server: each attempt ends without a code, a token, or a redirect that was not registered."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import secrets
import time
import urllib.parse

import pytest

from support.browser import Browser, Page
from support.flow import Caller, Pair, answer_of, decide, sign_in, walk
from support.issuing import PASSWORD, PATH, SCOPES, USER, IssuingSite, add_user, eventually
from support.recorder import Recorder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    site = IssuingSite(tmp_path_factory.mktemp("threats"), registration={"rate": "100000/min", "total_rate": "100000/min"})
    yield site
    site.end()


def registered(site: IssuingSite, redirect_uri: str = "http://127.0.0.1:9/callback", **metadata) -> Caller:
    caller = site.caller(redirect_uri)
    assert caller.register(**metadata).status == 201
    return caller


def signed_in(site: IssuingSite, user: str = USER, password: str = PASSWORD) -> Browser:
    browser = Browser()
    page = browser.open(site.origin + "/account")
    page = sign_in(browser, page, user, password)
    assert isinstance(page, Page) and page.status == 200, page
    return browser


# --- Consent (1-4, 43) -------------------------------------------------------------------------------------------------------


def test_a_consent_for_one_client_is_none_for_another(site: IssuingSite):
    """1: confused deputy; the session of the person is there, and still every client asks."""
    browser, first, second = signed_in(site), registered(site), registered(site, client_name="Other")
    walk(first.authorization_url(Pair(), resource=site.resource), USER, PASSWORD, browser)
    for caller in (second, first):
        for headers in ({}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, {"Sec-Fetch-Site": "same-origin"}):
            page = browser.open(caller.authorization_url(Pair(), resource=site.resource), **headers)     # 3: silent consent
            assert isinstance(page, Page) and page.status == 200
            assert page.form("decision").boxes


def test_a_request_belongs_to_one_browser(site: IssuingSite):
    """2, 43: what one browser was shown, another cannot answer, whoever is signed in there."""
    caller = registered(site)
    mine, other = signed_in(site), signed_in(site)
    page = mine.open(caller.authorization_url(Pair(), resource=site.resource))
    form = page.form("decision", "request")
    there = other.request("POST", site.origin + "/consent", form.filled(decision="approve"))
    assert there.status == 403 and not there.header("location")
    # Even with the other browser's own proof that the form is its own.
    theirs = other.open(caller.authorization_url(Pair(), resource=site.resource)).form("decision", "request")
    mixed = theirs.filled(decision="approve", request=form.value("request"))
    there = other.request("POST", site.origin + "/consent", mixed)
    assert there.status in (400, 403) and not there.header("location")
    assert isinstance(decide(mine, page), str)


def test_nothing_happens_before_the_person_agrees(site: IssuingSite):
    """4: without a session, without a decision, without the proof of the form there is no code."""
    caller, browser = registered(site), Browser()
    page = browser.open(caller.authorization_url(Pair(), resource=site.resource))
    form = page.form("username", "password")
    answer = browser.request("POST", site.origin + "/consent", [("request", form.value("request")), ("csrf", form.value("csrf")), ("decision", "approve"), ("scope", "mcp:read")])
    assert answer.status in (400, 403) and not answer.header("location")
    page = sign_in(browser, page, USER, PASSWORD)
    form = page.form("decision", "request")
    for changed in ({"decision": None}, {"decision": "perhaps"}, {"csrf": None}, {"csrf": "x"}, {"csrf": ""}, {"request": None}, {"request": "x"}):
        values = {"decision": "approve"} | changed
        answer = browser.request("POST", site.origin + "/consent", form.filled(**values))
        assert answer.status in (400, 403) and not answer.header("location"), changed
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        answer = browser.request("POST", site.origin + "/consent", form.filled(decision="approve"), **headers)
        assert answer.status == 403 and not answer.header("location"), headers
    assert isinstance(decide(browser, page), str)


def test_a_request_is_answered_once_and_in_time(site: IssuingSite):
    """43: used requests are refused; changed ones, too."""
    caller, browser = registered(site), signed_in(site)
    page = browser.open(caller.authorization_url(Pair(), resource=site.resource))
    form = page.form("decision", "request")
    assert isinstance(decide(browser, page), str)
    again = browser.request("POST", site.origin + "/consent", form.filled(decision="approve"))
    assert again.status in (400, 409) and not again.header("location")
    text = form.value("request")
    for place in (0, 5, len(text) // 2, len(text) - 1):
        letter = "A" if text[place] != "A" else "B"
        changed = browser.request("POST", site.origin + "/consent", form.filled(decision="approve", request=text[:place] + letter + text[place + 1:]))
        assert changed.status in (400, 403) and not changed.header("location")


def test_a_planted_cookie_is_not_taken_over(site: IssuingSite):
    """A session that was there before signing in is another one afterwards."""
    browser = Browser()
    browser.open(site.origin + "/account")
    before = {name: value for jar in browser.cookies.values() for name, value in jar.items()}
    assert before
    page = sign_in(browser, browser.open(site.origin + "/account"), USER, PASSWORD)
    after = {name: value for jar in browser.cookies.values() for name, value in jar.items()}
    assert isinstance(page, Page) and all(after[name] != value for name, value in before.items())


# --- Where answers go (7, 9, 10, 15) -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("uri", [
    "http://127.0.0.1:9/other", "http://127.0.0.1:9/callback/", "http://127.0.0.1:9/callback/..", "http://127.0.0.1:9/Callback",
    "http://127.0.0.1:9/callback?x=1", "http://127.0.0.1:9/%63allback", "http://127.0.0.1.evil.example:9/callback", "http://localhost.evil.example/callback",
    "http://user@127.0.0.1:9/callback", "http://127.0.0.1:9/callback#x", "https://127.0.0.1:9/callback", "http://[::1]:9/callback", "http://localhost:9/callback",
    "http://127.0.0.2:9/callback", "http://2130706433:9/callback", "https://evil.example/callback", "javascript:alert(1)", "data:text/html,x",
    "//evil.example/callback", "/callback", "callback", " http://127.0.0.1:9/callback", "http://127.0.0.1:9/callback%0d%0aX:1", "http:/127.0.0.1:9/callback",
    "http:\\\\127.0.0.1:9\\callback", "HTTP://127.0.0.1:9@evil.example/callback",
])
def test_an_answer_goes_nowhere_else(site: IssuingSite, uri: str):
    """7, 10: the redirect URI is held against the registered ones before anything is sent to it."""
    caller = registered(site)
    for browser in (Browser(), signed_in(site)):
        page = browser.open(caller.authorization_url(Pair(), redirect_uri=uri, resource=site.resource))
        assert isinstance(page, Page) and page.status == 400
        assert not page.header("location") and "text/html" in page.header("content-type")


def test_the_port_of_this_machine_is_the_clients_affair(site: IssuingSite):
    caller = registered(site)
    redirect = walk(caller.authorization_url(Pair(), redirect_uri="http://127.0.0.1:4711/callback", resource=site.resource), USER, PASSWORD)
    assert redirect.startswith("http://127.0.0.1:4711/callback?code=")


def test_an_unknown_client_gets_a_page(site: IssuingSite):
    caller = registered(site)
    for client in ("unknown", "d" + "A" * 200, caller.client_id[:-1] + ("A" if caller.client_id[-1] != "A" else "B"), "https://evil.example/client.json", "x" * 3000, "\u202e"):
        caller.client_id = client
        page = Browser().open(caller.authorization_url(Pair(), resource=site.resource))
        assert isinstance(page, Page) and page.status == 400 and "<script" not in page.body.decode()
        answer = caller.form("/token", {"grant_type": "authorization_code", "code": "x", "client_id": client, "redirect_uri": "http://127.0.0.1:9/callback", "code_verifier": "x" * 43})
        assert answer.status == 401 and answer.json["error"] == "invalid_client"


@pytest.mark.parametrize("changed, error", [
    ({"response_type": None}, "invalid_request"), ({"response_type": "token"}, "unsupported_response_type"), ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"code_challenge": None}, "invalid_request"), ({"code_challenge": "x"}, "invalid_request"), ({"code_challenge": "x" * 44}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"), ({"code_challenge_method": "plain"}, "invalid_request"), ({"code_challenge_method": "s256"}, "invalid_request"),
    ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"), ({"resource": "not a url"}, "invalid_target"), ({"scope": 'a"b'}, "invalid_scope"),
    ({"state": ["a", "b"]}, "invalid_request"), ({"scope": ["mcp:read", "mcp:read"]}, "invalid_request"), ({"request": "x.y.z"}, None), ({"request_uri": "https://evil.example/"}, None),
    ({"response_mode": "fragment"}, "invalid_request"),
])
def test_errors_travel_to_the_client_with_state_and_issuer(site: IssuingSite, changed: dict, error: str | None):
    """8, 15: the downgrade of PKCE is refused; every answer says who it is from."""
    caller = registered(site)
    parameters = {"resource": site.resource} | changed
    redirect = Browser().open(caller.authorization_url(Pair(), **parameters))
    assert isinstance(redirect, str), redirect
    assert redirect.startswith("http://127.0.0.1:9/callback?")
    answer = answer_of(redirect)
    assert "code" not in answer and answer["iss"] == site.origin
    assert answer["error"] == (error or answer["error"]) and answer["error_description"]
    if "state" not in changed:
        assert answer["state"] == "state-1"


def test_a_person_who_refuses_is_believed(site: IssuingSite):
    caller = registered(site)
    answer = answer_of(walk(caller.authorization_url(Pair(), resource=site.resource), USER, PASSWORD, decision="deny"))
    assert answer["error"] == "access_denied" and answer["state"] == "state-1" and answer["iss"] == site.origin and "code" not in answer


# --- What a token is for (5, 57) -----------------------------------------------------------------------------------------------


def test_a_token_is_for_one_server(own_issuing):
    """5: the resource of the request is the audience of the token, and nothing else is."""
    other = Recorder()
    site = own_issuing(servers={"other": {"path": "/other/mcp", "upstream": other.url}})
    tokens = site.tokens()
    assert site.call(tokens["access_token"]).status == 200
    assert site.call(tokens["access_token"], path="/other/mcp").status == 401
    assert not other.requests
    caller = registered(site)
    for parameters in ({"resource": None}, {"resource": site.origin}, {"resource": [site.resource, site.origin + "/other/mcp"]}):
        redirect = Browser().open(caller.authorization_url(Pair(), **parameters))
        assert answer_of(redirect)["error"] == "invalid_target"
    pair = Pair()
    code = answer_of(walk(caller.authorization_url(pair, resource=site.resource), USER, PASSWORD))["code"]
    answer = caller.redeem(code, pair, resource=site.origin + "/other/mcp")
    assert answer.status == 400 and answer.json["error"] == "invalid_target"
    answer = caller.redeem(code, pair, resource=site.resource + "/")
    assert answer.status == 200
    answer = caller.refresh(answer.json["refresh_token"], resource=site.origin + "/other/mcp")
    assert answer.status == 400 and answer.json["error"] == "invalid_target"
    other.stop()


def test_an_unknown_client_never_gets_a_scope_for_verified_ones(own_issuing):
    """57: nor one that includes it; nor is it offered."""
    scopes = json.loads(json.dumps(SCOPES))
    scopes["mcp:write"]["clients"] = "verified"
    site = own_issuing(tools={"scopes": scopes})
    caller = registered(site)
    browser = signed_in(site)
    page = browser.open(caller.authorization_url(Pair(), resource=site.resource, scope="mcp:read mcp:write mcp:admin"))
    assert [value for _, value, _ in page.form("decision").boxes] == ["mcp:read"]
    form = page.form("decision", "request")
    answer = browser.request("POST", site.origin + "/consent", [*form.filled(decision="approve", scope=["mcp:read"]), ("scope", "mcp:admin"), ("scope", "mcp:write")])
    tokens = None
    if location := answer.header("location"):
        pair = Pair()
        assert location.startswith("http://127.0.0.1:9/callback?")
    tokens = site.tokens(scope="mcp:read mcp:write mcp:admin")
    assert tokens["scope"] == "mcp:read"


def test_groups_and_users_decide_what_may_be_granted(own_issuing):
    scopes = json.loads(json.dumps(SCOPES))
    scopes["mcp:write"]["granted_to"] = ["local/group:staff"]
    site = own_issuing(tools={"scopes": scopes})
    assert site.tokens(scope="mcp:read mcp:write")["scope"] == "mcp:read"
    add_user(site.gateway.configuration, "kim", "kim has a long one", "staff")
    answer = site.caller().authorize("kim", "kim has a long one", resource=site.resource, scope="mcp:read mcp:write")
    assert answer.json["scope"] == "mcp:read mcp:write"
    # What was lost since is taken out when the token is refreshed.
    caller = site.caller()
    answer = caller.authorize("kim", "kim has a long one", resource=site.resource, scope="mcp:read mcp:write")
    add_user(site.gateway.configuration, "kim", "kim has a long one")
    answer = caller.refresh(answer.json["refresh_token"])
    assert answer.status == 200 and answer.json["scope"] == "mcp:read"


def test_unticked_scopes_are_not_granted(site: IssuingSite):
    tokens = site.tokens(scope="mcp:read mcp:write", scopes=["mcp:read"])
    assert tokens["scope"] == "mcp:read"


# --- The token that travels (6, 16, 54, 56) --------------------------------------------------------------------------------------


def test_the_upstream_never_sees_a_token(site: IssuingSite):
    """6."""
    tokens = site.tokens()
    site.recorder.clear()
    assert site.call(tokens["access_token"]).status == 200
    assert tokens["access_token"].encode() not in site.recorder.bytes and b"uthorization" not in site.recorder.bytes


HOSTILE = ["evil.example", "evil.example:80", "127.0.0.1", "localhost", "evil.example@127.0.0.1"]


@pytest.mark.parametrize("fields", [{"Host": host} for host in HOSTILE] + [
    {name: "evil.example"} for name in ("X-Forwarded-Host", "X-Host", "X-Forwarded-Server", "X-Original-Host", "X-Http-Host-Override", "X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL")
] + [{"X-Forwarded-Proto": "https"}, {"X-Forwarded-Port": "443"}, {"Forwarded": "host=evil.example;proto=https"}, {"X-Forwarded-For": "10.0.0.1"}, {"Front-End-Https": "on"}, {"X-Url-Scheme": "https"}])
def test_what_we_publish_comes_from_the_configuration(site: IssuingSite, fields: dict):
    """16, 54: no field of a request moves a URL that we give out."""
    def bodies(extra: dict) -> list:
        found = []
        for path in ("/.well-known/oauth-authorization-server", "/.well-known/openid-configuration", "/.well-known/oauth-protected-resource" + PATH, "/jwks"):
            found.append(Caller(site.origin).send("GET", path, None, **extra).body)
        answer = Caller(site.origin).send("POST", PATH, b"{}", **extra, **{"Content-Type": "application/json"})
        found.append((answer.status, answer.headers["WWW-Authenticate"]))
        return found

    plain, moved = bodies({}), bodies(fields)
    if b"@" in str(fields).encode():
        # RFC 9110 §7.2: no Host at all.
        assert all(b"evil" not in (body if isinstance(body, bytes) else str(body).encode()) for body in moved)
    else:
        assert moved == plain
    metadata = json.loads(plain[0])
    for name, value in metadata.items():
        if isinstance(value, str):
            assert value.startswith(site.origin) and re.fullmatch(r"[A-Za-z0-9:/._-]+", value), name


def test_no_log_has_a_secret(own_issuing):
    """56: codes, tokens, verifiers, passwords, cookies and client secrets, in whatever way a request fails."""
    site = own_issuing(log={"level": "debug"})
    seeds = {name: secrets.token_urlsafe(24) for name in ("password", "code", "token", "verifier", "secret", "state", "cookie", "refresh", "csrf", "request", "assertion", "basic")}
    caller = registered(site, token_endpoint_auth_method="client_secret_post")
    browser, pair = Browser(), Pair()
    tokens = caller.authorize(USER, PASSWORD, resource=site.resource, browser=browser).json
    caller.refresh(tokens["refresh_token"])
    site.call(tokens["access_token"])
    page = browser.open(site.origin + "/sign-in")
    if isinstance(page, Page) and page.forms:
        browser.request("POST", site.origin + "/sign-in", [("username", USER), ("password", seeds["password"]), ("csrf", seeds["csrf"]), ("request", seeds["request"])])
    bare = site.caller()
    bare.form("/token", {"grant_type": "authorization_code", "code": seeds["code"], "code_verifier": seeds["verifier"] * 2, "client_id": caller.client_id, "client_secret": seeds["secret"]},
              Cookie="gatehouse-session=" + seeds["cookie"])
    bare.form("/token", {"grant_type": "refresh_token", "refresh_token": seeds["refresh"], "client_id": caller.client_id, "client_secret": caller.secret})
    bare.form("/token", {"grant_type": "x", "client_assertion": seeds["assertion"]}, Authorization="Basic " + seeds["basic"])
    bare.form("/revoke?token=" + seeds["token"], {"token": seeds["token"], "client_id": caller.client_id, "client_secret": caller.secret})
    bare.send("GET", f"/authorize?client_id={caller.client_id}&state={seeds['state']}&code={seeds['code']}")
    site.call(seeds["token"])
    bare.send("GET", PATH + "?access_token=" + seeds["token"])
    time.sleep(0.3)
    log = site.gateway.text()
    found = [name for name, value in seeds.items() if value in log]
    found += [name for name in ("access_token", "refresh_token") if tokens[name] in log or tokens[name][-40:] in log]
    found += [name for name, value in (("password", PASSWORD), ("client secret", caller.secret), ("verifier", pair.verifier)) if value in log]
    assert not found and "/token" in log


# --- Pages (13, 44) --------------------------------------------------------------------------------------------------------------

HOSTILE_NAMES = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "</title><script>1</script>", "&lt;script&gt;", "<!--", "]]>", "<svg/onload=1>",
    "{{7*7}}", "${7*7}", "a\u0000b", "\u202eevil", "a" * 500, "<", ">", "&", "&#x3c;", "\ud83d\ude00", "<base href=//evil>", "<meta http-equiv=refresh content=0>",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_is_only_text(site: IssuingSite, name: str):
    """44: whatever a client calls itself, the page has the same elements."""
    caller = site.caller()
    answer = caller.register(client_name=name)
    assert answer.status == 201, answer.body
    browser = signed_in(site)
    page = browser.open(caller.authorization_url(Pair(), resource=site.resource, state='"><script>1</script>'))
    plain = browser.open(registered(site, client_name="plain").authorization_url(Pair(), resource=site.resource))

    def elements(page: Page) -> list[str]:
        return re.findall(r"<(/?[a-z0-9!-]+)", page.body.decode())

    assert page.status == 200 and elements(page) == elements(plain)


def test_pages_keep_others_out(site: IssuingSite):
    """44, 13: no frame, no script, cookies that scripts and other sites do not get; the page says where the answer goes."""
    caller, browser = registered(site, client_name="Tests"), Browser()
    pages = [browser.open(caller.authorization_url(Pair(), resource=site.resource))]
    pages.append(sign_in(browser, pages[0], USER, PASSWORD))
    pages.append(browser.open(site.origin + "/account"))
    pages.append(browser.open(site.origin + "/authorize?client_id=unknown"))
    for page in pages:
        policy = dict(part.strip().split(" ", 1) if " " in part.strip() else (part.strip(), "") for part in page.header("content-security-policy").split(";"))
        assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'"
        assert "unsafe" not in page.header("content-security-policy") and "script-src" not in policy
        style = re.search(rb"<style>(.*?)</style>", page.body, re.S)
        import base64
        assert f"'sha256-{base64.b64encode(hashlib.sha256(style.group(1)).digest()).decode()}'" in policy["style-src"]
        assert page.header("x-frame-options") == "DENY" and page.header("referrer-policy") in ("no-referrer", "same-origin")
        assert page.header("x-content-type-options") == "nosniff" and "no-store" in page.header("cache-control")
        assert b"<script" not in page.body and b" style=" not in page.body and not re.search(rb"<[^>]* on[a-z]+=", page.body)
        assert not page.header("access-control-allow-origin")
    consent = pages[1]
    assert "127.0.0.1" in consent.text and "nverified" in consent.text and "Tests" in consent.text
    assert {value for _, value, ticked in consent.form("decision").boxes if ticked} == {"mcp:read", "mcp:write"}
    assert ("decision", "approve") in consent.form("decision").buttons and ("decision", "deny") in consent.form("decision").buttons
    for page in browser.pages:
        for name, value in page.headers:
            if name.lower() == "set-cookie":
                assert "HttpOnly" in value and re.search(r"SameSite=(Lax|Strict)", value) and "Path=/" in value and "Domain" not in value


# --- Sign-in ---------------------------------------------------------------------------------------------------------------------


def test_wrong_passwords_are_slowed_down_and_nobody_is_locked_out(own_issuing):
    site = own_issuing()
    browser = Browser()
    seen = []
    for attempt in range(8):
        page = browser.open(site.origin + "/account")
        seen.append(sign_in(browser, page, USER, f"wrong {attempt}"))
    statuses = [page.status for page in seen]
    assert 429 not in statuses[:5] and statuses[5:].count(429) >= 2, statuses
    slowed = next(page for page in seen if page.status == 429)
    wait = int(slowed.header("retry-after"))
    assert 1 <= wait <= 8
    unknown = sign_in(Browser(), Browser().open(site.origin + "/account"), "nobody", "wrong")
    assert isinstance(unknown, Page) and unknown.status in (403, 429)
    deadline = time.monotonic() + 40
    while True:
        page = sign_in(browser, browser.open(site.origin + "/account"), USER, PASSWORD)
        if page.status == 200 and page.form("grant", "csrf") if page.status == 200 and any("grant" in f.names for f in page.forms) else page.status == 200:
            break
        assert time.monotonic() < deadline, page.text
        time.sleep(float(page.header("retry-after") or 1))


def test_unknown_user_and_wrong_password_look_the_same(site: IssuingSite):
    def attempt(name: str, password: str) -> tuple[int, str]:
        browser = Browser()
        page = sign_in(browser, browser.open(site.origin + "/account"), name, password)
        return page.status, page.text.replace(name, "NAME")

    assert attempt("nobody-here", "wrong wrong") == attempt(USER, "wrong wrong")


# --- Ending --------------------------------------------------------------------------------------------------------------------------


def test_access_ends_at_once(site: IssuingSite):
    """Revocation by the client, by the person, by the operator: the access token is refused by the next request."""
    caller = site.caller()
    tokens = site.tokens(caller=caller)
    assert caller.revoke(tokens["refresh_token"]).status == 200
    assert site.call(tokens["access_token"]).status == 401
    assert caller.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"

    caller = site.caller()
    tokens = site.tokens(caller=caller)
    assert caller.revoke(tokens["access_token"], token_type_hint="access_token").status == 200
    assert site.call(tokens["access_token"]).status == 401

    tokens = site.tokens()
    browser = signed_in(site)
    page = browser.open(site.origin + "/account")
    mine = json.loads(__import__("base64").urlsafe_b64decode(tokens["access_token"].split(".")[1] + "=="))["gid"]
    form = next(f for f in page.forms if ("grant", mine) in f.fields or ("grant", mine) in f.buttons)
    values = {"grant": mine}
    page = browser.submit(page, form, **values)
    assert isinstance(page, Page) and page.status == 200
    assert site.call(tokens["access_token"]).status == 401

    tokens = site.tokens()
    gid = json.loads(__import__("base64").urlsafe_b64decode(tokens["access_token"].split(".")[1] + "=="))["gid"]
    assert gid in site.run("grant", "list").stdout
    assert site.run("grant", "revoke", gid).returncode == 0
    assert site.call(tokens["access_token"]).status == 401

    caller = site.caller()
    tokens = site.tokens(caller=caller)
    assert site.run("client", "revoke", caller.client_id).returncode == 0
    assert site.call(tokens["access_token"]).status == 401
    page = Browser().open(caller.authorization_url(Pair(), resource=site.resource))
    assert page.status == 400
    assert caller.refresh(tokens["refresh_token"]).status == 401


def test_another_client_cannot_end_or_use_what_is_not_its_own(site: IssuingSite):
    owner, thief = site.caller(), registered(site)
    tokens = site.tokens(caller=owner)
    for token in ("refresh_token", "access_token"):       # RFC 7009 §2.1: refused, and said so
        answer = thief.revoke(tokens[token])
        assert answer.status == 400 and answer.json["error"] == "invalid_grant"
    assert site.call(tokens["access_token"]).status == 200
    assert thief.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    pair = Pair()
    code = answer_of(walk(owner.authorization_url(pair, resource=site.resource), USER, PASSWORD))["code"]
    assert thief.redeem(code, pair).json["error"] == "invalid_grant"
    assert owner.redeem(code, Pair()).json["error"] == "invalid_grant"
    assert owner.redeem(code, pair, redirect_uri="http://127.0.0.1:10/callback").json["error"] == "invalid_grant"
    assert owner.redeem(code, pair, code_verifier=None).json["error"] in ("invalid_grant", "invalid_request")
    assert owner.redeem(code, pair).status == 200


def test_a_removed_user_is_out(own_issuing):
    site = own_issuing()
    add_user(site.gateway.configuration, "kim", "kim has a long one")
    caller = site.caller()
    tokens = caller.authorize("kim", "kim has a long one", resource=site.resource).json
    assert site.call(tokens["access_token"]).status == 200
    browser = signed_in(site, "kim", "kim has a long one")
    assert site.run("user", "remove", "kim").returncode == 0
    assert site.call(tokens["access_token"]).status == 401
    assert caller.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    time.sleep(1.1)
    page = browser.open(site.origin + "/account")
    assert page.form("username", "password")


def test_a_broken_users_file_does_not_start(own_issuing):
    """Whoever is missing from it would lose what was agreed to."""
    site = own_issuing()
    users = site.gateway.home / "users"
    good = users.read_text()
    users.write_text(good + "nonsense\n")
    tokens = site.tokens()                                  # the users that were read last stay
    assert site.call(tokens["access_token"]).status == 200
    check = site.run("check")
    assert check.returncode == 1 and "line 2" in check.stderr
    serve = site.run("serve")
    assert serve.returncode == 1 and "line 2" in serve.stderr
    users.write_text(good)
    assert site.run("check").returncode == 0


def test_keys_rotate_while_clients_go_on(own_issuing):
    site = own_issuing()
    caller = site.caller()
    tokens = site.tokens(caller=caller)
    assert site.run("key", "rotate").returncode == 0
    assert site.call(tokens["access_token"]).status == 200
    assert len(Caller(site.origin).send("GET", "/jwks").json["keys"]) == 2
    fresh = caller.refresh(tokens["refresh_token"]).json
    assert site.call(fresh["access_token"]).status == 200
    assert site.run("key", "rotate", "--revoke").returncode == 0
    assert site.call(tokens["access_token"]).status == 401 and site.call(fresh["access_token"]).status == 401
    fresh = caller.refresh(fresh["refresh_token"])
    assert fresh.status == 200 and site.call(fresh.json["access_token"]).status == 200
    assert site.run("key", "rotate", "--kind", "sealing").returncode == 0
    fresh = caller.refresh(fresh.json["refresh_token"])
    assert fresh.status == 200
    assert site.run("key", "rotate", "--kind", "sealing", "--revoke").returncode == 0
    assert caller.refresh(fresh.json["refresh_token"]).status == 401
    assert [k["state"] for k in map(json.loads, site.run("key", "list", "--json").stdout.splitlines())].count("in use") == 3


def test_an_open_stream_ends_when_its_grant_does(site: IssuingSite):
    """The stream of a revoked grant is ended by the gateway, in the way of its revision."""
    caller = site.caller()
    tokens = site.tokens(caller=caller)
    parts = urllib.parse.urlsplit(site.origin)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.request("GET", PATH, headers={"Authorization": "Bearer " + tokens["access_token"], "Accept": "text/event-stream"})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.readline()
    assert caller.revoke(tokens["refresh_token"]).status == 200
    begun = time.monotonic()
    rest = answer.read()
    assert time.monotonic() - begun < 3 and b"retry:" in rest
    connection.close()
