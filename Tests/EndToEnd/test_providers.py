"""Sign-in at real identity providers: django-oauth-toolkit and glewlwyd, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import pathlib
import sqlite3
import time
import uuid

import pytest
from selenium.webdriver.common.keys import Keys

from support.browser import Browser, Page
from support.chromium import Chromium, Listener
from support.dpop import BoundCaller
from support.flow import Answer, Caller, Pair, answer_of, decide
from support.gateway import ReservedPort
from support.issuing import PATH, IssuingSite
from support.providers import KINDS, Talker, destination
from support.several import several

SCOPES = {
    "mcp:read": {"description": "Read what is there", "tools": ["get_*", "list_*", "echo"]},
    "mcp:write": {"description": "Change things", "tools": ["create_*"], "granted_to": ["sso/group:support"]},
}


class Company:
    """A gateway, the company's provider, and two people of whom one is in support."""

    def __init__(self, home: pathlib.Path, provider: str, **more) -> None:
        home.mkdir(parents=True)
        port = ReservedPort()
        self.provider = KINDS[provider](home / "provider", f"http://127.0.0.1:{port.number}/sign-in/callback/sso")
        (home / "secret").write_text(self.provider.secret + "\n")
        (home / "master-key").write_text("5" * 64 + "\n")
        sso = {
            "kind": "oidc", "title": "Example SSO", "issuer": self.provider.issuer, "client_id": "gatehouse",
            "client_secret_file": str(home / "secret"), "groups_claim": "groups"} | more
        if sso["kind"] == "oauth2":
            places = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            sso |= {f"{name}_endpoint": f"{self.provider.issuer}/{path}/" for name, path in places.items()}
        sso = {name: value for name, value in sso.items() if value is not None}
        self.site = IssuingSite(
            home / "gateway", port=port, sign_in={"local": {"kind": "users", "file": "users"}, "sso": sso},
            outbound={"allow_private": ["127.0.0.0/8"]}, master_key_file=str(home / "master-key"), tools={"scopes": SCOPES},
            audit={"to": "file audit.log"})
        self.home = home / "gateway"
        self.provider.user("lee", "correct horse", "support", "tech")
        self.provider.user("ann", "battery staple")
        self.caller = self.site.caller()
        assert self.caller.register().status == 201

    def end(self) -> None:
        self.provider.stop()
        self.site.end()

    def restart(self, **settings) -> None:
        assert self.site.gateway.stop() == 0
        self.site.settings |= settings
        self.site.gateway.write(self.site.settings)
        self.site.gateway.start()

    def leave(self, browser: Browser, pair: Pair, **values) -> Page:
        """The first page, and the provider's button on it."""
        page = browser.open(self.caller.authorization_url(pair, resource=self.site.resource))
        assert isinstance(page, Page) and page.status == 200, page
        return browser.submit(page, page.form("decision", "request"), source="sso", **values)

    def walk(self, name: str = "lee", password: str = "correct horse", browser: Browser | None = None, pair: Pair | None = None, **values) -> Page | str:
        """From the client's request to its answer, or to the page after the provider."""
        browser = browser or Browser()
        leaving = self.leave(browser, pair or Pair(), **values)
        return browser.open(self.provider.sign_in(browser, destination(leaving), name, password))

    def tokens(self, **walking) -> dict:
        pair = Pair()
        redirect = self.walk(pair=pair, **walking)
        assert isinstance(redirect, str), redirect.text
        answer = self.caller.redeem(answer_of(redirect)["code"], pair, resource=self.site.resource)
        assert answer.status == 200, answer.body
        return answer.json

    def age(self, seconds: int = 300) -> None:
        """As if the provider had been asked so long ago."""
        with contextlib.closing(sqlite3.connect(self.home / "gatehouse.db", timeout=20)) as state, state:
            state.execute("UPDATE provider_user SET checked_at = checked_at - ?, asked_until = 0", (seconds,))

    def row(self) -> tuple:
        with contextlib.closing(sqlite3.connect(self.home / "gatehouse.db", timeout=20)) as state:
            return state.execute("SELECT subject, provider_subject, group_names, token, token_is_sealed FROM provider_user").fetchone()

    def audited(self, event: str, count: int) -> list[dict]:
        """The lines of an event, once there are so many: they are written a moment after the answer."""
        deadline = time.monotonic() + 10
        while True:
            lines = [json.loads(line) for line in (self.home / "audit.log").read_text().splitlines(keepends=True) if line.endswith("\n")]
            found = [line for line in lines if line.get("event") == event]
            if len(found) >= count or time.monotonic() > deadline:
                return found
            time.sleep(0.05)


kinds = pytest.mark.parametrize("kind", list(KINDS))


@pytest.fixture
def company(tmp_path: pathlib.Path):
    yield from several(lambda number, provider, **more: Company(tmp_path / f"company{number}", provider, **more))


@kinds
def test_groups_of_the_company_decide_what_is_granted(company, kind: str):
    it = company(kind)
    browser = Browser()
    tokens = it.tokens(browser=browser)
    assert tokens["scope"] == "mcp:read mcp:write"
    assert it.site.call(tokens["access_token"]).status == 200
    # Who is in no group is asked again, for less; and the first user's answer is for nobody else.
    other = Browser()
    page = it.walk("ann", "battery staple", browser=other)
    assert isinstance(page, Page) and "Read what is there" in page.text and "Change things" not in page.text
    assert isinstance(decide(other, page), str)
    # The person is known now: no provider is needed for the next client.
    again = browser.open(it.caller.authorization_url(Pair(), resource=it.site.resource))
    assert "Signed in as" in again.text and "Example SSO" in again.text
    signed = it.audited("sign_in", 2)
    assert [line["decision"] for line in signed] == ["accepted", "accepted"] and signed[0]["source"] == "sso"
    assert signed[0]["subject"] != signed[1]["subject"]


@kinds
def test_nothing_is_made_before_the_person_agrees(company, kind: str):
    it = company(kind)
    browser, pair = Browser(), Pair()
    page = browser.open(it.caller.authorization_url(pair, resource=it.site.resource))
    for words in ("Tests unverified", "127.0.0.1", "Read what is there", "Example SSO will be asked who you are"):
        assert words in page.text, page.text
    assert not any("sign-in" in name for jar in browser.cookies.values() for name in jar)
    leaving = browser.submit(page, page.form("decision", "request"), source="sso")
    callback = it.provider.sign_in(browser, destination(leaving), "lee", "correct horse")
    stranger = Browser()
    assert stranger.open(callback).status == 403
    stranger.open(it.site.origin + "/account")
    assert stranger.open(callback).status == 403
    assert isinstance(browser.open(callback), str)
    assert browser.open(callback).status == 403


@kinds
def test_who_left_the_company_is_out_at_the_next_refresh(company, kind: str):
    it = company(kind)
    tokens = it.tokens()
    subject, _, groups, token, sealed = it.row()
    assert sealed == 1 and token and groups == "support\ntech"
    # Asked a moment ago: the provider is not asked again.
    it.provider.remove("lee")
    answer = it.caller.refresh(tokens["refresh_token"])
    assert answer.status == 200, answer.body
    it.age()
    refused = it.caller.refresh(answer.json["refresh_token"])
    assert refused.status == 400 and refused.json["error"] == "invalid_grant", refused.body
    assert it.site.call(answer.json["access_token"]).status == 401
    assert it.row() is None
    assert [line["decision"] for line in it.audited("revocation", 1)] == ["ended"]


@kinds
def test_a_group_that_is_lost_is_lost_at_the_next_refresh(company, kind: str):
    it = company(kind)
    tokens = it.tokens()
    it.provider.regroup("lee", "tech")
    it.age()
    answer = it.caller.refresh(tokens["refresh_token"])
    assert answer.status == 200 and answer.json["scope"] == "mcp:read", answer.body
    it.age()
    # The provider's refresh token of the first refresh is good for the second.
    assert it.caller.refresh(answer.json["refresh_token"]).status == 200


@kinds
def test_while_the_provider_is_stopped_nothing_is_lost(company, kind: str):
    it = company(kind)
    tokens = it.tokens()
    it.provider.stop()
    it.age()
    answer = it.caller.refresh(tokens["refresh_token"])
    assert answer.status == 503 and answer.json["error"] == "temporarily_unavailable", answer.body
    assert answer.headers["Retry-After"]
    # The access token goes on, and so does whoever signs in with a password.
    assert it.site.call(tokens["access_token"]).status == 200
    it.provider.start()
    it.age(0)
    answer = it.caller.refresh(tokens["refresh_token"])
    assert answer.status == 200, answer.body


NONSENSE = [
    b"garbage\r\n\r\n", b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 18\r\n\r\n<html>Hello</html>",
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"access_token":"x"',
]


def test_a_provider_that_is_stopped_or_talks_nonsense_is_said_on_a_page(company):
    it = company("django")
    begun = []
    for _ in range(len(NONSENSE) + 1):
        browser = Browser()
        leaving = it.leave(browser, Pair())
        begun.append((browser, it.provider.sign_in(browser, destination(leaving), "lee", "correct horse")))
    it.provider.stop()
    for nonsense, (browser, callback) in zip([None, *NONSENSE], begun):
        with Talker(it.provider.port, nonsense) if nonsense else contextlib.nullcontext():
            page = browser.open(callback)
        assert page.status == 503 and "Example SSO cannot be asked at the moment who you are" in page.text, (nonsense, page.text)
        assert not any("gatehouse-session" in name for jar in browser.cookies.values() for name in jar)
    assert it.row() is None
    it.provider.start()
    leaving = browser.submit(page, page.form("decision", "request"), source="sso")
    redirect = browser.open(it.provider.sign_in(browser, destination(leaving), "lee", "correct horse"))
    assert isinstance(redirect, str) and "code" in answer_of(redirect)
    decisions = [line["decision"] for line in it.audited("sign_in", len(begun) + 1)]
    assert decisions == ["unavailable"] * len(begun) + ["accepted"]


def test_the_answer_of_one_provider_is_not_taken_for_another_s(company, tmp_path: pathlib.Path):
    """Two providers on one page; a callback that is moved from one's place to the other's gets nothing (RFC 9700 §4.4)."""
    it = company("django")
    other = KINDS["glewlwyd"](tmp_path / "other", f"{it.site.origin}/sign-in/callback/other")
    try:
        other.user("lee", "correct horse", "support")
        (tmp_path / "secret").write_text(other.secret + "\n")
        sign_in = it.site.settings["sign_in"] | {"other": {
            "kind": "oidc", "title": "Other", "issuer": other.issuer, "client_id": "gatehouse",
            "client_secret_file": str(tmp_path / "secret"), "groups_claim": "groups"}}
        it.restart(sign_in=sign_in)
        browser = Browser()
        leaving = it.leave(browser, Pair())
        callback = it.provider.sign_in(browser, destination(leaving), "lee", "correct horse")
        assert browser.open(callback.replace("/callback/sso?", "/callback/other?")).status == 403
        assert isinstance(browser.open(callback), str)
        # The session outlives the process, is made anew by the next sign-in, and ends on signing out.
        it.restart()
        assert "lee (Example SSO)" in browser.open(it.site.origin + "/account").text
        old = {**browser.cookies[it.site.origin.partition("//")[2]]}
        page = browser.open(it.site.origin + "/sign-in")
        leaving = browser.submit(page, page.forms[-1], source="other")
        account = browser.open(other.sign_in(browser, destination(leaving), "lee", "correct horse"))
        assert "Lee (Other)" in account.text
        new = browser.cookies[it.site.origin.partition("//")[2]]
        assert new.keys() == old.keys() and not new.items() & old.items()
        browser.submit(account, next(form for form in account.forms if form.action == "/sign-out"))
        assert "(Other)" not in browser.open(it.site.origin + "/account").text
    finally:
        other.stop()


def test_a_provider_without_id_tokens(company):
    it = company(
        "django", kind="oauth2", issuer=None, user_claim="sub", scopes=["openid", "profile"], name_claim="name")
    assert it.tokens()["scope"] == "mcp:read mcp:write"


def test_the_provider_speaks_for_its_users_without_a_sign_in(company):
    """ID-JAG: the user is the one who signs in with that `sub`, with the groups that the provider knows now."""
    it = company("django")
    it.tokens()
    _, sub, *_ = it.row()
    (it.home / "robot.secret").write_text("a secret of the robot, long enough\n")
    it.restart(
        clients=[{"client_id": "robot", "secret_file": "robot.secret", "grants": ["jwt_bearer"], "scopes": ["mcp:read", "mcp:write"]}],
        assertions=[{"issuer": it.provider.issuer, "kind": "id_jag", "jwks_uri": it.provider.keys_location, "sign_in": "sso"}])

    def spoken(**changes) -> Answer:
        now = int(time.time())
        statement = it.provider.sign("oauth-id-jag+jwt", {
            "iss": it.provider.issuer, "sub": sub, "aud": it.site.origin, "client_id": "robot", "resource": it.site.resource,
            "jti": uuid.uuid4().hex, "iat": now, "exp": now + 120} | changes)
        return Caller(it.site.origin).form("/token", {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": statement, "scope": "mcp:read mcp:write",
            "client_id": "robot", "client_secret": "a secret of the robot, long enough"})

    known = spoken()
    assert known.status == 200 and known.json["scope"] == "mcp:read mcp:write", known.body
    assert it.site.call(known.json["access_token"]).status == 200
    assert "refresh_token" not in known.json
    # Who was never here is a user too, in no group; and told groups count.
    other = spoken(sub="4711")
    assert other.status == 200 and other.json["scope"] == "mcp:read", other.body
    assert spoken(sub="4711", groups=["support"]).json["scope"] == "mcp:read mcp:write"
    assert len({line["subject"] for line in it.audited("issuance", 4)}) == 2
    # Another provider's word is worth nothing, even by this one's key.
    assert spoken(iss=it.provider.issuer + "/").json["error"] == "invalid_grant"
    it.provider.remove("lee")
    it.age()
    gone = spoken()
    assert gone.status == 400 and gone.json["error"] == "invalid_grant", gone.body


@kinds
def test_tokens_of_a_company_s_user_are_bound_to_the_client_s_key(company, kind: str):
    """Sign-in elsewhere and DPoP: the key of the authorization request is that of code, token and refresh."""
    it = company(kind)
    it.caller = caller = BoundCaller(it.site.origin)
    assert caller.register(dpop_bound_access_tokens=True).status == 201
    pair = Pair()
    url = caller.authorization_url(pair, resource=it.site.resource, dpop_jkt=caller.prover.thumbprint)
    browser = Browser()
    page = browser.open(url)
    leaving = browser.submit(page, page.form("decision", "request"), source="sso")
    redirect = browser.open(it.provider.sign_in(browser, destination(leaving), "lee", "correct horse"))
    code = answer_of(redirect)["code"]
    # Who has the code and another key gets nothing, and the code is still good.
    thief = BoundCaller(it.site.origin)
    thief.client_id, thief.secret = caller.client_id, caller.secret
    stolen = thief.redeem(code, pair, resource=it.site.resource)
    assert stolen.status == 400 and stolen.json["error"] in ("invalid_grant", "invalid_dpop_proof"), stolen.body
    tokens = caller.redeem(code, pair, resource=it.site.resource)
    assert tokens.status == 200 and tokens.json["token_type"] == "DPoP", tokens.body
    assert caller.call(tokens.json["access_token"], PATH).status == 200
    assert it.site.call(tokens.json["access_token"]).status == 401
    assert thief.call(tokens.json["access_token"], PATH).status == 401
    it.age()
    assert thief.refresh(tokens.json["refresh_token"]).status == 400
    refreshed = caller.refresh(tokens.json["refresh_token"])
    assert refreshed.status == 200 and refreshed.json["token_type"] == "DPoP", refreshed.body
    it.provider.remove("lee")
    it.age()
    gone = caller.refresh(refreshed.json["refresh_token"])
    assert gone.status == 400 and gone.json["error"] == "invalid_grant", gone.body
    assert caller.call(refreshed.json["access_token"], PATH).status == 401


def test_the_whole_way_in_a_real_browser(company, tmp_path: pathlib.Path):
    """Chromium follows from our page to the provider's, and from there to the client, by keyboard alone."""
    it = company("django")
    listener, chromium, pair = Listener(), Chromium(tmp_path / "profile"), Pair()
    try:
        it.caller = it.site.caller(listener.callback)
        assert it.caller.register().status == 201
        chromium.open(it.caller.authorization_url(pair, resource=it.site.resource))
        chromium.until(lambda: chromium.has('button[value="sso"]'))
        chromium.tab_to('input[name="scope"][value="mcp:write"]')
        chromium.press(Keys.SPACE)
        chromium.tab_to('button[value="sso"]')
        chromium.press(Keys.ENTER)
        chromium.until(lambda: chromium.has("#id_username"))
        chromium.tab_to("#id_username")
        chromium.press("lee", Keys.TAB, "correct horse", Keys.ENTER)
        chromium.until(lambda: chromium.url.startswith(listener.origin))
        answer = listener.answer()
        assert answer["iss"] == it.site.origin and answer["state"] == "state-1"
        tokens = it.caller.redeem(answer["code"], pair)
        assert tokens.status == 200 and tokens.json["scope"] == "mcp:read", tokens.body
        chromium.open(it.site.origin + "/account")
        chromium.until(lambda: "Read what is there" in chromium.text)
    finally:
        chromium.end()
        listener.end()


def test_no_log_has_a_secret_of_the_provider(company):
    it = company("django")
    tokens = it.tokens()
    it.age()
    assert it.caller.refresh(tokens["refresh_token"]).status == 200
    text = it.site.gateway.text() + (it.home / "audit.log").read_text()
    with contextlib.closing(sqlite3.connect(it.provider.home / "provider.db", timeout=20)) as database:
        secrets = [row[0] for table in ("accesstoken", "refreshtoken") for row in database.execute(f"SELECT token FROM oauth2_provider_{table}")]
    assert len(secrets) >= 3
    state = (it.home / "gatehouse.db").read_bytes() + (it.home / "gatehouse.db-wal").read_bytes()
    for secret in [*secrets, it.provider.secret]:
        assert secret not in text and secret.encode() not in state
