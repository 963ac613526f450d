"""A foreign issuer: its keys, its JWK set, and tokens of every kind, right and wrong.

Signatures are made with joserfc, so that a mistake of ours in reading a token cannot hide behind the same mistake in writing it.
"""

from __future__ import annotations

import base64
import functools
import json
import time
import uuid

from joserfc import jws
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

ISSUER = "https://idp.test"
ALGORITHMS = ["ES256", "RS256", "PS256", "EdDSA"]


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@functools.cache
def signing_key(algorithm: str, kid: str) -> Key:
    options = {"kid": kid, "use": "sig", "alg": algorithm}
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", options)
    if algorithm in ("RS256", "PS256"):
        return RSAKey.generate_key(2048, options)
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519", options)
    return OctKey.generate_key(256, options)


class Issuer:
    """An authorization server that is not the gateway, as far as a resource server sees it."""

    def __init__(self, issuer: str = ISSUER, prefix: str = "") -> None:
        self.issuer = issuer
        self.prefix = prefix

    def key(self, algorithm: str = "ES256") -> Key:
        return signing_key(algorithm, f"{self.prefix}{algorithm.lower()}")

    def jwks(self, algorithms: list[str] | None = None) -> dict:
        return {"keys": [self.key(a).as_dict(private=False) for a in algorithms or ALGORITHMS]}

    def claims(self, audience: str, scope: str | None, **changes) -> dict:
        """The claims of RFC 9068; a change to None leaves the claim out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": audience,
            "sub": "user-1",
            "client_id": "client-1",
            "scope": scope,
            "iat": now,
            "exp": now + 3600,
            "jti": uuid.uuid4().hex,
        } | changes
        return {name: value for name, value in claims.items() if value is not None}

    def token(
        self, audience: str, scope: str | None = None, *, algorithm: str = "ES256", header: dict | None = None,
        key: Key | None = None, **changes,
    ) -> str:
        key = key or self.key(algorithm)
        protected = {"alg": algorithm, "typ": "at+jwt", "kid": key.kid} | (header or {})
        protected = {name: value for name, value in protected.items() if value is not None}
        payload = json.dumps(self.claims(audience, scope, **changes)).encode()
        registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        return jws.serialize_compact(protected, payload, key, registry=registry)

    def unsigned(self, audience: str, scope: str, algorithm: str = "none", signature: str = "") -> str:
        """A token that claims no algorithm (RFC 8725 §3.1), which no library would make by accident."""
        header = {"alg": algorithm, "typ": "at+jwt", "kid": self.key().kid}
        parts = (base64url(json.dumps(p).encode()) for p in (header, self.claims(audience, scope)))
        return ".".join(parts) + "." + signature
