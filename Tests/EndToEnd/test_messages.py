"""A body that is not exactly one message, or that two readers could read in two ways, is refused before anybody upstream sees it."""

from __future__ import annotations

import json

import pytest

from conftest import Site
from support import messages, wire
from support.messages import LEGACY, MODERN, REVISIONS

CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_one","arguments":{}}}'


def nested(levels: int, value: str = "1") -> str:
    return '{"a":' * levels + value + "}" * levels


BAD = {
    "nothing": b"",
    "white space": b"  \r\n",
    "text": b"hello",
    "a number": b"1",
    "null": b"null",
    "an empty object": b"{}",
    "an array with one message": f"[{CALL}]".encode(),
    "an array with two messages": f"[{CALL},{CALL}]".encode(),
    "an empty array": b"[]",
    "two methods": CALL.replace('"method"', '"method":"ping","method"').encode(),
    "two methods, the second written with an escape": CALL.replace('"params"', '"\\u006dethod":"ping","params"').encode(),
    "two names": CALL.replace('"name"', '"name":"delete_one","name"').encode(),
    "two names, one written with an escape": CALL.replace('"arguments"', '"n\\u0061me":"delete_one","arguments"').encode(),
    "two params": CALL.replace('"params"', '"params":{"name":"delete_one"},"params"').encode(),
    "two ids": CALL.replace('"id"', '"id":2,"id"').encode(),
    "a method in other case beside it": CALL.replace('"params"', '"Method":"ping","params"').encode(),
    "a name in other case beside it": CALL.replace('"arguments"', '"NAME":"delete_one","arguments"').encode(),
    "a member that folds to a name we read": CALL.replace('"arguments"', '"argument\u017f":{},"arguments"').encode(),
    "two equal names deep in the arguments": CALL.replace('"arguments":{}', '"arguments":{"a":[{"b":1,"b":2}]}').encode(),
    "trailing bytes": f"{CALL}x".encode(),
    "a second message behind the first": f"{CALL}{CALL}".encode(),
    "a second message on a line of its own": f"{CALL}\n{CALL}".encode(),
    "a zero byte behind it": f"{CALL}\0".encode(),
    "a byte order mark": b"\xef\xbb\xbf" + CALL.encode(),
    "UTF-16": CALL.encode("utf-16"),
    "invalid UTF-8": CALL.encode().replace(b"get_one", b"get_\xff"),
    "overlong UTF-8": CALL.encode().replace(b"get_one", b"get_\xc0\xaf"),
    "a surrogate in UTF-8": CALL.encode().replace(b"get_one", b"get_\xed\xa0\x80"),
    "half a surrogate pair": CALL.replace("get_one", "get_\\ud800").encode(),
    "a cut message": CALL[:-1].encode(),
    "a comma too many": CALL.replace("{}}}", "{},}}").encode(),
    "a comment": CALL.replace("{}", "{/**/}").encode(),
    "single quotes": CALL.replace('"', "'").encode(),
    "a control character in a string": CALL.replace("get_one", "get\tone").encode(),
    "NaN": CALL.replace('"arguments":{}', '"arguments":{"a":NaN}').encode(),
    "a number with a leading zero": CALL.replace('"id":1', '"id":01').encode(),
    "a number with a plus": CALL.replace('"id":1', '"id":+1').encode(),
    "100 levels": CALL.replace('"arguments":{}', f'"arguments":{nested(100)}').encode(),
    "10,000 levels": CALL.replace('"arguments":{}', f'"arguments":{nested(10_000)}').encode(),
    "100,000 open brackets": b"[" * 100_000,
    "10,001 members": CALL.replace("{}", "{" + ",".join(f'"m{n}":0' for n in range(10_001)) + "}", 1).encode(),
    "a name of 257 bytes": CALL.replace('"arguments":{}', f'"arguments":{{"{"n" * 257}":1}}').encode(),
    "no jsonrpc": CALL.replace('"jsonrpc":"2.0",', "").encode(),
    "jsonrpc 1.0": CALL.replace("2.0", "1.0").encode(),
    "jsonrpc as a number": CALL.replace('"2.0"', "2.0").encode(),
    "a method that is a number": CALL.replace('"tools/call"', "5").encode(),
    "an id that is null": CALL.replace('"id":1', '"id":null').encode(),
    "an id that is an object": CALL.replace('"id":1', '"id":{}').encode(),
    "an id that is a fraction": CALL.replace('"id":1', '"id":1.5').encode(),
    "an id that is true": CALL.replace('"id":1', '"id":true').encode(),
    "a method beside a result": CALL.replace('"params"', '"result":{},"params"').encode(),
    "a method beside an error": CALL.replace('"params"', '"error":{"code":1,"message":"x"},"params"').encode(),
    "a result beside an error": b'{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}',
    "params that are a list": CALL.replace('{"name":"get_one","arguments":{}}', '["get_one"]').encode(),
    "no name": CALL.replace('"name":"get_one",', "").encode(),
    "a name that is a number": CALL.replace('"get_one"', "1").encode(),
    "a call without id": CALL.replace('"id":1,', "").encode(),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_bad_body_is_refused_and_the_upstream_sees_nothing(site: Site, kind: str, revision: str):
    client = site.client("mcp:admin", revision)
    extra = {"Mcp-Method": "tools/call", "Mcp-Name": "get_one"} if revision == MODERN else {}
    body = BAD[kind]
    if revision == MODERN:
        meta = json.dumps(messages.message("ping", revision=MODERN)["params"]["_meta"])
        body = body.replace(b'"arguments"', f'"_meta":{meta},"arguments"'.encode(), 1)
    answer = wire.exchange(site.port, client.raw(body, extra))
    assert answer.status == 400, answer
    code = answer.json["error"]["code"]
    assert code in (-32700, -32600, -32602) or (revision == MODERN and code == -32020), answer
    assert site.recorder.bytes == b""
    site.works()


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", ""])
def test_a_body_of_another_type_is_refused(site: Site, content_type: str):
    answer = wire.exchange(site.port, site.client().raw(CALL.encode(), {"Content-Type": content_type}))
    assert answer.status in (400, 415), answer
    assert site.recorder.bytes == b""


def test_a_body_over_the_limit_is_refused_before_it_is_read(site: Site):
    head = site.client().raw(b"").replace(b"Content-Length: 0", b"Content-Length: 4194305")
    with wire.Connection(site.port) as connection:
        assert connection.send(head).read().status == 413
    assert site.recorder.bytes == b""
    site.works()


def test_a_chunked_body_that_grows_over_the_limit_is_refused(site: Site):
    head = site.client().raw(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    with wire.Connection(site.port) as connection:
        connection.send(head)
        try:
            for _ in range(5):
                connection.send(b"100000\r\n" + b" " * 0x100000 + b"\r\n")
        except OSError:
            pass                                # the gateway may hang up on what it will not read
        try:
            assert connection.read().status == 413
        except (wire.Incomplete, OSError):
            pass
    assert site.recorder.bytes == b""
    site.works()


MISMATCHES = {
    "another method": {"Mcp-Method": "tools/list"},
    "no method": {"Mcp-Method": None},
    "another name": {"Mcp-Name": "delete_one"},
    "no name": {"Mcp-Name": None},
    "a name in other case": {"Mcp-Name": "Get_one"},
    "another revision": {"MCP-Protocol-Version": LEGACY},
    "two names": {"Mcp-Name": "get_one\r\nMcp-Name: get_one"},
    "two methods": {"Mcp-Method": "tools/call\r\nMcp-Method: tools/call"},
    "a wrong encoded name": {"Mcp-Name": "=?base64?ZGVsZXRlX29uZQ==?="},
}


@pytest.mark.parametrize("kind", MISMATCHES)
def test_fields_that_disagree_with_the_body_are_refused(site: Site, kind: str):
    client = site.client("mcp:admin", MODERN)
    body = messages.message("tools/call", {"name": "get_one", "arguments": {}}, revision=MODERN)
    pairs = messages.fields(client.token, MODERN, body) | MISMATCHES[kind]
    data = wire.request("POST", client.path, site.port, {n: v for n, v in pairs.items() if v is not None}, json.dumps(body).encode())
    answer = wire.exchange(site.port, data)
    assert answer.status == 400, answer
    assert answer.json["error"]["code"] in (-32020, -32600, -32602, -32022)
    assert site.recorder.bytes == b""
    site.works()


def test_a_name_that_needs_encoding_is_compared_decoded(site: Site):
    client = site.client("mcp:admin", MODERN)
    body = messages.message("tools/call", {"name": "get_ü", "arguments": {}}, revision=MODERN)
    pairs = messages.fields(client.token, MODERN, body) | {"Mcp-Name": "=?base64?Z2V0X8O8?="}
    answer = wire.exchange(site.port, wire.request("POST", client.path, site.port, pairs, json.dumps(body).encode()))
    assert answer.status == 200, answer
    assert site.recorder.requests[0].values("mcp-name") == ["=?base64?Z2V0X8O8?="]


def test_parameters_mirrored_in_fields_are_passed_on(site: Site):
    client = site.client("mcp:read", MODERN)
    data = client.bytes("tools/call", {"name": "get_one", "arguments": {"region": "eu"}}, Mcp_Param_Region="eu")
    assert wire.exchange(site.port, data).status == 200
    # First the gateway asked for the tools; none of them names the field.
    assert site.recorder.requests[-1].values("mcp-param-region") == ["eu"]


def test_an_old_client_gets_no_code_of_the_new_revision(site: Site):
    answer = wire.exchange(site.port, site.client("mcp:read", LEGACY).raw(b"{}"))
    assert answer.status == 400 and answer.json["error"]["code"] in (-32700, -32600)


def test_an_answer_of_the_client_and_a_notification_pass(site: Site):
    for body in (b'{"jsonrpc":"2.0","id":5,"result":{}}', b'{"jsonrpc":"2.0","method":"notifications/initialized"}'):
        assert wire.exchange(site.port, site.client().raw(body)).status == 202
    assert len(site.recorder.requests) == 2


def test_every_refusal_is_logged_with_its_reason(site: Site):
    before = len(site.gateway.log())
    wire.exchange(site.port, site.client().raw(BAD["two methods"]))
    entry = site.gateway.wait_for_log("400", after=before)
    assert any(isinstance(v, str) and len(v) > 3 for v in entry.values())
