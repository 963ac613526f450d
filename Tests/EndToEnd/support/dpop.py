"""A client that binds its tokens to a key (RFC 9449), with proofs made by joserfc."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import urllib.parse
import uuid

from joserfc import jws
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from .flow import Answer, Caller, Pair, answer_of, walk

ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA"]


def new_key(algorithm: str = "ES256") -> Key:
    if algorithm == "ES256":
        return ECKey.generate_key("P-256")
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519")
    return RSAKey.generate_key(2048)


class Prover:
    """A key, and the proofs that are made with it, right and wrong; a change to None leaves a member out."""

    def __init__(self, algorithm: str = "ES256") -> None:
        self.algorithm, self.key = algorithm, new_key(algorithm)
        self.thumbprint: str = self.key.thumbprint()

    def proof(self, method: str, url: str, token: str | None = None, nonce: str | None = None, header: dict | None = None, signer: Key | None = None, **changes) -> str:
        head = {"typ": "dpop+jwt", "alg": self.algorithm, "jwk": self.key.as_dict(private=False)} | (header or {})
        head = {name: value for name, value in head.items() if value is not None}
        ath = token and base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
        claims = {"jti": uuid.uuid4().hex, "htm": method, "htu": url, "iat": int(time.time()), "ath": ath, "nonce": nonce} | changes
        payload = json.dumps({name: value for name, value in claims.items() if value is not None}).encode()
        registry = jws.JWSRegistry(algorithms=[head["alg"]], strict_check_header=False)
        return jws.serialize_compact(head, payload, signer or self.key, registry=registry)


class BoundCaller(Caller):
    """A client that does everything right: it takes each nonce that it is given, and asks again when told to."""

    def __init__(self, origin: str, redirect_uri: str = "http://127.0.0.1:9/callback", algorithm: str = "ES256") -> None:
        super().__init__(origin, redirect_uri)
        self.prover, self.nonce, self.refused = Prover(algorithm), None, []

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if path not in ("/token", "/par") and scheme != "DPoP":
            return super().send(method, path, body, **headers)
        url = self.origin + urllib.parse.urlsplit(path).path
        for _ in range(2):
            proof = self.prover.proof(method, url, token if scheme == "DPoP" else None, self.nonce)
            answer = super().send(method, path, body, **headers, DPoP=proof)
            self.nonce = answer.headers.get("DPoP-Nonce", self.nonce)
            if not wants_nonce(answer):
                break
            self.refused.append(answer)
        return answer

    def authorize(self, user: str, password: str, resource: str | None = None, scope: str | None = None, **walking) -> Answer:
        if not self.client_id:
            assert (answer := self.register(dpop_bound_access_tokens=True)).status == 201, answer.body
            assert answer.json["dpop_bound_access_tokens"] is True
        pair = Pair()
        url = self.authorization_url(pair, resource=resource, scope=scope, dpop_jkt=self.prover.thumbprint)
        return self.redeem(answer_of(walk(url, user, password, **walking))["code"], pair, resource=resource)

    def call(self, token: str, path: str, method: str = "ping", **headers: str) -> Answer:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method}).encode()
        return self.send("POST", path, body, **({
            "Authorization": f"DPoP {token}", "Content-Type": "application/json", "Accept": "application/json, text/event-stream"} | headers))


def wants_nonce(answer: Answer) -> bool:
    """RFC 9449 §8 and §9: the two ways to be told of a nonce."""
    if answer.status == 400:
        return answer.json.get("error") == "use_dpop_nonce"
    return answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("DPoP ") and 'error="use_dpop_nonce"' in answer.headers["WWW-Authenticate"]
