"""Clients that name themselves by the URL of their metadata document, which the gateway fetches by https."""

from __future__ import annotations

import http.server
import json
import pathlib
import ssl
import subprocess
import threading

import pytest

from support.browser import Browser, Page
from support.flow import Caller, Pair, answer_of, sign_in, walk
from support.issuing import PASSWORD, SCOPES, USER, IssuingSite

BOTH = ["authorization_code", "refresh_token"]
#: What clients publish, with the redirect URI that they present; `{base}` is where the document lies.
DOCUMENTS = {
    "Claude Code": ({
        "client_name": "Claude Code", "client_uri": "https://claude.ai", "grant_types": BOTH, "response_types": ["code"],
        "redirect_uris": ["http://localhost/callback", "http://127.0.0.1/callback"], "token_endpoint_auth_method": "none"},
        "http://localhost:51763/callback"),
    "VS Code": ({
        "client_name": "Visual Studio Code", "application_type": "native", "response_types": ["code"],
        "grant_types": [*BOTH, "urn:ietf:params:oauth:grant-type:device_code"], "token_endpoint_auth_method": "none",
        "redirect_uris": ["http://127.0.0.1:33418/", "https://vscode.dev/redirect", "http://127.0.0.1/", "https://insiders.vscode.dev/redirect"]},
        "http://127.0.0.1:40000/"),
    "goose": ({
        "client_name": "goose", "redirect_uris": ["http://127.0.0.1/oauth_callback"], "grant_types": BOTH, "token_endpoint_auth_method": "none"},
        "http://127.0.0.1:49211/oauth_callback"),
    "ChatGPT": ({
        "client_name": "ChatGPT", "redirect_uris": ["https://chatgpt.com/connector/oauth/abc123"], "grant_types": BOTH, "response_types": ["code"],
        "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg": "RS256", "jwks_uri": "https://chatgpt.com/oauth/jwks.json"},
        "https://chatgpt.com/connector/oauth/abc123"),
    "Inspector": ({
        "client_name": "MCP Inspector", "redirect_uris": ["http://localhost:6274/oauth/callback"]}, "http://localhost:6274/oauth/callback"),
}


class DocumentSite:
    """A web server with documents, reached as https://localhost:PORT."""

    def __init__(self, home: pathlib.Path) -> None:
        self.certificate, key = home / "documents.pem", home / "documents.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", self.certificate], check=True, capture_output=True)
        self.documents: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.requests: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.requests.append(self.path)
                status, fields, body = site.documents.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in ({"Content-Type": "application/json", "Content-Length": str(len(body))} | fields).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def authority(self) -> str:
        return f"localhost:{self.server.server_address[1]}"

    def put(self, path: str, document: dict, status: int = 200, **fields: str) -> str:
        """Puts a document there; its client_id."""
        url = f"https://{self.authority}{path}"
        self.documents[path] = (status, fields, json.dumps({"client_id": url} | document).encode())
        return url

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory):
    site = DocumentSite(tmp_path_factory.mktemp("documents"))
    yield site
    site.stop()


def settings(documents: DocumentSite, **registration) -> dict:
    return {
        "outbound": {"allow_private": ["127.0.0.0/8", "::1/128"], "ca_file": str(documents.certificate)},
        "registration": {"trusted_domains": [documents.authority]} | registration,
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, documents: DocumentSite):
    site = IssuingSite(tmp_path_factory.mktemp("described"), **settings(documents))
    yield site
    site.end()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_client_that_is_described_ends_with_a_token(site: IssuingSite, documents: DocumentSite, name: str):
    document, redirect_uri = DOCUMENTS[name]
    caller = Caller(site.origin, redirect_uri)
    server = caller.send("GET", "/.well-known/oauth-authorization-server").json
    assert server["client_id_metadata_document_supported"] is True
    caller.client_id = documents.put(f"/{name.replace(' ', '-')}/client.json", document)
    pair = Pair()
    browser = Browser()
    page = browser.open(caller.authorization_url(pair, resource=site.resource))
    if isinstance(page, Page) and any("password" in form.names for form in page.forms):
        page = sign_in(browser, page, USER, PASSWORD)
    assert f"verified: {documents.authority}" in page.text and document["client_name"] in page.text
    here = all(uri.startswith("http://") for uri in document["redirect_uris"])
    assert ("Any program on this computer can use it" in page.text) == here
    redirect = walk(caller.authorization_url(pair, resource=site.resource), USER, PASSWORD, browser)
    assert redirect.split("?")[0] == redirect_uri
    answer = caller.redeem(answer_of(redirect)["code"], pair, resource=site.resource)
    assert answer.status == 200, answer.body
    assert site.call(answer.json["access_token"]).status == 200
    refreshed = caller.refresh(answer.json["refresh_token"])
    assert refreshed.status == 200 and site.call(refreshed.json["access_token"]).status == 200
    assert documents.requests.count(f"/{name.replace(' ', '-')}/client.json") == 1


@pytest.mark.parametrize("fields", [
    {"status": 404}, {"status": 302, "Location": "/good.json"}, {"Content-Type": "text/html"}, {"client_id": "https://localhost/other"},
    {"client_secret": "x"}, {"token_endpoint_auth_method": "client_secret_basic"}, {"redirect_uris": ["https://evil.example/cb"]},
    {"client_name": ""}, {"padding": "x" * 5200},
])
def test_what_describes_no_client_is_a_page(site: IssuingSite, documents: DocumentSite, fields: dict):
    document = {"client_name": "Tool", "redirect_uris": ["http://127.0.0.1/callback"]}
    documents.put("/good.json", document)
    status = fields.get("status", 200)
    headers = {n: v for n, v in fields.items() if n in ("Location", "Content-Type")}
    members = {n: v for n, v in fields.items() if n not in ("status", "Location", "Content-Type")}
    path = f"/bad-{abs(hash(json.dumps(fields)))}.json"
    client = documents.put(path, document | members, status, **headers)
    caller = Caller(site.origin, "http://127.0.0.1:9/callback")
    caller.client_id = client
    before = documents.requests.count("/good.json")
    page = Browser().open(caller.authorization_url(Pair(), resource=site.resource))
    assert isinstance(page, Page) and page.status == 400
    assert documents.requests.count(path) == 1 and documents.requests.count("/good.json") == before


def test_nobody_makes_the_gateway_ask_a_host_that_is_not_trusted(tmp_path: pathlib.Path, documents: DocumentSite):
    site = IssuingSite(tmp_path, **settings(documents, trusted_domains=["claude.ai"]))
    try:
        caller = site.caller("http://127.0.0.1:9/callback")
        caller.client_id = documents.put("/untrusted.json", {"client_name": "Tool", "redirect_uris": ["http://127.0.0.1/callback"]})
        page = Browser().open(caller.authorization_url(Pair(), resource=site.resource))
        assert isinstance(page, Page) and page.status == 400
        assert "/untrusted.json" not in documents.requests
    finally:
        site.end()


def test_a_host_that_nobody_trusts_gets_no_scope_for_verified_clients(tmp_path: pathlib.Path, documents: DocumentSite):
    scopes = SCOPES | {"mcp:admin": SCOPES["mcp:admin"] | {"clients": "verified", "initial": True}}
    site = IssuingSite(tmp_path, tools={"scopes": scopes}, **settings(documents, metadata_documents="any", trusted_domains=[]))
    try:
        caller = site.caller("http://127.0.0.1:9/callback")
        caller.client_id = documents.put("/stranger.json", {"client_name": "Tool", "redirect_uris": ["http://127.0.0.1/callback"]})
        assert "mcp:admin" not in site.tokens(caller=caller)["scope"].split()
    finally:
        site.end()
