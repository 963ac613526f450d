"""Keys, a JWK set, 2,000 access tokens and request bodies for the comparison. argv: folder. Needs `cryptography`."""

from __future__ import annotations

import base64
import json
import pathlib
import sys
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ISSUER, AUDIENCE = "https://idp.test", "https://gw.test/mcp"
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(n: int, size: int | None = None) -> str:
    return b64(n.to_bytes(size or (n.bit_length() + 7) // 8, "big"))


keys = {"rs256": rsa.generate_private_key(65537, 2048), "es256": ec.generate_private_key(ec.SECP256R1())}


def public(kid, key):
    n = key.public_key().public_numbers()
    if kid == "rs256":
        return {"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256", "n": number(n.n), "e": number(n.e)}
    return {"kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "alg": "ES256", "x": number(n.x, 32), "y": number(n.y, 32)}


def sign(kid, data: bytes) -> bytes:
    if kid == "rs256":
        return keys[kid].sign(data, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(keys[kid].sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def token(kid, i):
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": f"user-{i:06d}", "client_id": "https://client.test/client.json",
              "scope": "mcp:read mcp:tools:echo mcp:tools:search mcp:tools:open", "iat": now, "exp": now + 7 * 86400, "jti": f"{i:032x}"}
    head = {"alg": kid.upper(), "typ": "at+jwt", "kid": kid}
    text = ".".join(b64(json.dumps(part, separators=(",", ":")).encode()) for part in (head, claims))
    return text + "." + b64(sign(kid, text.encode()))


def body(size):
    message = {"jsonrpc": "2.0", "id": 7, "method": "tools/call",
               "params": {"name": "echo", "arguments": {"text": "", "n": 42}, "_meta": {"progressToken": "p-1"}}}
    missing = max(0, size - len(json.dumps(message)))
    message["params"]["arguments"]["text"] = ("lorem ipsum dolor sit amet, " * (missing // 28 + 1))[:missing]
    return json.dumps(message)


(folder / "jwks.json").write_text(json.dumps({"keys": [public(k, v) for k, v in keys.items()]}))
for kid in keys:
    (folder / f"{kid}.tokens").write_text("".join(token(kid, i) + "\n" for i in range(2000)))
for name, size in (("300", 300), ("16k", 16384), ("256k", 262144)):
    (folder / f"body_{name}.json").write_text(body(size))

schema = {"type": "object", "properties": {f"field_{i}": {"type": "string", "description": "one of several fields of a schema"} for i in range(6)}}
listed = [{"name": f"{'open' if i % 2 else 'closed'}_{i}", "description": "what the tool does, in words. " * 6, "inputSchema": schema} for i in range(200)]
(folder / "list.json").write_text(json.dumps({"tools": listed, "_meta": {"test/count": "00000000"}}))
(folder / "body_list.json").write_text(json.dumps({"jsonrpc": "2.0", "id": 7, "method": "tools/list"}))
(folder / "body_fresh.json").write_text(
    json.dumps({"jsonrpc": "2.0", "id": 7, "method": "tools/list", "params": {"cursor": "c"}}))
(folder / "body_forward.json").write_text(body(300).replace('"echo"', '"search"'))
