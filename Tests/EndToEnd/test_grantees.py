"""Who may have a scope, user by user and client by client: what is granted, what a challenge names, what is lost, what a foreign token is worth."""

from __future__ import annotations

import json
import pathlib

import pytest

from conftest import PATH, Site, protected_server
from support.gateway import command
from support.issuing import PASSWORD, SCOPES, IssuingSite, add_user
from support.messages import REVISIONS, Client
from support.recorder import Exchange, Received
from support.several import several
from support.wire import Answer


def scopes(**changes: dict) -> dict:
    """The scopes of the tests with keys added, by the last part of their names."""
    changed = json.loads(json.dumps(SCOPES))
    for name, keys in changes.items():
        changed[f"mcp:{name}"] |= keys
    return changed


def challenged(answer: Answer) -> set[str] | None:
    """The scopes of a 403 challenge; nothing where the tool is unknown."""
    if answer.status == 403:
        return set(answer.field("www-authenticate").split(' scope="')[1].split('"')[0].split())
    assert answer.status == 200 and answer.json["error"]["code"] == -32602, answer.body
    return None


# --- Tokens of our own -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def issuing(tmp_path: pathlib.Path):
    yield from several(lambda number, **changes: IssuingSite(tmp_path / f"site{number}", tools={"scopes": scopes(**changes)}))


def call(site: IssuingSite, token: str, tool: str) -> Answer:
    return Client(site.gateway.port, PATH, token).call_tool(tool)


def test_a_challenge_names_no_scope_that_the_client_cannot_get(issuing):
    """50, 57: for who registered itself, what is for verified clients does not exist."""
    site = issuing(admin={"clients": "verified"})
    token = site.tokens(scope="mcp:read mcp:admin", scopes=["mcp:read"])
    assert token["scope"] == "mcp:read"
    assert challenged(call(site, token["access_token"], "create_one")) == {"mcp:read", "mcp:write"}
    assert challenged(call(site, token["access_token"], "delete_one")) is None
    assert b"admin" not in call(site, token["access_token"], "delete_one").body


def test_a_challenge_names_no_scope_that_the_user_cannot_get(issuing):
    site = issuing(write={"granted_to": ["local/group:staff", "local/user:ann"]})
    for user, groups, wanted in [("kim", ["staff"], {"mcp:read", "mcp:write"}), ("ann", [], {"mcp:read", "mcp:write"}), ("bob", ["Staff", "ann"], None)]:
        add_user(site.gateway.configuration, user, PASSWORD, *groups)
        answer = site.caller().authorize(user, PASSWORD, resource=site.resource, scope="mcp:read")
        assert answer.json["scope"] == "mcp:read"
        assert challenged(call(site, answer.json["access_token"], "create_one")) == wanted, user


def test_what_a_user_loses_goes_with_the_next_refresh(issuing):
    """From the token, and from what a challenge offers."""
    site = issuing(write={"granted_to": ["local/group:staff"]})
    add_user(site.gateway.configuration, "kim", PASSWORD, "staff")
    for scope in ["mcp:read mcp:write", "mcp:read"]:
        add_user(site.gateway.configuration, "kim", PASSWORD, "staff")
        caller = site.caller()
        answer = caller.authorize("kim", PASSWORD, resource=site.resource, scope=scope)
        assert answer.json["scope"] == scope
        before = call(site, answer.json["access_token"], "create_one")
        assert before.status == (200 if "write" in scope else 403)
        add_user(site.gateway.configuration, "kim", PASSWORD)
        answer = caller.refresh(answer.json["refresh_token"])
        assert answer.status == 200 and answer.json["scope"] == "mcp:read"
        assert challenged(call(site, answer.json["access_token"], "create_one")) is None
        # And comes back the same way.
        add_user(site.gateway.configuration, "kim", PASSWORD, "staff")
        answer = caller.refresh(answer.json["refresh_token"])
        assert answer.json["scope"] == scope


def test_a_scope_for_named_clients_is_for_nobody_else(issuing):
    site = issuing(write={"clients": ["client:somebody", "domain:127.0.0.1"]})
    caller = site.caller()
    assert caller.register().status == 201
    assert site.tokens(scope="mcp:read mcp:write", caller=caller)["scope"] == "mcp:read"
    site.settings["servers"]["tools"]["scopes"] = scopes(write={"clients": [f"client:{caller.client_id}"]})
    site.gateway.write(site.settings)
    before = len(site.gateway.log())
    site.gateway.reload()
    site.gateway.wait_for_log("the configuration was read again", after=before, seconds=20)
    assert site.tokens(scope="mcp:read mcp:write", caller=caller)["scope"] == "mcp:read mcp:write"
    assert site.tokens(scope="mcp:read mcp:write")["scope"] == "mcp:read"


# --- Tokens of a foreign issuer ------------------------------------------------------------------------------------------------------


def foreign(site_of, **changes: dict) -> Site:
    issuer = {"issuer": "https://idp.test", "jwks_file": "jwks.json", "user_claim": "name", "groups_claim": "https://idp.test/groups"}
    site = site_of(tools={"scopes": scopes(**changes), "authorization_server": issuer})

    async def list_all(request: Received, exchange: Exchange) -> None:
        names = ["get_one", "create_one", "delete_one"]
        done = {"tools": [{"name": name} for name in names]} if request.message["method"] == "tools/list" else {"content": []}
        await exchange.result(request, done)

    site.recorder.script = list_all
    return site


GROUPS = "https://idp.test/groups"
HOLDERS = [
    ({"name": "lee"}, True), ({GROUPS: ["staff"]}, True), ({GROUPS: "staff"}, True), ({GROUPS: ["ops", "staff"], "name": "kim"}, True),
    ({}, False), ({"name": "Lee"}, False), ({"sub": "lee"}, False), ({GROUPS: []}, False), ({GROUPS: ["lee"], "name": "staff"}, False), ({"groups": ["staff"]}, False),
]


@pytest.mark.parametrize("claims, may", HOLDERS)
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_scope_of_a_foreign_token_counts_if_its_user_may_have_it(own_site, claims: dict, may: bool, revision: str):
    site = foreign(own_site, write={"granted_to": ["issuer/user:lee", "issuer/group:staff"]})
    client = site.client(token=site.token("mcp:read mcp:write", **claims), revision=revision)
    answer = client.call_tool("create_one")
    assert answer.status == 200 and ("result" in answer.json) == may
    names = [tool["name"] for tool in client.call("tools/list").json["result"]["tools"]]
    assert names == (["get_one", "create_one"] if may else ["get_one"])
    for request in site.recorder.requests:
        assert request.values("x-gatehouse-scope") == ["mcp:read mcp:write" if may else "mcp:read"]
    # What may be had and is not there is asked for; what may not is unknown.
    reader = site.client(token=site.token("mcp:read", **claims), revision=revision)
    assert challenged(reader.call_tool("create_one")) == ({"mcp:read", "mcp:write"} if may else None)
    assert challenged(reader.call_tool("delete_one")) == ({"mcp:read", "mcp:admin"} if may else None), "it includes what may not be had"


@pytest.mark.parametrize("claims", [{"name": ["lee"]}, {"name": 7}, {"name": ""}, {GROUPS: {"staff": True}}, {GROUPS: ["staff", 1]}, {GROUPS: [["staff"]]}, {GROUPS: ""}])
def test_a_foreign_token_with_a_malformed_claim_is_refused(own_site, claims: dict):
    site = foreign(own_site)
    assert site.client(token=site.token("mcp:read", **claims)).call_tool("get_one").status == 401
    assert site.recorder.bytes == b""
    assert site.client(token=site.token("mcp:read")).call_tool("get_one").status == 200


def test_a_scope_of_a_foreign_token_counts_if_its_client_may_have_it(own_site):
    site = foreign(own_site, write={"clients": ["client:console"]})
    for client_id, may in [("console", True), ("client-1", False), ("Console", False)]:
        answer = site.client(token=site.token("mcp:write", client_id=client_id)).call_tool("create_one")
        assert ("result" in answer.json) == may
    challenge = challenged(site.client(token=site.token("mcp:write", client_id="other")).call_tool("get_one"))
    assert challenge == {"mcp:read"}, "what the client may not have is not named, though the token has it"


def test_what_a_foreign_issuer_does_not_tell_is_an_error_of_the_configuration(tmp_path: pathlib.Path, own_site):
    site = foreign(own_site)
    server = protected_server(site.recorder.url, site.issuer, scopes=scopes(write={"granted_to": ["issuer/user:lee"]}, admin={"clients": "verified"}))
    site.gateway.write({"servers": {"tools": server}})
    done = command("check", "--config", site.gateway.configuration)
    assert done.returncode == 1
    assert "user_claim" in done.stderr + done.stdout and "cannot be verified" in done.stderr + done.stdout
