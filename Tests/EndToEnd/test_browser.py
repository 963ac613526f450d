"""The pages in a real browser: what it lets through, what it keeps out, and what a person sees.

Screenshots of every page are left in .build/results/screenshots.
"""

from __future__ import annotations

import base64
import json
import pathlib
import re
import time

import pytest
from selenium.webdriver.common.keys import Keys

from support.chromium import CONTRAST, LAYOUT, VIEWS, Chromium, Listener
from support.flow import Caller, Pair
from support.issuing import PASSWORD, USER, IssuingSite

READ, WRITE = 'input[name="scope"][value="mcp:read"]', 'input[name="scope"][value="mcp:write"]'
ALLOW, DENY = 'button[value="approve"]', 'button[value="deny"]'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    site = IssuingSite(tmp_path_factory.mktemp("browser"), registration={
        "rate": "100000/min", "total_rate": "100000/min",
        "redirect_uris": ["loopback", "app.example", "*.app.example", "https://app.example:8443/callback", "com.example.tests:"],
    })
    yield site
    site.end()


@pytest.fixture(scope="module")
def shared_chromium(tmp_path_factory: pytest.TempPathFactory):
    chromium = Chromium(tmp_path_factory.mktemp("profile"))
    yield chromium
    chromium.end()


@pytest.fixture
def chromium(shared_chromium: Chromium):
    shared_chromium.forget()
    shared_chromium.view("desktop")
    return shared_chromium


@pytest.fixture
def listener():
    listener = Listener()
    yield listener
    listener.end()


def registered(site: IssuingSite, redirect_uri: str, **metadata) -> Caller:
    caller = site.caller(redirect_uri)
    answer = caller.register(**metadata)
    assert answer.status == 201, answer.body
    return caller


def sign_in(chromium: Chromium, password: str = PASSWORD) -> None:
    """By keyboard, from the page as it opens: the cursor is in the first field."""
    chromium.until(lambda: chromium.is_at("#username"))
    chromium.press(USER, Keys.TAB)
    assert chromium.is_at("#password")
    chromium.press(password, Keys.ENTER)


def to_consent(chromium: Chromium, site: IssuingSite, caller: Caller, pair: Pair | None = None, **parameters) -> None:
    chromium.open(caller.authorization_url(pair or Pair(), resource=site.resource, **parameters))
    sign_in(chromium)
    chromium.until(lambda: chromium.has(ALLOW))


def claims(token: str) -> dict:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def narrow_and_allow(chromium: Chromium, site: IssuingSite, listener: Listener) -> None:
    """The whole flow with the keyboard alone: one box unticked, and the token has just what stayed ticked."""
    caller, pair = registered(site, listener.callback), Pair()
    to_consent(chromium, site, caller, pair)
    chromium.tab_to(WRITE)
    chromium.press(Keys.SPACE)
    assert not chromium.has(WRITE + ":checked") and chromium.has(READ + ":checked")
    chromium.tab_to(ALLOW)
    chromium.press(Keys.ENTER)
    chromium.until(lambda: chromium.url.startswith(listener.origin))
    answer = listener.answer()
    assert set(answer) == {"code", "state", "iss"} and answer["state"] == "state-1" and answer["iss"] == site.origin
    tokens = caller.redeem(answer["code"], pair)
    assert tokens.status == 200, tokens.body
    assert tokens.json["scope"] == claims(tokens.json["access_token"])["scope"] == "mcp:read"
    assert site.call(tokens.json["access_token"]).status == 200
    assert chromium.console() == []


# --- The flow --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_the_whole_flow_by_keyboard(chromium: Chromium, site: IssuingSite, host: str):
    """Chromium holds `form-action` against redirects: the answer gets through to each kind of loopback address."""
    listener = Listener(host)
    try:
        narrow_and_allow(chromium, site, listener)
    finally:
        listener.end()


@pytest.mark.full
def test_the_whole_flow_without_scripts(site: IssuingSite, listener: Listener, tmp_path: pathlib.Path):
    chromium = Chromium(tmp_path, scripts=False)
    try:
        listener.pages["/probe"] = "<title>off</title><script>document.title = 'on'</script>"
        chromium.open(listener.origin + "/probe")
        assert chromium.title == "off"
        chromium.forget()
        narrow_and_allow(chromium, site, listener)
    finally:
        chromium.end()


@pytest.mark.full
def test_deny_tells_the_client(chromium: Chromium, site: IssuingSite, listener: Listener):
    to_consent(chromium, site, registered(site, listener.callback))
    chromium.tab_to(DENY)
    chromium.press(Keys.ENTER)
    chromium.until(lambda: chromium.url.startswith(listener.origin))
    answer = listener.answer()
    assert answer["error"] == "access_denied" and answer["state"] == "state-1" and answer["iss"] == site.origin and "code" not in answer
    assert chromium.console() == []


@pytest.mark.full
def test_enter_in_a_box_gives_nothing_away(chromium: Chromium, site: IssuingSite, listener: Listener):
    to_consent(chromium, site, registered(site, listener.callback))
    chromium.tab_to(WRITE)
    chromium.press(Keys.ENTER)
    chromium.until(lambda: chromium.url.startswith(listener.origin))
    assert listener.answer()["error"] == "access_denied"


@pytest.mark.full
def test_an_answer_leaves_for_another_site(chromium: Chromium, site: IssuingSite):
    """https elsewhere; nothing listens there, so what counts is that the browser went."""
    for redirect_uri in ("https://app.example/callback", "https://app.example:8443/callback"):
        chromium.forget()
        to_consent(chromium, site, registered(site, redirect_uri))
        chromium.tab_to(ALLOW)
        chromium.press(Keys.ENTER)
        chromium.until(lambda: chromium.url.startswith(redirect_uri + "?"))
        assert not [line for line in chromium.console() if "Content Security Policy" in line]


@pytest.mark.full
def test_an_answer_leaves_for_a_program(chromium: Chromium, site: IssuingSite):
    """A private-use scheme: no program has it here, but no policy is in its way."""
    to_consent(chromium, site, registered(site, "com.example.tests:/callback"))
    before = len(site.gateway.log())
    chromium.tab_to(ALLOW)
    chromium.press(Keys.ENTER)
    site.gateway.wait_for_log("/consent", after=before)
    time.sleep(0.5)
    assert not [line for line in chromium.console() if "Content Security Policy" in line]


@pytest.mark.full
def test_a_policy_without_the_place_stops_the_answer(chromium: Chromium, listener: Listener):
    """The control of the tests above: with another policy the same redirects are stopped, and the console says so."""
    for place in ("com.example.tests:/callback", "https://app.example/callback", "http://[::1]:9/callback"):
        listener.policy = "form-action 'self'"
        listener.pages["/form"] = '<form method="post" action="/away"><button autofocus>Go</button></form>'
        listener.redirects["/away"] = place
        chromium.open(listener.origin + "/form")
        chromium.until(lambda: chromium.is_at("button"))
        chromium.press(Keys.ENTER)
        said: list[str] = []
        chromium.until(lambda: said.extend(chromium.console()) or said)
        assert "form-action" in said[0] and "Content Security Policy" in said[0], said


# --- What the browser keeps out --------------------------------------------------------------------------------------------------


@pytest.mark.full
def test_the_form_leads_nowhere_else(chromium: Chromium, site: IssuingSite, listener: Listener):
    """Even if the page were changed: what lets the redirect through is the one address, not a missing policy."""
    foreign = Listener()
    try:
        to_consent(chromium, site, registered(site, listener.callback))
        chromium.script("document.forms[0].action = arguments[0]", foreign.origin + "/stolen")
        chromium.tab_to(ALLOW)
        chromium.press(Keys.ENTER)
        said: list[str] = []
        chromium.until(lambda: said.extend(chromium.console()) or said)
        assert "form-action" in said[0] and not foreign.arrived and chromium.has(ALLOW)
    finally:
        foreign.end()


@pytest.mark.full
def test_no_script_and_no_style_from_elsewhere(chromium: Chromium, site: IssuingSite, listener: Listener):
    to_consent(chromium, site, registered(site, listener.callback))
    chromium.script("""
        document.body.insertAdjacentHTML("beforeend", "<img src='" + arguments[0] + "/i.png' onerror='window.ran = 1'><p id=x style='color:red'>x</p>");
        const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.body.append(s);
    """, listener.origin)
    said: list[str] = []
    chromium.until(lambda: said.extend(chromium.console()) or len(said) >= 4)
    assert all("Content Security Policy" in line for line in said)
    assert chromium.script("return window.ran") is None and not listener.arrived
    assert chromium.script("return getComputedStyle(document.querySelector('#x')).color") != "rgb(255, 0, 0)"


@pytest.mark.full
@pytest.mark.parametrize("page", ["sign-in", "consent", "account", "error"])
def test_no_page_is_framed(chromium: Chromium, site: IssuingSite, listener: Listener, page: str):
    """The frame comes from the same machine, so the cookies are sent along, and still it stays empty."""
    caller = registered(site, listener.callback)
    url = {"account": site.origin + "/account", "error": site.origin + "/authorize?client_id=unknown"}.get(page) or caller.authorization_url(Pair(), resource=site.resource)
    if page in ("consent", "account"):
        chromium.open(site.origin + "/account")
        sign_in(chromium)
        chromium.until(lambda: "What you have allowed" in chromium.text)
    chromium.open(url)
    assert chromium.has("main h1")
    chromium.console()
    listener.pages["/frame"] = f'<title>Frame</title><iframe src="{url.replace("&", "&amp;")}" width="600" height="600"></iframe>'
    chromium.open(listener.origin + "/frame")
    said = chromium.console()
    assert any("frame-ancestors" in line or "X-Frame-Options" in line for line in said), said
    chromium.driver.switch_to.frame(0)
    assert not chromium.has("main, form, input, button") and chromium.script("return location.href") == "chrome-error://chromewebdata/"


# --- What a person sees ----------------------------------------------------------------------------------------------------------


@pytest.mark.full
def test_a_wrong_password_is_said(chromium: Chromium, site: IssuingSite, listener: Listener):
    chromium.open(registered(site, listener.callback).authorization_url(Pair(), resource=site.resource))
    sign_in(chromium, "wrong horse")
    chromium.until(lambda: chromium.has("#problem"))
    chromium.until(lambda: chromium.is_at("#password"))
    assert "wrong" in chromium.text and "wrong horse" not in chromium.driver.page_source
    assert chromium.script("return [document.querySelector('#username').value, document.querySelector('#password').value]") == [USER, ""]
    chromium.press(PASSWORD, Keys.ENTER)
    chromium.until(lambda: chromium.has(ALLOW))


@pytest.mark.full
def test_a_person_ends_an_access(chromium: Chromium, site: IssuingSite):
    caller = site.caller()
    assert caller.register(client_name="Notes on the go").status == 201
    tokens = site.tokens(caller=caller)
    chromium.open(site.origin + "/account")
    sign_in(chromium)
    chromium.until(lambda: "Notes on the go" in chromium.text)
    chromium.tab_to('button[aria-label^="End access of Notes on the go"]')
    chromium.press(Keys.ENTER)
    chromium.until(lambda: "The access has ended" in chromium.text)
    assert "Notes on the go" not in chromium.text and site.call(tokens["access_token"]).status == 401
    chromium.tab_to('form[action="/sign-out"] button')
    chromium.press(Keys.ENTER)
    chromium.until(lambda: not chromium.has('form[action="/sign-out"]'))
    assert chromium.console() == []
    chromium.open(site.origin + "/account")
    assert chromium.has("#password")


@pytest.mark.full
def test_an_unknown_client_is_said(chromium: Chromium, site: IssuingSite):
    chromium.open(site.origin + "/authorize?client_id=unknown&response_type=code&redirect_uri=http://127.0.0.1:9/callback")
    assert "not known" in chromium.text and chromium.url.startswith(site.origin)
    # The one thing said is the status of the page itself.
    assert all(re.search("status of 400", line) for line in chromium.console())


LONG = "Ein-sehr-langer-Name-ohne-Leerzeichen-" * 5


def go(chromium: Chromium, site: IssuingSite, page: str) -> None:
    """To a page by the way that a person takes."""
    names = {"consent-long": LONG, "consent-script": "مساعد الملاحظات <b>&amp;</b> 日本語のメモ"}
    caller = registered(site, "https://a-very-long-host-name-of-a-client.with-many-labels.app.example/callback" if page == "consent-long" else "http://127.0.0.1:9/callback",
                        client_name=names.get(page, "Notes on the go"))
    url = caller.authorization_url(Pair(), resource=site.resource)
    if page == "error":
        chromium.open(site.origin + "/authorize?client_id=unknown")
    elif page == "sign-in":
        chromium.open(url)
        chromium.until(lambda: chromium.is_at("#username"))
    elif page == "sign-in-wrong":
        chromium.open(url)
        sign_in(chromium, "wrong horse")
        chromium.until(lambda: chromium.has("#problem"))
    elif page.startswith("consent"):
        to_consent(chromium, site, caller)
        if page == "consent-nothing-ticked":
            for box in (READ, WRITE):
                chromium.tab_to(box)
                chromium.press(Keys.SPACE)
            chromium.tab_to(ALLOW)
            chromium.press(Keys.ENTER)
            chromium.until(lambda: chromium.has("#problem"))
    else:
        if page != "signed-out":
            for name in ("Notes on the go", LONG):
                other = site.caller()
                assert other.register(client_name=name).status == 201
                site.tokens(caller=other, scope="mcp:read" if name == LONG else None)
        chromium.open(site.origin + "/account")
        sign_in(chromium)
        chromium.until(lambda: "What you have allowed" in chromium.text)
        if page == "account-ended":
            chromium.tab_to('button[aria-label^="End access"]')
            chromium.press(Keys.ENTER)
            chromium.until(lambda: chromium.has(".good"))
        elif page == "signed-out":
            chromium.tab_to('form[action="/sign-out"] button')
            chromium.press(Keys.ENTER)
            chromium.until(lambda: not chromium.has('form[action="/sign-out"]'))


@pytest.mark.parametrize("page", [
    "sign-in", "sign-in-wrong", "consent", "consent-long", "consent-script", "consent-nothing-ticked", "account", "account-ended", "signed-out", "error",
])
@pytest.mark.full
def test_every_page_is_fit_to_be_seen(chromium: Chromium, site: IssuingSite, page: str):
    """No sideways scrolling, no tiny targets, no pale text, on a desk and on a phone, by day and by night."""
    go(chromium, site, page)
    found = {}
    for view in VIEWS:
        chromium.view(view)
        chromium.screenshot(f"{page}-{view}")
        found[view] = chromium.script(LAYOUT) + chromium.script(CONTRAST)
    assert not any(found.values()), found
    said = [line for line in chromium.console() if not re.search("status of 4", line)]
    assert not said, said
