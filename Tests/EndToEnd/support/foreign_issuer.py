"""An authorization server that is not the gateway, over HTTP: metadata, keys, introspection (RFC 7662) and token exchange (RFC 8693).

It checks what it is sent as a strict provider does, with joserfc: what the gateway gets wrong is refused here.
"""

from __future__ import annotations

import base64
import http.server
import json
import threading
import time
import urllib.parse
import urllib.request
import uuid

from joserfc import jwt
from joserfc.jwk import KeySet

from .keys import Issuer

CLIENT, SECRET = "gateway", "s3cr3t+/= %"
NAMES = "urn:ietf:params:oauth:token-type:"


class ForeignIssuer(Issuer):
    """`path` is that of the issuer, `places` where its metadata are; `keys` what it publishes."""

    def __init__(self, path: str = "", places: tuple[str, ...] = ("/.well-known/oauth-authorization-server",)) -> None:
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                issuer.answer(self, b"")

            def do_POST(self) -> None:
                issuer.answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        super().__init__(self.origin + path)
        self.places = places
        self.keys = self.jwks()
        self.requests: list[tuple[str, str, dict]] = []
        self.opaque: dict[str, dict] = {}
        self.gateway = ""
        self.exchanged: dict[str, dict] = {}
        self.refusals: list[str] = []
        self.is_down = False
        self.lock = threading.Lock()
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def count(self, path: str) -> int:
        with self.lock:
            return sum(p == path for _, p, _ in self.requests)

    def metadata(self) -> dict:
        return {
            "issuer": self.issuer, "jwks_uri": self.origin + "/keys", "token_endpoint": self.origin + "/token",
            "introspection_endpoint": self.origin + "/introspect", "authorization_endpoint": self.origin + "/authorize",
            "response_types_supported": ["code"],
        }

    def answer(self, request: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        form = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True)) if body else {}
        with self.lock:
            self.requests.append((request.command, request.path, form))
        if self.is_down:
            status, document = 503, {"error": "temporarily_unavailable"}
        elif request.command == "GET" and request.path in self.places:
            status, document = 200, self.metadata()
        elif request.command == "GET" and request.path == "/keys":
            status, document = 200, self.keys
        elif request.command == "POST" and request.path in ("/introspect", "/token"):
            if not self.is_client(request.headers.get("Authorization", "")):
                status, document = 401, {"error": "invalid_client"}
            elif request.path == "/introspect":
                status, document = 200, self.introspection(form["token"])
            else:
                status, document = self.exchange(form)
        else:
            status, document = 404, {}
        text = json.dumps(document).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)

    @staticmethod
    def is_client(field: str) -> bool:
        """RFC 6749 §2.3.1: both are form-encoded before they are joined."""
        scheme, _, pair = field.partition(" ")
        if scheme != "Basic":
            return False
        client, _, secret = base64.b64decode(pair, validate=True).decode().partition(":")
        return (urllib.parse.unquote_plus(client), urllib.parse.unquote_plus(secret)) == (CLIENT, SECRET)

    # Introspection

    def opaque_token(self, audience: str | None, scope: str, **changes) -> str:
        token = "op." + uuid.uuid4().hex
        claims = self.claims(audience, scope, token_type="Bearer", **changes)
        self.opaque[token] = {"active": True} | claims
        return token

    def introspection(self, token: str) -> dict:
        return self.opaque.get(token, {"active": False})

    # Token exchange

    def exchange(self, form: dict) -> tuple[int, dict]:
        try:
            assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange"
            assert form["requested_token_type"] == NAMES + "access_token"
            subject = self.subject(form["subject_token"], form["subject_token_type"])
            assert form["audience"].startswith("urn:")
        except Exception as error:
            self.refusals.append(repr(error))
            return 400, {"error": "invalid_request"}
        token = "exchanged." + uuid.uuid4().hex
        self.exchanged[token] = {"subject": subject, "form": form}
        return 200, {
            "access_token": token, "issued_token_type": NAMES + "access_token", "token_type": "Bearer", "expires_in": 300,
        }

    def subject(self, token: str, kind: str) -> dict:
        if kind == NAMES + "access_token":
            read = jwt.decode(token, KeySet.import_key_set(self.keys), algorithms=["ES256"])
            assert read.claims["iss"] == self.issuer
            return read.claims
        assert kind == NAMES + "jwt"
        with urllib.request.urlopen(self.gateway + "/identity-jwks", timeout=10) as answer:
            read = jwt.decode(token, KeySet.import_key_set(json.load(answer)), algorithms=["ES256"])
        assert read.header["typ"] == "gatehouse-identity+jwt"
        assert read.claims["iss"] == self.gateway and read.claims["aud"] == self.origin + "/token"
        assert time.time() < read.claims["exp"] <= read.claims["iat"] + 60
        return read.claims
