"""`gatehouse explain`: the decision, the line behind it, and the same answer that a request gets."""

from __future__ import annotations

import json
import pathlib
import time

import pytest

from conftest import make_site
from conftest import end as end_site

from support.gateway import command
from support.issuing import PASSWORD, USER, IssuingSite, add_user
from support.keys import Issuer

CONFIGURATION = """\
public_url: http://127.0.0.1:8080
listen: [{ address: 127.0.0.1:8080 }]
sign_in: { local: { kind: users, file: users } }
servers:
  tickets:
    path: /tickets/mcp
    upstream: http://127.0.0.1:9000/mcp
    scopes:
      tickets:read:
        tools:
          - get_*
          - list_*
      tickets:write: { includes: [tickets:read], tools: [create_*,
          { name: deploy, arguments: { environment: [staging, test-*] } }] }
      tickets:admin:
        tools: [delete_ticket]
        granted_to: ["local/group:ops"]
        clients: ["client:known"]
        initial: false
"""


@pytest.fixture
def file(tmp_path: pathlib.Path) -> pathlib.Path:
    path = tmp_path / "gateway.conf"
    path.write_text(CONFIGURATION)
    add_user(path, "sam", PASSWORD)
    add_user(path, "olga", PASSWORD, "ops")
    return path


def explain(file: pathlib.Path, *arguments: str, **options):
    """The exit status and the JSON object."""
    done = command("explain", "--config", file, "--server", "tickets", *arguments, "--json", **options)
    assert done.returncode in (0, 1) and done.stdout.count("\n") == 1, (done.stdout, done.stderr)
    found = json.loads(done.stdout)
    assert (done.returncode == 0) == (found["decision"] == "allow")
    return found


def test_a_block_list_and_a_flow_list_have_their_lines(file: pathlib.Path):
    assert explain(file, "--tool", "list_all", "--scope", "tickets:write")["rule"]["place"] == f"{file}:12"
    assert explain(file, "--tool", "create_one", "--scope", "tickets:write")["rule"]["place"] == f"{file}:13"
    deploy = explain(file, "--tool", "deploy", "--arguments", '{"environment":"test-1"}', "--scope", "tickets:write")
    assert deploy["decision"] == "allow" and deploy["rule"]["place"] == f"{file}:14" and deploy["rule"]["conditional"]


def test_for_people_the_decision_comes_first(file: pathlib.Path):
    done = command("explain", "--config", "gateway.conf", "--server", "tickets", "--tool", "get_one", "--scope", "tickets:write", cwd=file.parent)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["allow", "tools/call", "of", "get_one", "at", "tickets"]
    assert "get_* in tools of tickets:read (gateway.conf:11)" in done.stdout
    assert "tickets:write includes tickets:read (gateway.conf:13)" in done.stdout
    done = command("explain", "--config", file, "--server", "tickets", "--tool", "create_one", "--scope", "")
    assert done.returncode == 1 and done.stdout.startswith("step up ")
    assert "ask for" in done.stdout and "tickets:write" in done.stdout


def test_a_failed_condition_is_named_and_arguments_may_be_in_a_file(file: pathlib.Path, tmp_path: pathlib.Path):
    (tmp_path / "arguments.json").write_text('{"environment": "production"}')
    found = explain(file, "--tool", "deploy", "--arguments", f"@{tmp_path}/arguments.json", "--scope", "tickets:write")
    assert found["decision"] == "denied" and found["failed_argument"] == "environment"
    assert found["listed"] and found["relaxed"]


def test_what_a_user_may_have_tells_step_up_from_unknown(file: pathlib.Path):
    """granted_to and clients count, by the code that issues tokens."""
    ask = ("--tool", "delete_ticket", "--scope", "tickets:read")
    assert explain(file, *ask, "--user", "sam", "--client", "known")["decision"] == "unknown"
    assert explain(file, *ask, "--user", "olga")["decision"] == "unknown"
    assert explain(file, *ask)["decision"] == "unknown"
    found = explain(file, *ask, "--user", "local/olga", "--client", "known")
    assert found["decision"] == "step_up" and found["challenge"] == "tickets:read tickets:admin"
    assert found["caller"]["grantable"] == "tickets:read tickets:write tickets:admin"
    hidden = explain(file, *ask, "--user", "sam")
    assert [rule["scope"] for rule in hidden["unobtainable"]] == ["tickets:admin"]
    # A token that this user cannot have is not assumed.
    found = explain(file, "--tool", "delete_ticket", "--scope", "tickets:admin", "--user", "sam")
    assert found["decision"] == "unknown" and found["caller"]["withheld"] == "tickets:admin"


@pytest.mark.parametrize("arguments", [
    [], ["--tool", "a"], ["--scope", ""], ["--tool", "a", "--prompt", "b", "--scope", ""],
    ["--prompt", "a", "--arguments", "{}", "--scope", ""], ["--tool", "a", "--scope", "", "--token", "x"],
    ["--tool", "a", "--token", "x", "--user", "sam"], ["--tool", "a", "--scope", "", "--client", "c"],
    ["--tool", "a", "--scope", "a  b"], ["--tool", "a", "--scope", "", "--user", "nobody"],
    ["--tool", "a", "--scope", "", "--arguments", "[]"], ["--tool", "a", "--scope", "", "--arguments", "{"],
    ["--method", "tools/call", "--scope", ""], ["--tool", "a", "--scope", "", "--server", "other"],
])
def test_wrong_usage_ends_with_2_and_says_nothing_on_standard_output(file: pathlib.Path, arguments: list[str]):
    server = [] if "--server" in arguments else ["--server", "tickets"]
    done = command("explain", "--config", file, *server, *arguments)
    assert done.returncode == 2 and done.stdout == "" and done.stderr.strip(), done


def test_a_wrong_configuration_ends_with_1(file: pathlib.Path):
    file.write_text(CONFIGURATION + "lisen: []\n")
    done = command("explain", "--config", file, "--server", "tickets", "--tool", "a", "--scope", "")
    assert done.returncode == 1 and done.stdout == "" and ":20:1" in done.stderr


# --- Tokens ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def issuing(tmp_path_factory: pytest.TempPathFactory):
    site = IssuingSite(tmp_path_factory.mktemp("explain"))
    yield site
    site.end()


def ask(site: IssuingSite, token: str, *arguments: str):
    done = site.run("explain", "--server", "tools", *arguments, "--token", "-", "--json", input=token + "\n")
    assert done.returncode in (0, 1), done.stderr
    assert token not in done.stdout + done.stderr and token.split(".")[-1] not in done.stdout + done.stderr
    return json.loads(done.stdout)


def issue(site: IssuingSite, scope: str, *arguments: str) -> str:
    done = site.run("token", "issue", "--server", "tools", "--subject", USER, "--scope", scope, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


CALLS = ["get_one", "create_one", "delete_one", "nothing"]
STATUSES = {"allow": 200, "step_up": 403, "unknown": 200}


@pytest.mark.parametrize("scope", ["mcp:read", "mcp:write", "mcp:admin"])
def test_the_answer_is_the_one_that_a_request_gets(issuing: IssuingSite, scope: str):
    token = issue(issuing, scope)
    for tool in CALLS:
        found = ask(issuing, token, "--tool", tool)
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool}}).encode()
        answer = issuing.caller().send("POST", "/tools/mcp", body, **{
            "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json, text/event-stream"})
        assert answer.status == STATUSES[found["decision"]], found
        assert ("error" in answer.json) == (found["decision"] != "allow"), found
        if found["decision"] == "step_up":
            assert f'scope="{found["challenge"]}"' in answer.headers["WWW-Authenticate"]
        assert found["caller"]["scope"] == scope and found["caller"]["client_id"] == "gatehouse-cli"


def test_an_expired_a_revoked_and_a_forged_token_are_unauthenticated(issuing: IssuingSite, tmp_path: pathlib.Path):
    good = issue(issuing, "mcp:read")
    assert ask(issuing, good, "--tool", "get_one")["decision"] == "allow"
    # In a file, and with another end of the line.
    (tmp_path / "token").write_text(good + "\r\n")
    done = issuing.run("explain", "--server", "tools", "--tool", "get_one", "--token", tmp_path / "token")
    assert done.returncode == 0 and good not in done.stdout + done.stderr, done.stderr
    forged = ask(issuing, Issuer(issuing.origin).token(issuing.resource, "mcp:admin"), "--tool", "get_one")
    assert forged["decision"] == "unauthenticated" and forged["caller"]["error"] == "invalid_token"
    assert forged["challenge"] == "mcp:read mcp:write" and forged["caller"]["reason"].startswith("token refused: ")
    garbage = ask(issuing, "garbage", "--method", "ping")
    assert garbage["decision"] == "unauthenticated" and garbage["relaxed"] is False
    for line in issuing.run("grant", "list", "--json").stdout.splitlines():
        assert issuing.run("grant", "revoke", json.loads(line)["id"]).returncode == 0
    revoked = ask(issuing, good, "--tool", "get_one")
    assert revoked["decision"] == "unauthenticated" and revoked["caller"]["error_description"] == "The access token was revoked"


def test_a_token_file_that_is_not_there_ends_with_1(issuing: IssuingSite):
    done = issuing.run("explain", "--server", "tools", "--tool", "a", "--token", "/nonexistent/token")
    assert done.returncode == 1 and done.stdout == "" and "/nonexistent/token" in done.stderr


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory):
    site = make_site(tmp_path_factory.mktemp("foreign"))
    yield site
    end_site(site)


def ask_foreign(site, token: str, *arguments: str):
    done = command("explain", "--config", site.gateway.configuration, "--server", "tools", *arguments, "--token", "-", "--json", input=token)
    assert done.returncode in (0, 1), done.stderr
    assert token not in done.stdout + done.stderr
    return json.loads(done.stdout)


def test_a_token_of_another_issuer_is_verified_with_its_keys(foreign):
    found = ask_foreign(foreign, foreign.token("mcp:write"), "--tool", "create_one")
    assert found["decision"] == "allow" and found["caller"]["subject"] == "user-1"
    assert ask_foreign(foreign, foreign.token("mcp:read"), "--tool", "create_one")["decision"] == "step_up"
    now = int(time.time())
    wrong = {
        "The access token expired": foreign.token(iat=now - 7200, exp=now - 3600),
        "The access token is for another resource": foreign.token(audience="https://other.example"),
        "The access token is invalid": Issuer(prefix="other-").token(foreign.resource, "mcp:read"),
    }
    for description, token in wrong.items():
        found = ask_foreign(foreign, token, "--tool", "get_one")
        assert (found["decision"], found["caller"]["error_description"]) == ("unauthenticated", description)
        # What a request is told is the same.
        answer = foreign.client(token=token).call_tool("get_one")
        assert answer.status == 401 and description in answer.field("www-authenticate")


def test_users_of_another_issuer_are_not_ours_to_judge(foreign):
    done = command(
        "explain", "--config", foreign.gateway.configuration, "--server", "tools", "--tool", "a", "--scope", "", "--user", "sam")
    assert done.returncode == 2 and "another issuer" in done.stderr


def test_a_line_of_json_configuration_is_right_too(foreign):
    """Each site's file is JSON, which is YAML in flow style over many lines."""
    found = ask_foreign(foreign, foreign.token("mcp:read"), "--resource", "note://public/1")
    place, _, line = found["rule"]["place"].rpartition(":")
    assert pathlib.Path(place) == foreign.gateway.configuration
    assert foreign.gateway.configuration.read_text().splitlines()[int(line) - 1].strip() == '"note://public/*"'
