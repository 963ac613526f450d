"""What a person does in the browser between a client's first 401 and its token; and a whole client in a few lines."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import urllib.parse

from .browser import Browser, Page


def sign_in(browser: Browser, page: Page, user: str, password: str) -> Page | str:
    return browser.submit(page, page.form("username", "password"), username=user, password=password)


def decide(browser: Browser, page: Page, decision: str = "approve", scopes: list[str] | None = None) -> str | Page:
    """Agrees or refuses; `scopes` are the boxes left ticked, all that are ticked already without it."""
    values: dict = {"decision": decision}
    if scopes is not None:
        values["scope"] = scopes
    return browser.submit(page, page.form("decision", "request"), **values)


def walk(url: str, user: str, password: str, browser: Browser | None = None, scopes: list[str] | None = None, decision: str = "approve") -> str:
    """From the authorization URL to the client's redirect URI, signing in where asked."""
    browser = browser or Browser()
    page = browser.open(url)
    if isinstance(page, Page) and any("password" in form.names for form in page.forms):
        page = sign_in(browser, page, user, password)
    if isinstance(page, Page):
        page = decide(browser, page, decision, scopes)
    assert isinstance(page, str), f"{page.status} {page.text}"
    return page


def answer_of(redirect: str) -> dict[str, str]:
    """The parameters of an authorization response; each occurs once."""
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(redirect).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in query.values()), query
    return {name: values[0] for name, values in query.items()}


class Pair:
    """A code verifier with its challenge."""

    def __init__(self, verifier: str | None = None) -> None:
        self.verifier = verifier or secrets.token_urlsafe(48)
        self.challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def json(self) -> dict:
        return json.loads(self.body)


class Caller:
    """A client of the authorization server, request by request."""

    def __init__(self, origin: str, redirect_uri: str = "http://127.0.0.1:9/callback") -> None:
        self.origin, self.redirect_uri = origin, redirect_uri
        self.client_id, self.secret = "", None

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        parts = urllib.parse.urlsplit(self.origin)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def form(self, path: str, fields: dict | list, **headers: str) -> Answer:
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        return self.send("POST", path, body, **({"Content-Type": "application/x-www-form-urlencoded"} | headers))

    def register(self, **metadata) -> Answer:
        wanted = {"client_name": "Tests", "redirect_uris": [self.redirect_uri], "token_endpoint_auth_method": "none"} | metadata
        answer = self.send("POST", "/register", json.dumps({k: v for k, v in wanted.items() if v is not None}).encode(), **{"Content-Type": "application/json"})
        if answer.status == 201:
            self.client_id, self.secret = answer.json["client_id"], answer.json.get("client_secret")
        return answer

    def authorization_url(self, pair: Pair, **parameters: str | list | None) -> str:
        wanted = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.redirect_uri, "state": "state-1",
            "code_challenge": pair.challenge, "code_challenge_method": "S256",
        } | parameters
        return f"{self.origin}/authorize?" + urllib.parse.urlencode({k: v for k, v in wanted.items() if v is not None}, doseq=True)

    def _authenticated(self, fields: dict) -> dict:
        return {"client_id": self.client_id} | ({"client_secret": self.secret} if self.secret else {}) | fields

    def redeem(self, code: str, pair: Pair, **fields) -> Answer:
        wanted = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri, "code_verifier": pair.verifier} | fields
        return self.form("/token", {k: v for k, v in self._authenticated(wanted).items() if v is not None})

    def refresh(self, token: str, **fields) -> Answer:
        return self.form("/token", self._authenticated({"grant_type": "refresh_token", "refresh_token": token} | fields))

    def revoke(self, token: str, **fields) -> Answer:
        return self.form("/revoke", self._authenticated({"token": token} | fields))

    def authorize(self, user: str, password: str, resource: str | None = None, scope: str | None = None, browser: Browser | None = None, **walking) -> Answer:
        """Registers if need be, lets the person agree, and redeems the code."""
        if not self.client_id:
            assert (answer := self.register()).status == 201, answer.body
        pair = Pair()
        redirect = walk(self.authorization_url(pair, resource=resource, scope=scope), user, password, browser, **walking)
        answer = answer_of(redirect)
        assert answer.get("state") == "state-1" and answer.get("iss") == self.origin, answer
        return self.redeem(answer["code"], pair, resource=resource)


def authorize_and_call(url: str, user: str, password: str, tool: str = "list_tickets") -> dict:
    """The whole flow against an MCP URL, ending with the result of a tool."""
    parts = urllib.parse.urlsplit(url)
    caller = Caller(f"{parts.scheme}://{parts.netloc}")
    tokens = caller.authorize(user, password, resource=url)
    assert tokens.status == 200, tokens.body
    message = {
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": tool, "arguments": {}, "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}},
    }
    answer = caller.send("POST", parts.path, json.dumps(message).encode(), **{
        "Authorization": f"Bearer {tokens.json['access_token']}", "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool,
    })
    assert answer.status == 200, (answer.status, answer.body)
    text = answer.body.decode()
    data = next((line[5:] for line in text.splitlines() if line.startswith("data:")), text)
    return json.loads(data)["result"]
