"""What a token's scopes open is shown and may be called; the rest is hidden, and refused with the right words."""

from __future__ import annotations

import json

import pytest

from conftest import PATH, Site
from support import wire
from support.messages import LEGACY, MODERN, REVISIONS
from support.recorder import Exchange, Received

NAMES = ["get_one", "create_one", "delete_one", "hidden_one", "getone", "Get_one", "list_all"]
READABLE, WRITABLE = {"get_one", "list_all"}, {"get_one", "list_all", "create_one"}


def tool(name: str) -> dict:
    return {"name": name, "description": f"{name} — ü", "inputSchema": {"type": "object"}, "_meta": {"x/y": [1.50, None]}}


RESOURCES = ["note://public/a", "note://secret/b", "note://publicity/c"]
TEMPLATES = ["note://public/{name}", "note://secret/{name}", "note://{+path}"]
LISTS = {
    "tools/list": {"tools": [tool(n) for n in NAMES], "nextCursor": "c2"},
    "prompts/list": {"prompts": [{"name": "greet"}, {"name": "insult"}]},
    "resources/list": {"resources": [{"uri": u, "name": u} for u in RESOURCES]},
    "resources/templates/list": {"resourceTemplates": [{"uriTemplate": u, "name": u} for u in TEMPLATES]},
}


def listing(method: str, revision: str = LEGACY) -> dict:
    extra = {"ttlMs": 60000, "cacheScope": "public", "resultType": "complete"} if revision == MODERN else {}
    return LISTS[method] | extra


async def as_json(request: Received, exchange: Exchange) -> None:
    message = request.message
    revision = request.values("mcp-protocol-version")[0]
    body = {"jsonrpc": "2.0", "id": message["id"], "result": listing(message["method"], revision)}
    await exchange.answer(200, json.dumps(body, ensure_ascii=False, separators=(", ", " : ")).encode())


async def as_events(request: Received, exchange: Exchange) -> None:
    message = request.message
    revision = request.values("mcp-protocol-version")[0]
    await exchange.stream()
    await exchange.event({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}, "e1")
    await exchange.event({"jsonrpc": "2.0", "id": message["id"], "result": listing(message["method"], revision)}, "e2")
    await exchange.end()


async def resumed(request: Received, exchange: Exchange) -> None:
    """The answer to a list request comes on a stream that was taken up again."""
    await exchange.stream()
    await exchange.event({"jsonrpc": "2.0", "id": 77, "result": listing("tools/list")}, "e9" if request.values("last-event-id") else "e1")
    await exchange.end()


def result(answer: wire.Answer, data: bytes | None = None) -> dict:
    if answer.field("content-type").startswith("application/json"):
        return answer.json["result"]
    for block in answer.body.replace(b"\r\n", b"\n").split(b"\n\n"):
        for line in block.split(b"\n"):
            if line.startswith(b"data:") and "result" in (message := json.loads(line[5:])):
                return message["result"]
    raise AssertionError(answer)


@pytest.mark.parametrize("script", [as_json, as_events])
@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("scope, shown", [
    ("mcp:read", READABLE), ("mcp:write", WRITABLE), ("mcp:admin", WRITABLE | {"delete_one"}), ("other", set()), ("", set()),
    ("mcp:read mcp:admin unknown", WRITABLE | {"delete_one"}), ("MCP:READ", set()),
])
def test_a_list_shows_the_tools_that_the_scope_opens(site: Site, script, revision: str, scope: str, shown: set):
    site.recorder.script = script
    answer = site.client(scope, revision).call("tools/list")
    assert answer.status == 200, answer
    listed = result(answer)
    assert [t["name"] for t in listed["tools"]] == [n for n in NAMES if n in shown]
    assert listed["nextCursor"] == "c2"
    if revision == MODERN:
        assert listed["cacheScope"] == "private" and listed["ttlMs"] == 60000


@pytest.mark.parametrize("script", [as_json, as_events])
@pytest.mark.parametrize("method, key, name, shown", [
    ("prompts/list", "prompts", "name", ["greet"]),
    ("resources/list", "resources", "uri", ["note://public/a"]),
    ("resources/templates/list", "resourceTemplates", "uriTemplate", ["note://public/{name}", "note://{+path}"]),
])
def test_prompts_resources_and_templates_are_filtered_likewise(site: Site, script, method: str, key: str, name: str, shown: list):
    site.recorder.script = script
    listed = result(site.client("mcp:read").call(method))
    assert [item[name] for item in listed[key]] == shown
    nothing = result(site.client("other").call(method))
    assert nothing[key] == []


def test_kept_items_stay_identical_to_the_byte(site: Site):
    site.recorder.script = as_json
    answer = site.client("mcp:read").call("tools/list")
    for name in READABLE:
        kept = json.dumps(tool(name), ensure_ascii=False, separators=(", ", " : ")).encode()
        assert kept in answer.body
    assert int(answer.field("content-length") or len(answer.body)) == len(answer.body)


def test_a_list_that_comes_on_a_resumed_stream_is_filtered_too(site: Site):
    site.recorder.script = resumed
    with wire.Connection(site.port) as connection:
        answer = site.client("mcp:read").get(connection)
        last = [identifier for identifier, _, _ in connection.events(answer)][-1]
    with wire.Connection(site.port) as connection:
        answer = site.client("mcp:read").get(connection, Last_Event_ID=last)
        messages = [json.loads(data) for _, _, data in connection.events(answer) if data]
    assert messages and site.recorder.requests[-1].values("last-event-id") == ["e1"]
    for message in messages:
        for entry in message.get("result", {}).get("tools", []):
            assert entry["name"] in READABLE


def test_a_list_encoded_by_the_upstream_is_not_passed_on(site: Site):
    async def gzipped(request: Received, exchange: Exchange) -> None:
        await exchange.answer(200, b"\x1f\x8b\x08\x00 not readable", Content_Encoding="gzip")

    site.recorder.script = gzipped
    answer = site.client("mcp:read").call("tools/list")
    assert answer.status == 502
    assert answer.json["id"] == 1 and answer.json["error"]["code"] == 1502
    site.recorder.script = as_json
    assert site.client("mcp:read").call("tools/list").status == 200


@pytest.mark.parametrize("body", [
    b'{"jsonrpc":"2.0","id":1,"result":{"tools":"all"}}',
    b'{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"get_one"},{"title":"no name"}]}}',
    b'{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"get_one","name":"hidden_one"}]}}',
    b'{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"hidden_one"}],"tools":[]}}',
    b'{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"hidden_one"}]}}, ',
    b'[{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"hidden_one"}]}}]',
    b'{"jsonrpc":"2.0","id":1,"result":{"Tools":[{"name":"hidden_one"}]}}',
    b'{"tools":[{"name":"hidden_one"}]}',
])
@pytest.mark.parametrize("events", [False, True])
def test_a_list_that_cannot_be_understood_is_not_passed_on(site: Site, body: bytes, events: bool):
    async def odd(request: Received, exchange: Exchange) -> None:
        if not events:
            return await exchange.answer(200, body)
        await exchange.stream()
        await exchange.event(body.decode())
        await exchange.end()

    site.recorder.script = odd
    answer = site.client("mcp:read").call("tools/list")
    assert b"hidden_one" not in answer.body
    assert events or answer.status == 502
    site.recorder.script = as_json
    assert site.client("mcp:read").call("tools/list").status == 200


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("scope, name, wanted", [
    ("mcp:read", "create_one", {"mcp:read", "mcp:write"}),
    ("mcp:read", "delete_one", {"mcp:read", "mcp:admin"}),
    ("mcp:write", "delete_one", {"mcp:write", "mcp:admin"}),
    ("", "get_one", {"mcp:read"}),
])
def test_a_tool_that_the_scope_does_not_open_is_answered_with_403_and_a_challenge(
    site: Site, revision: str, scope: str, name: str, wanted: set
):
    answer = site.client(scope, revision).call_tool(name, identifier="call-7")
    assert answer.status == 403
    challenge = answer.field("www-authenticate")
    assert challenge.startswith("Bearer ") and 'error="insufficient_scope"' in challenge
    metadata = f"{site.gateway.public_url}/.well-known/oauth-protected-resource{PATH}"
    assert f'resource_metadata="{metadata}"' in challenge
    assert set(challenge.split('scope="')[1].split('"')[0].split()) == wanted
    assert answer.json["id"] == "call-7" and answer.json["error"]["code"] not in range(-32768, -31999)
    assert site.recorder.bytes == b""
    site.works()


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("name", ["hidden_one", "getone", "Get_one", "GET_one", "getone\u200b", "x" * 300, ""])
def test_a_tool_that_no_scope_opens_is_unknown(site: Site, revision: str, name: str):
    if revision == MODERN and (not name.isascii() or not name):
        pytest.skip("such a name cannot stand in Mcp-Name as it is")
    answer = site.client("mcp:admin", revision).call_tool(name, identifier=5)
    assert answer.status == 200 and answer.json["id"] == 5
    assert answer.json["error"]["code"] == -32602
    assert site.recorder.bytes == b""


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_prompt_and_a_resource_that_no_scope_opens_are_unknown(site: Site, revision: str):
    client = site.client("mcp:admin", revision)
    assert client.call("prompts/get", {"name": "insult"}).json["error"]["code"] == -32602
    answer = client.call("resources/read", {"uri": "note://secret/plan"})
    assert answer.json["error"]["code"] == (-32002 if revision == LEGACY else -32602)
    assert site.recorder.bytes == b""


@pytest.mark.parametrize("uri", [
    "note://public/../secret/plan", "note://public/%2e%2e/secret/plan", "note://public/a%2fb", "note://public\\secret", "NOTE://public/a",
    "note://PUBLIC/a", "note://user@public/a", "note://public/./a", "note://public/a%5cb",
])
def test_a_resource_with_a_deceiving_uri_is_refused(site: Site, uri: str):
    answer = site.client("mcp:admin").call("resources/read", {"uri": uri})
    assert answer.status in (200, 400) and "error" in answer.json
    assert site.recorder.bytes == b""


@pytest.mark.parametrize("revision, status", [(LEGACY, 200), (MODERN, 404)])
def test_an_unknown_method_is_not_forwarded(site: Site, revision: str, status: int):
    answer = site.client("mcp:admin", revision).call("secrets/dump")
    assert answer.status == status and answer.json["error"]["code"] == -32601
    assert site.recorder.bytes == b""


@pytest.mark.parametrize("method", ["ping", "initialize", "logging/setLevel"])
def test_what_needs_only_a_valid_token_is_forwarded(site: Site, method: str):
    params = {"initialize": {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}.get(method)
    assert site.client("").call(method, params).status == 200
    assert site.recorder.wait()[0].message["method"] == method


def test_a_completion_is_judged_by_what_it_names(site: Site):
    client = site.client("mcp:read")
    argument = {"name": "name", "value": "L"}
    assert client.call("completion/complete", {"ref": {"type": "ref/prompt", "name": "greet"}, "argument": argument}).status == 200
    assert len(site.recorder.requests) == 1
    refused = client.call("completion/complete", {"ref": {"type": "ref/prompt", "name": "insult"}, "argument": argument})
    assert "error" in refused.json
    assert len(site.recorder.requests) == 1
