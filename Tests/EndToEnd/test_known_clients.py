"""The first requests of the clients that people use, as these clients were seen to send them: each ends with a token that works."""

from __future__ import annotations

import base64
import dataclasses
import json
import urllib.parse

import pytest

from support.browser import Browser
from support.flow import Answer, Caller, Pair, answer_of, walk
from support.issuing import PASSWORD, PATH, USER, IssuingSite

BOTH = ["authorization_code", "refresh_token"]
NONE = {"token_endpoint_auth_method": "none"}
CODE = {"grant_types": BOTH, "response_types": ["code"]}
INITIALIZE = {
    "jsonrpc": "2.0", "id": 0, "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "client", "version": "1"}},
}
DISCOVER = {
    "jsonrpc": "2.0", "id": 1, "method": "server/discover",
    "params": {"_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}},
}
ROOT, PATHED = "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource" + PATH
SERVER, OPENID = "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"


@dataclasses.dataclass
class Known:
    """What one client does, in the order in which it does it."""

    #: method, headers and body of what it sends to the MCP URL without a token
    first: tuple[str, dict[str, str], dict | None]
    #: the metadata that it reads, with the status that it is given
    reads: list[tuple[str, int]]
    registers: dict
    #: the redirect URI that it comes back to, whatever port it registered
    presents: str
    #: challenge: the scopes of the 401; server: all of the authorization server's; nothing: none
    scopes: str = "challenge"
    #: how often it sends `resource` to /authorize
    resources: int = 1
    refresh: dict = dataclasses.field(default_factory=dict)
    #: it tries HTTP Basic with an empty secret before it puts its id into the form
    tries_basic: bool = False
    #: the page of this origin does everything, so the browser asks for leave first
    origin: str | None = None
    #: it adds a slash to the MCP URL
    slash: bool = False


POST = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
CLIENTS: dict[str, Known] = {
    "Claude Code": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "Claude Code (tools)", "redirect_uris": ["http://localhost:3118/callback"]} | CODE | NONE,
        "http://localhost:54545/callback"),
    "Claude Code 2": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "Claude Code (tools)", "redirect_uris": ["http://localhost:8080/callback"], "application_type": "native"} | CODE | NONE,
        "http://localhost:8080/callback"),
    "claude.ai": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "Claude", "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"],
         "token_endpoint_auth_method": "client_secret_post", "scope": "mcp:read mcp:write"} | CODE,
        "https://claude.ai/api/mcp/auth_callback"),
    "ChatGPT": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "ChatGPT", "redirect_uris": ["https://chatgpt.com/connector/oauth/V2xkZpQ7"], "token_endpoint_auth_method": "none"} | CODE,
        "https://chatgpt.com/connector/oauth/V2xkZpQ7"),
    "Cursor": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "Cursor", "application_type": "web", "redirect_uris": [
            "cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback", "http://localhost:8787/callback"]} | CODE | NONE,
        "http://localhost:8787/callback"),
    "Cursor, older": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "Cursor", "application_type": "web", "redirect_uris": ["cursor://anysphere.cursor-mcp/oauth/callback"]} | CODE | NONE,
        "cursor://anysphere.cursor-mcp/oauth/callback"),
    "VS Code": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "Visual Studio Code", "client_uri": "https://code.visualstudio.com", "response_types": ["code"],
         "grant_types": [*BOTH, "urn:ietf:params:oauth:grant-type:device_code"],
         "redirect_uris": ["https://insiders.vscode.dev/redirect", "https://vscode.dev/redirect", "http://127.0.0.1/", "http://127.0.0.1:33418/"],
         "application_type": "native", "scope": "mcp:read mcp:write"} | NONE,
        "http://127.0.0.1:52431/"),
    "VS Code in the browser": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "Visual Studio Code", "redirect_uris": ["https://insiders.vscode.dev/redirect", "https://vscode.dev/redirect", "http://127.0.0.1/"]} | CODE | NONE,
        "https://vscode.dev/redirect"),
    "Inspector 1 (browser)": Known(
        ("POST", POST | {"Origin": "http://localhost:6274"}, INITIALIZE), [(ROOT, 200), (PATHED, 200), (SERVER, 200)],
        {"client_name": "MCP Inspector", "client_uri": "https://github.com/modelcontextprotocol/inspector", "scope": "",
         "redirect_uris": ["http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback/debug"]} | CODE | NONE,
        "http://localhost:6274/oauth/callback/debug", scopes="server", origin="http://localhost:6274"),
    "Inspector 2": Known(
        ("POST", POST | {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "server/discover"}, DISCOVER), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "MCP Inspector", "client_uri": "https://github.com/modelcontextprotocol/inspector", "scope": "", "application_type": "native",
         "redirect_uris": ["http://127.0.0.1:6276/oauth/callback"]} | CODE | NONE,
        "http://127.0.0.1:6276/oauth/callback"),
    "Codex": Known(
        ("GET", {"MCP-Protocol-Version": "2024-11-05"}, None),
        [(SERVER + PATH, 404), (PATH + SERVER, 404), (SERVER, 200), (PATHED, 200)],
        {"client_name": "Codex", "redirect_uris": ["http://127.0.0.1:41999/callback/5f0c2a"], "application_type": "native"} | CODE | NONE,
        "http://127.0.0.1:50112/callback/5f0c2a", resources=2, refresh={"scope": "granted"}),
    "goose": Known(
        ("GET", {"MCP-Protocol-Version": "2024-11-05"}, None), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "goose", "redirect_uris": ["http://127.0.0.1:41111/oauth_callback"], "application_type": "native", "scope": "mcp:read mcp:write"} | CODE | NONE,
        "http://127.0.0.1:50113/oauth_callback", refresh={"scope": "granted", "resource": True}),
    "gemini-cli": Known(
        ("HEAD", {"Accept": "application/json"}, None), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "Gemini CLI MCP Client", "redirect_uris": ["http://localhost:7777/oauth/callback"], "scope": ""} | CODE | NONE,
        "http://localhost:7777/oauth/callback", scopes="server", refresh={"resource": True}),
    "mcp-remote": Known(
        ("GET", {"Accept": "application/json, text/event-stream"}, None), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "MCP CLI Client", "client_uri": "https://github.com/modelcontextprotocol/mcp-cli", "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d",
         "software_version": "0.1.31", "redirect_uris": ["http://localhost:3334/oauth/callback"], "scope": "mcp:read mcp:write"} | CODE | NONE,
        "http://localhost:3334/oauth/callback", refresh={"resource": True}),
    "SDK for Go": Known(
        ("POST", POST, INITIALIZE), [(PATHED, 200), (SERVER, 200)],
        {"client_name": "go", "redirect_uris": ["http://localhost:3142"]} | NONE,
        "http://localhost:3142/", tries_basic=True),
    "SDK 1.10": Known(
        ("POST", POST, INITIALIZE), [(ROOT, 200), (SERVER + PATH, 404), (SERVER, 200)],
        {"client_name": "old", "redirect_uris": ["http://localhost:3030/callback"], "scope": "mcp:read mcp:write"} | CODE,
        "http://localhost:3030/callback", scopes="server"),
    "with a slash": Known(
        ("POST", POST, INITIALIZE), [(PATHED + "/", 200), (OPENID, 200)],
        {"client_name": "slash", "redirect_uris": ["http://[::1]:3030/callback"]} | NONE,
        "http://[::1]:3031/callback", slash=True),
    "of 2025-03-26": Known(
        ("POST", POST, INITIALIZE), [(SERVER, 200)],
        {"client_name": "early", "redirect_uris": ["http://localhost:3030/callback"]}, "http://localhost:3030/callback", scopes="nothing", resources=0),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory):
    site = IssuingSite(tmp_path_factory.mktemp("known"), registration={"rate": "10000/min", "total_rate": "10000/min"})
    yield site
    site.end()


def fields_of(challenge: str) -> dict[str, str]:
    assert challenge.startswith("Bearer ")
    return {name: value.strip(chr(34)) for name, value in (part.split("=", 1) for part in challenge[7:].split(", "))}


def preflight(caller: Caller, path: str, origin: str, method: str, headers: str) -> None:
    answer = caller.send("OPTIONS", path, None, Origin=origin, **{"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers})
    assert answer.status == 204, (path, answer.status)
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", origin), path
    assert method in answer.headers["Access-Control-Allow-Methods"] or method in ("GET", "POST"), path
    allowed = {h.strip().lower() for h in (answer.headers["Access-Control-Allow-Headers"] or "").split(",")}
    # Fetch §4.8: `*` is every name but Authorization, where no credentials are sent.
    assert "*" in allowed or set(headers.lower().split(", ")) <= allowed, (path, allowed)


def readable(answer: Answer, known: Known) -> None:
    """A page of the client's origin could read it."""
    if known.origin:
        assert answer.headers["Access-Control-Allow-Origin"] in ("*", known.origin)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_known_client_ends_with_a_token(site: IssuingSite, name: str):
    known, url = CLIENTS[name], site.resource + ("/" if CLIENTS[name].slash else "")
    caller, path = Caller(site.origin, known.presents), urllib.parse.urlsplit(url).path
    cross = {"Origin": known.origin} if known.origin else {}

    # It meets the server.
    method, headers, body = known.first
    if known.origin:
        preflight(caller, path, known.origin, method, "content-type, mcp-protocol-version")
    answer = caller.send(method, path, json.dumps(body).encode() if body else None, **headers)
    assert answer.status == 401
    readable(answer, known)
    challenge = fields_of(answer.headers["WWW-Authenticate"])
    assert challenge["resource_metadata"] == site.origin + "/.well-known/oauth-protected-resource" + path
    assert "error" not in challenge

    # It reads the metadata.
    documents = {}
    for document, status in known.reads:
        if known.origin:
            preflight(caller, document, known.origin, "GET", "mcp-protocol-version")
        answer = caller.send("GET", document + "?from=client", None, **{"MCP-Protocol-Version": "2025-11-25"}, **cross)
        assert answer.status == status, document
        if status == 200:
            assert answer.headers["Content-Type"] == "application/json"
            readable(answer, known)
            documents[document] = answer.json
            assert None not in answer.json.values() and [] not in answer.json.values()
    resource = next((d["resource"] for path, d in documents.items() if path.startswith(ROOT)), None)
    assert resource in (None, url)
    server = documents.get(SERVER) or documents[OPENID]
    assert server["issuer"] == site.origin
    assert "S256" in server["code_challenge_methods_supported"]
    endpoints = {n: urllib.parse.urlsplit(server[n]).path for n in ("authorization_endpoint", "token_endpoint", "registration_endpoint")}
    assert endpoints == {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "registration_endpoint": "/register"}

    # It registers.
    if known.origin:
        preflight(caller, "/register", known.origin, "POST", "content-type")
    answer = caller.send("POST", "/register", json.dumps(known.registers).encode(), **{"Content-Type": "application/json"}, **cross)
    assert answer.status == 201, answer.body
    readable(answer, known)
    registration = answer.json
    assert None not in registration.values() and "" not in registration.values()
    assert isinstance(registration["client_id_issued_at"], int)
    assert registration["redirect_uris"] == known.registers["redirect_uris"]
    assert set(registration["grant_types"]) <= set(BOTH)
    wanted = known.registers.get("token_endpoint_auth_method", "none")
    assert registration["token_endpoint_auth_method"] == wanted
    assert ("client_secret" in registration) == (wanted != "none")
    caller.client_id, caller.secret = registration["client_id"], registration.get("client_secret")

    # The person agrees.
    scope = {"challenge": challenge["scope"], "server": " ".join(server["scopes_supported"]), "nothing": None}[known.scopes]
    pair = Pair()
    parameters: dict = {"scope": scope, "state": "x" * 128, "prompt": "consent"}
    if known.resources:
        parameters["resource"] = [resource or url] * known.resources
    redirect = walk(caller.authorization_url(pair, **parameters), USER, PASSWORD, Browser())
    assert redirect.split("?")[0] == known.presents
    answered = answer_of(redirect)
    assert answered["state"] == "x" * 128 and answered["iss"] == site.origin

    # It redeems the code.
    fields = {"resource": resource or url} if known.resources else {}
    if known.tries_basic:
        basic = base64.b64encode(f"{caller.client_id}:".encode()).decode()
        refused = caller.form("/token", {"grant_type": "authorization_code", "code": answered["code"], "redirect_uri": known.presents, "code_verifier": pair.verifier},
                              Authorization=f"Basic {basic}")
        assert refused.status == 401 and refused.json["error"] == "invalid_client"
    if known.origin:
        preflight(caller, "/token", known.origin, "POST", "content-type")
    answer = caller.redeem(answered["code"], pair, **fields)
    assert answer.status == 200, answer.body
    tokens = answer.json
    assert tokens["token_type"] == "Bearer" and tokens["expires_in"] == 3600
    assert tokens["scope"] == "mcp:read mcp:write"
    assert "no-store" in answer.headers["Cache-Control"]

    # It calls, refreshes and calls again.
    assert site.call(tokens["access_token"]).status == 200
    fields = {}
    if known.refresh.get("scope"):
        fields["scope"] = tokens["scope"] + " offline_access"
    if known.refresh.get("resource"):
        fields["resource"] = resource or url
    answer = caller.refresh(tokens["refresh_token"], **fields)
    assert answer.status == 200, answer.body
    assert answer.json["refresh_token"] != tokens["refresh_token"]
    assert site.call(answer.json["access_token"]).status == 200


@pytest.mark.parametrize("path", ["/jwks", SERVER, OPENID, PATHED])
def test_any_page_may_read_what_everybody_may_know(site: IssuingSite, path: str):
    caller = Caller(site.origin)
    preflight(caller, path, "https://elsewhere.example", "GET", "mcp-protocol-version")
    answer = caller.send("GET", path, None, Origin="https://elsewhere.example")
    assert answer.status == 200 and answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers and not answer.headers["Set-Cookie"]
