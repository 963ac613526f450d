"""Who may register: with an initial access token, after an approval; and what becomes of a registration later."""

from __future__ import annotations

import json
import urllib.parse

import pytest

from support.browser import Browser, Page
from support.flow import Answer, Caller, Pair, sign_in
from support.issuing import PASSWORD, SCOPES, USER, IssuingSite, eventually
from support.keys import Issuer


def register(caller: Caller, token: str | None = None, **metadata) -> Answer:
    body = {"client_name": "Tests", "redirect_uris": [caller.redirect_uri], "token_endpoint_auth_method": "none"} | metadata
    fields = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    answer = caller.send("POST", "/register", json.dumps(body).encode(), **fields)
    if answer.status == 201:
        caller.client_id, caller.secret = answer.json["client_id"], answer.json.get("client_secret")
    return answer


def manage(caller: Caller, registration: dict, method: str, body: dict | None = None, token: str | None = None) -> Answer:
    """Does something at the registration_client_uri."""
    uri = urllib.parse.urlsplit(registration["registration_client_uri"])
    assert registration["registration_client_uri"].startswith(caller.origin + "/")
    fields = {"Authorization": f"Bearer {token or registration['registration_access_token']}"}
    if body is not None:
        fields["Content-Type"] = "application/json"
    return caller.send(method, f"{uri.path}?{uri.query}", json.dumps(body).encode() if body is not None else None, **fields)


def test_an_invitation_is_what_it_takes(own_issuing):
    site = own_issuing(registration={"dynamic": "token"})
    caller = site.caller()
    refused = register(caller)
    assert refused.status == 401 and refused.json["error"] == "invalid_token"
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    made = site.run("client", "invite", "--name", "Lee", "--uses", "2", "--lifetime", "1h")
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    listed = json.loads(site.run("client", "invitations", "--json").stdout)
    assert listed["name"] == "Lee" and listed["use_limit"] == 2 and listed["uses"] == 0
    # Nothing that is kept or written is the token.
    assert token not in site.gateway.text()
    assert all(token.encode() not in path.read_bytes() for path in site.gateway.home.glob("gatehouse.db*") if path.is_file())
    assert register(caller, token).status == 201
    assert site.call(site.tokens(caller=caller)["access_token"]).status == 200
    assert register(site.caller(), token).status == 201
    assert register(site.caller(), token).status == 401
    assert site.run("client", "invitations").stdout.count("\n") == 1
    # One that is taken back is none; who registered with it stays.
    token = site.run("client", "invite").stdout.strip()
    identifier = json.loads(site.run("client", "invitations", "--json").stdout)["id"]
    assert site.run("client", "uninvite", identifier).returncode == 0
    assert site.run("client", "uninvite", identifier).returncode == 1
    assert register(site.caller(), token).status == 401
    assert site.call(site.tokens(caller=caller)["access_token"]).status == 200


@pytest.mark.parametrize("arguments", [["--uses", "0"], ["--uses", "10001"], ["--lifetime", "10"], ["--lifetime", "1s"], ["--lifetime", "400d"], ["--name", "a\nb"]])
def test_an_invitation_that_makes_no_sense_is_refused(own_issuing, arguments: list[str]):
    site = own_issuing(registration={"dynamic": "token"})
    done = site.run("client", "invite", *arguments)
    assert done.returncode == 2 and done.stderr and not done.stdout


def test_a_client_waits_for_the_administrator(own_issuing):
    scopes = SCOPES | {"mcp:admin": SCOPES["mcp:admin"] | {"clients": "verified", "initial": True}}
    site = own_issuing(registration={"dynamic": "approval"}, tools={"scopes": scopes}, audit={"to": "file audit.log"})
    caller = site.caller()
    registration = register(caller).json
    url = caller.authorization_url(Pair(), resource=site.resource)
    page = Browser().open(url)
    assert isinstance(page, Page) and page.status == 200
    assert "waits for approval" in page.text and not page.forms
    assert "pending" in site.run("client", "list").stdout
    shown = json.loads(site.run("client", "show", caller.client_id, "--json").stdout)
    assert shown["status"] == "pending" and shown["redirect_uris"] == [caller.redirect_uri]
    done = site.run("client", "approve", caller.client_id)
    assert done.returncode == 0 and caller.redirect_uri in done.stdout, done.stderr
    assert "approved" in site.run("client", "list").stdout
    # It counts as verified now.
    tokens = site.tokens(caller=caller)
    assert "mcp:admin" in tokens["scope"].split()
    assert site.call(tokens["access_token"]).status == 200

    # A change has it wait again, and what it was granted is refreshed no more.
    body = {"client_id": caller.client_id, "client_name": "Tests", "redirect_uris": [caller.redirect_uri, "http://127.0.0.1:9/other"]}
    assert manage(caller, registration, "PUT", body).status == 200
    page = Browser().open(url)
    assert "waits for approval" in page.text
    assert caller.refresh(tokens["refresh_token"]).status == 400
    assert site.run("client", "approve", caller.client_id).returncode == 0
    refused = caller.refresh(tokens["refresh_token"])
    assert refused.status == 400 and refused.json["error"] == "invalid_grant"
    assert site.call(site.tokens(caller=caller)["access_token"]).status == 200

    # What happened is in the audit log.
    lines = [json.loads(line) for line in (site.gateway.home / "audit.log").read_text().splitlines()]
    assert [line["decision"] for line in lines if line["event"] == "registration"] == ["pending", "changed"]
    assert any(line.get("action") == "client_approve" and line["client_id"] == caller.client_id for line in lines)
    assert site.run("client", "approve", "dAAAA").returncode == 1


def test_a_client_manages_its_registration(own_issuing):
    site = own_issuing()
    caller = site.caller()
    registration = register(caller).json
    read = manage(caller, registration, "GET")
    assert read.status == 200 and read.json["client_id"] == caller.client_id
    assert {k: read.json[k] for k in registration if k != "application_type"} == registration
    for method in ("GET", "PUT", "DELETE"):
        assert manage(caller, registration, method, {}, token="x").status == 401
    tokens = site.tokens(caller=caller)
    assert site.call(tokens["access_token"]).status == 200

    # A new redirect URI takes the place of the old one, for a client whose id holds the old one.
    body = {"client_id": caller.client_id, "client_name": "Renamed", "redirect_uris": ["http://127.0.0.1:9/new"]}
    changed = manage(caller, registration, "PUT", body)
    assert changed.status == 200 and changed.json["redirect_uris"] == body["redirect_uris"]
    old = Browser().open(caller.authorization_url(Pair(), resource=site.resource))
    assert isinstance(old, Page) and old.status == 400
    caller.redirect_uri = body["redirect_uris"][0]
    browser = Browser()
    page = sign_in(browser, page=browser.open(caller.authorization_url(Pair(), resource=site.resource)), user=USER, password=PASSWORD)
    assert "Renamed" in page.text
    # The user is asked about the client as it is now.
    assert caller.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    tokens = site.tokens(caller=caller)
    assert caller.refresh(tokens["refresh_token"]).status == 200

    # Once it ends, nothing of it is good any more.
    assert manage(caller, registration, "DELETE").status == 204
    eventually(lambda: site.call(tokens["access_token"]).status == 401)
    assert caller.refresh(tokens["refresh_token"]).status == 401
    assert Browser().open(caller.authorization_url(Pair(), resource=site.resource)).status == 400
    assert manage(caller, registration, "GET").status == 401


def test_a_signed_statement_wins_over_what_the_client_says(own_issuing, tmp_path):
    """RFC 7591 §2.3: of an issuer that the operator names, and of nobody else."""
    vendor, stranger = Issuer("https://vendor.test", prefix="vendor-"), Issuer("https://vendor.test", prefix="stranger-")
    (tmp_path / "vendor.json").write_text(json.dumps(vendor.jwks()))
    site = own_issuing(registration={"software_statements": [{"issuer": vendor.issuer, "jwks_file": str(tmp_path / "vendor.json")}]})
    caller = site.caller()

    def statement(issuer: Issuer, **changes) -> str:
        said = {"client_name": "Vouched Tool", "redirect_uris": [caller.redirect_uri], "sub": None, "client_id": None} | changes
        return issuer.token(site.origin, None, header={"typ": "JWT"}, **said)

    good = statement(vendor)
    answer = register(caller, software_statement=good, redirect_uris=[caller.redirect_uri, "http://127.0.0.1/elsewhere"])
    assert answer.status == 201, answer.body
    assert answer.json["client_name"] == "Vouched Tool" and answer.json["redirect_uris"] == [caller.redirect_uri]
    assert answer.json["software_statement"] == good
    assert site.tokens(caller=caller)["access_token"]
    changes = {"client_id": caller.client_id, "client_name": "Other", "redirect_uris": [caller.redirect_uri], "software_statement": good}
    changed = manage(caller, answer.json, "PUT", changes)
    assert changed.status == 200 and changed.json["client_name"] == "Vouched Tool", changed.body
    for bad in (statement(stranger), statement(vendor, aud="https://other.example"), statement(vendor, exp=1), good[:-4], "x"):
        refused = register(site.caller(), software_statement=bad)
        assert refused.status == 400 and refused.json["error"] == "invalid_software_statement", refused.body
    outside = register(site.caller(), software_statement=good, redirect_uris=["http://127.0.0.1/elsewhere"])
    assert outside.json["error"] == "invalid_redirect_uri"
    assert register(site.caller()).json["client_name"] == "Tests"
