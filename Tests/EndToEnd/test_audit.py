"""The audit log: a line for every decision and deed, no secret in it, and nothing that can be changed unseen."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

from support import wire
from support.browser import Browser
from support.flow import Caller, Pair, answer_of, decide, sign_in, walk
from support.gateway import command
from support.issuing import PASSWORD, PATH, USER, IssuingSite, eventually
from support.messages import Client
from support.several import several


class AuditedSite(IssuingSite):
    """A gateway with an audit log in a folder of its own."""

    def __init__(self, home: pathlib.Path, tools: dict | None = None, **audit: str) -> None:
        self.log = home / "log" / "audit.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(home, audit={"to": f"file {self.log}", "checkpoint": "1s"} | audit, tools=tools or {})

    def lines(self, *files: pathlib.Path) -> list[dict]:
        files = files or (self.log,)
        return [json.loads(line) for file in files for line in file.read_text().splitlines() if line.startswith("{")]

    def events(self, event: str, **members) -> list[dict]:
        return [line for line in self.lines() if line["event"] == event and all(line.get(n) == v for n, v in members.items())]

    def await_event(self, event: str, **members) -> dict:
        eventually(lambda: self.events(event, **members), 10)
        return self.events(event, **members)[-1]

    def verify(self, *arguments: str | os.PathLike) -> subprocess.CompletedProcess:
        return self.run("audit", "verify", *(str(a) for a in arguments))

    def verifies(self, *arguments: str | os.PathLike) -> str:
        done = self.verify(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def client(self, token: str | None) -> Client:
        return Client(self.gateway.port, PATH, token)

    def issue(self, scope: str = "mcp:read") -> str:
        done = self.run("token", "issue", "--server", "tools", "--subject", USER, "--scope", scope)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture
def make(tmp_path: pathlib.Path):
    yield from several(lambda number, **audit: AuditedSite(tmp_path / f"site{number}", **audit))


def test_every_decision_has_a_line(make):
    site = make()
    token = site.issue()
    client = site.client(token)
    assert client.call_tool("get_one", {"secret": "argument-value"}).status == 200
    assert client.call_tool("create_one").status == 403
    assert "error" in client.call_tool("no_such").json
    assert site.client(None).call_tool("get_one").status == 401
    assert client.call("no/such").status in (200, 404)
    assert wire.exchange(site.gateway.port, client.raw(b'{"jsonrpc":"2.0"}'), "POST").status == 400
    assert wire.exchange(site.gateway.port, wire.request("OPTIONS", PATH, site.gateway.port, {"Origin": site.origin})).status in (200, 204)
    allowed = site.await_event("decision", decision="allow")
    assert allowed["server"] == "tools" and allowed["method"] == "tools/call" and allowed["target"] == "get_one"
    assert allowed["rule"] == "tools:get_*" and allowed["scope"] == "mcp:read" and allowed["status"] == allowed["upstream_status"] == 200
    assert allowed["issuer"] == site.origin and allowed["subject"].startswith("local:") and allowed["client_id"] == "gatehouse-cli"
    assert allowed["grant_id"] and allowed["latency_us"] > 0 and len(allowed["request_id"]) == 20 and allowed["client"] == "127.0.0.1"
    refused = site.await_event("decision", decision="step_up")
    assert (refused["target"], refused["scope"], refused["status"]) == ("create_one", "mcp:write", 403) and "upstream_status" not in refused
    assert site.await_event("decision", decision="unknown")["target"] == "no_such"
    assert "subject" not in site.await_event("decision", decision="unauthenticated")
    assert site.await_event("decision", decision="unknown_method")["method"] == "no/such"
    assert site.await_event("decision", decision="malformed")["status"] == 400
    # Documents, preflights and health checks are no decisions.
    assert site.gateway.stop() == 0
    assert len(site.events("decision")) == 6
    access = {line["request_id"] for line in site.gateway.log() if "request_id" in line}
    assert {line["request_id"] for line in site.events("decision")} <= access


def test_every_line_of_a_server_that_only_observes_is_marked(make):
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
    site = make(tools={"mode": "observe", "observe_until": until})
    client = site.client(site.issue())
    for name in ("get_one", "create_one", "no_such"):
        assert client.call_tool(name).status == 200
    assert site.client(None).call_tool("get_one").status == 401
    assert site.gateway.stop() == 0
    lines = {(line["decision"], line.get("target")): line for line in site.events("decision")}
    assert len(lines) == 4 and all(line["observed"] is True for line in lines.values())
    # What would have become of it, and that it was forwarded all the same.
    refused = lines["step_up", "create_one"]
    assert (refused["scope"], refused["status"], refused["upstream_status"]) == ("mcp:write", 200, 200)
    assert lines["unknown", "no_such"]["upstream_status"] == lines["allow", "get_one"]["upstream_status"] == 200
    # What is enforced all the while: nothing was forwarded.
    enforced = next(line for (decision, _), line in lines.items() if decision == "unauthenticated")
    assert enforced["status"] == 401 and "upstream_status" not in enforced
    assert not any("observed" in line for line in site.lines() if line["event"] != "decision")
    site.verifies()
    # Without observe mode no line has the mark.
    other = make()
    assert other.client(other.issue()).call_tool("create_one").status == 403
    assert "observed" not in other.await_event("decision", decision="step_up")


def test_a_standing_stream_has_a_line_at_its_beginning_and_at_its_end(make):
    site = make()

    async def stream(received, exchange) -> None:
        if received.method != "GET":
            return await exchange.answer(body=b'{"jsonrpc":"2.0","id":1,"result":{}}')
        await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        await exchange.reader.read()

    site.recorder.script = stream
    connection = wire.Connection(site.gateway.port)
    assert site.client(site.issue()).get(connection).status == 200
    begun = site.await_event("decision", method="GET", decision="allow")
    assert "latency_us" not in begun and not site.events("stream_ended")
    connection.close()
    ended = site.await_event("stream_ended")
    assert ended["request_id"] == begun["request_id"] and ended["upstream_status"] == 200
    assert len(site.events("decision")) == 1


def test_everything_the_authorization_server_does_has_a_line(make):
    site = make()
    caller, browser = site.caller(), Browser()
    assert caller.register(redirect_uris=["https://evil.example/x"]).status == 400
    assert site.await_event("registration", decision="refused")["status"] == 400
    first = site.tokens("mcp:read", caller, browser)
    registered = site.await_event("registration", decision="accepted")
    assert caller.client_id.startswith(registered["client_id"].rstrip("…"))
    signed_in = site.await_event("sign_in", decision="accepted")
    assert signed_in["user"] == USER and signed_in["source"] == "local" and signed_in["subject"].startswith("local:")
    agreed = site.await_event("consent", decision="given")
    assert agreed["server"] == "tools" and agreed["scope"] == "mcp:read" and agreed["subject"] == signed_in["subject"]
    issued = site.await_event("issuance", method="authorization_code", decision="issued")
    assert issued["scope"] == "mcp:read" and issued["grant_id"] and issued["token_id"]
    second = caller.refresh(first["refresh_token"])
    assert second.status == 200
    refreshed = site.await_event("issuance", method="refresh_token")
    assert refreshed["grant_id"] == issued["grant_id"] and refreshed["token_id"] != issued["token_id"]
    # More than before: a step-up.
    site.tokens("mcp:read mcp:write", caller, browser)
    wider = site.await_event("step_up")
    assert wider["added_scope"] == "mcp:write" and wider["scope"] == "mcp:read mcp:write"
    # Declined.
    walk(caller.authorization_url(Pair(), resource=site.resource, scope="mcp:read"), USER, PASSWORD, browser, decision="deny")
    assert site.await_event("consent", decision="declined")["declined_scope"] == "mcp:read"
    assert caller.redeem("no-code", Pair()).status == 400
    assert site.await_event("issuance", decision="refused")["status"] == 400
    assert caller.revoke(second.json["refresh_token"]).status == 200
    assert site.await_event("revocation", method="client")["grant_id"] == issued["grant_id"]
    page = browser.open(site.origin + "/account")
    browser.submit(page, page.form("grant"))
    assert site.await_event("revocation", method="user")["subject"] == signed_in["subject"]
    assert all(line["request_id"] and line["client"] == "127.0.0.1" for event in ("sign_in", "consent", "issuance", "revocation") for line in site.events(event))
    site.verifies()


def test_a_code_used_twice_has_a_line_for_what_it_ended(make):
    site = make()
    caller, pair = site.caller(), Pair()
    caller.register()
    code = answer_of(walk(caller.authorization_url(pair, resource=site.resource), USER, PASSWORD))["code"]
    assert caller.redeem(code, pair).status == 200
    assert caller.redeem(code, pair).status == 400
    assert site.await_event("revocation", method="gateway")["grant_id"] == site.events("issuance", decision="issued")[0]["grant_id"]


def test_failed_sign_ins_name_known_users_only(make):
    site = make()
    caller = site.caller()
    caller.register()
    for name in (USER, "my-password-typed-into-the-wrong-field"):
        browser = Browser()
        page = browser.open(caller.authorization_url(Pair(), resource=site.resource))
        sign_in(browser, page, name, "wrong-password-1234")
    eventually(lambda: len(site.events("sign_in", decision="refused")) == 2, 10)
    known, unknown = site.events("sign_in", decision="refused")
    assert known["user"] == USER and "user" not in unknown and "subject" not in unknown
    assert "my-password" not in site.log.read_text() and "wrong-password" not in site.log.read_text()


@pytest.mark.parametrize("name", [USER, "nobody-of-that-name"])
def test_a_sign_in_that_has_to_wait_has_a_line(make, name: str):
    site = make()
    caller, browser = site.caller(), Browser()
    caller.register()
    page, attempts = browser.open(caller.authorization_url(Pair(), resource=site.resource)), 0
    # After five failures each attempt has to wait, twice as long every time: one of them comes too early on any machine.
    while page.status != 429:
        attempts += 1
        assert attempts < 16
        page = sign_in(browser, page, name, "wrong-password-1234")
    delayed = site.await_event("sign_in", decision="delayed")
    assert delayed["status"] == 429 and "wait" in delayed["reason"] and delayed["source"] == "local" and delayed["client"] == "127.0.0.1"
    refused = site.events("sign_in", decision="refused")
    assert len(refused) == attempts - 1 >= 5 and all(line["status"] == 403 for line in refused)
    # Only a known user is named, and nothing that was typed is there.
    assert all((line.get("user"), "subject" in line) == ((USER, True) if name == USER else (None, False)) for line in [delayed, *refused])
    assert "nobody-of-that-name" not in site.log.read_text() and "wrong-password" not in site.log.read_text()
    assert not site.events("sign_in", decision="accepted")
    assert site.gateway.stop() == 0
    site.verifies()


def test_no_secret_is_in_the_log(make):
    site = make()
    caller, pair, browser = site.caller(), Pair(), Browser()
    caller.register(token_endpoint_auth_method="client_secret_post")
    code = answer_of(walk(caller.authorization_url(pair, resource=site.resource, scope="mcp:read"), USER, PASSWORD, browser))["code"]
    assert caller.redeem(code, Pair()).status == 400
    tokens = caller.redeem(code, pair).json
    fresh = caller.refresh(tokens["refresh_token"]).json
    client = site.client(fresh["access_token"])
    result = client.call_tool("get_one", {"needle": "seeded-argument-value"})
    client.call_tool("create_one", {"needle": "seeded-argument-value"})
    client.call("completion/complete", {"ref": {"type": "ref/prompt", "name": "greet"}, "argument": {"name": "seeded-argument-name", "value": "seeded-argument-value"}})
    wire.exchange(site.gateway.port, client.raw(b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_one","arguments":{"seeded-argument-name":1,"seeded-argument-name":2}}}'), "POST")
    wire.exchange(site.gateway.port, wire.request("GET", f"{PATH}?access_token={fresh['access_token']}", site.gateway.port))
    caller.revoke(fresh["refresh_token"])
    session = [cookie for cookie in str(vars(browser)).split("'") if len(cookie) > 40]
    site.await_event("revocation")
    seeded = [code, pair.verifier, PASSWORD, caller.secret, tokens["access_token"], tokens["refresh_token"], fresh["access_token"], fresh["refresh_token"], "seeded-argument", *session]
    text = site.log.read_text()
    for secret in seeded:
        assert secret and secret not in text
        # Nor a part that could be used: the signature of a token, the second half of anything else.
        assert secret.split(".")[-1] not in text
    assert result.status == 200 and "result" not in json.dumps([sorted(line) for line in site.lines()])


def test_commands_have_lines_before_and_after_they_act(make):
    site = make()
    site.issue()
    grant = site.events("administration", action="token_issue", decision="done")[0]["grant_id"]
    assert site.run("grant", "revoke", grant).returncode == 0
    assert site.run("key", "rotate").returncode == 0
    caller = site.caller()
    site.tokens("mcp:read", caller)
    assert site.run("client", "revoke", caller.client_id).returncode == 0
    assert site.run("user", "remove", USER, env=os.environ | {"SUDO_USER": "morgan"}).returncode == 0
    assert site.run("user", "remove", "nobody").returncode == 1
    for action in ("user_add", "token_issue", "grant_revoke", "key_rotate", "client_revoke", "user_remove"):
        requested, done = site.events("administration", action=action, decision="requested"), site.events("administration", action=action, decision="done")
        assert requested and done and requested[0]["chain"] == done[0]["chain"] and done[0]["unix_user"] == "root", action
    assert site.events("administration", action="user_remove", decision="done")[0]["sudo_user"] == "morgan"
    assert "nobody" in site.events("administration", decision="failed")[0]["reason"]
    site.verifies()


def test_rotation_goes_on_in_the_new_file_and_verifies_across_both(make):
    site = make()
    client = site.client(site.issue())
    assert client.call_tool("get_one").status == 200
    site.await_event("decision")
    old = site.log.with_name("audit.log.1")
    site.log.rename(old)
    site.gateway.reload()
    eventually(lambda: site.log.exists() and any(line["event"] == "reopened" for line in site.lines()), 10)
    for _ in range(4):
        assert client.call_tool("get_two").status == 200
    eventually(lambda: len(site.events("decision")) == 4, 10)
    assert "get_two" not in old.read_text()
    site.verifies(old, site.log)
    site.verifies("--part", old)
    assert "begins at block" in site.verifies(site.log)
    # The state knows that there is more than the old file.
    eventually(lambda: site.verify(old).returncode == 1, 10)
    # Files in the wrong order are not one log.
    assert site.verify(site.log, old).returncode == 1


def test_a_killed_gateway_leaves_a_log_that_is_open_and_whole(make):
    site = make()
    client = site.client(site.issue())
    for _ in range(5):
        assert client.call_tool("get_one").status == 200
    eventually(lambda: len(site.events("decision")) == 5, 10)
    time.sleep(1.5)  # a checkpoint
    site.gateway.kill()
    assert "not closed" in site.verifies()
    # What a killed process had begun is ended before others go on.
    with site.log.open("ab") as file:
        file.write(b'{"chain":"torn')
    site.gateway.start()
    assert site.client(site.issue()).call_tool("get_one").status == 200
    eventually(lambda: len([line for line in site.log.read_text().splitlines() if '"decision":"allow"' in line]) == 6, 10)
    said = site.verifies()
    assert "not closed" in said and "cut short" in said
    whole = site.log.read_bytes()
    site.log.write_bytes(b"\n".join(line for line in whole.split(b"\n") if b"torn" not in line))


def test_what_is_cut_off_removed_or_changed_is_named_by_its_line(make):
    site = make()
    client = site.client(site.issue())
    for name in ("get_one", "get_two", "get_three"):
        assert client.call_tool(name).status == 200
    eventually(lambda: len(site.events("decision")) == 3, 10)
    assert site.gateway.stop() == 0
    site.verifies()
    lines = site.log.read_text().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if "get_two" in line)

    def found(changed: list[str], kind: str) -> dict:
        site.log.write_text("".join(changed))
        done = site.verify("--json")
        assert done.returncode == 1, done.stdout
        return next(f for f in json.loads(done.stdout)["findings"] if f["kind"] == kind)

    assert found(lines[:-1], "cut_off")
    assert found(lines[: place], "cut_off")
    assert found([], "cut_off")
    removed = found(lines[:place] + lines[place + 1:], "removed")
    assert removed.get("to", removed["from"])["line"] >= place + 1
    changed = found([line.replace("get_two", "get_six") for line in lines], "changed")
    assert changed["from"]["line"] <= place + 1 <= changed["to"]["line"]
    site.log.write_text("".join(lines))
    site.verifies()
    # Who has the public keys alone verifies checkpoints, numbers and links.
    keys = site.log.with_name("keys.json")
    keys.write_text(site.run("audit", "keys").stdout)
    done = command("audit", "verify", "--keys", keys, site.log)
    assert done.returncode == 0 and json.loads(keys.read_text())["keys"][0]["kid"] in done.stdout
    other = json.loads(keys.read_text())
    other["keys"][0]["x"], other["keys"][0]["y"] = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    keys.write_text(json.dumps(other))
    assert command("audit", "verify", "--keys", keys, site.log).returncode == 1


def test_wrong_usage_of_verify_is_2(tmp_path: pathlib.Path):
    (tmp_path / "gateway.conf").write_text(
        "public_url: http://127.0.0.1:8080\nlisten: [{ address: 127.0.0.1:8080 }]\nsign_in: { local: { kind: users, file: users } }\n"
        "audit: { to: stdout }\nservers: { demo: { path: /demo/mcp, upstream: http://127.0.0.1:9000/mcp } }\n")
    assert command("audit", "verify", cwd=tmp_path).returncode == 2
    assert command("audit", "verify", "--keys", "x", cwd=tmp_path).returncode == 2
    assert command("audit", "verify", "no-such-file", cwd=tmp_path).returncode == 1


def test_check_warns_of_a_log_beside_its_key(tmp_path: pathlib.Path):
    text = "public_url: http://127.0.0.1:8080\nlisten: [{ address: 127.0.0.1:8080 }]\nsign_in: { local: { kind: users, file: users } }\naudit: { to: file audit.log }\nservers: { demo: { path: /demo/mcp, upstream: http://127.0.0.1:9000/mcp } }\n"
    (tmp_path / "gateway.conf").write_text(text)
    done = command("check", cwd=tmp_path)
    assert done.returncode == 0 and ':4:14: warning: "audit.to" is in the folder of "state"' in done.stderr, done.stderr
    (tmp_path / "gateway.conf").write_text(text.replace("file audit.log", "file log/audit.log"))
    assert "warning" not in command("check", cwd=tmp_path).stderr


# --- Elsewhere than in a file


def test_on_standard_output_it_stands_between_other_logs(make):
    site = make(to="stdout")
    client = site.client(site.issue())
    for _ in range(3):
        assert client.call_tool("get_one").status == 200
    eventually(lambda: sum(line.get("event") == "decision" for line in site.gateway.log()) == 3, 10)
    # Commands hand their lines to the running gateway.
    actions = [(line["action"], line["decision"]) for line in site.gateway.log() if line.get("event") == "administration"]
    assert ("token_issue", "requested") in actions and ("token_issue", "done") in actions
    assert site.gateway.stop() == 0
    said = site.verifies(site.gateway.output)
    assert "not closed" not in said
    # Without a running gateway standard error has them.
    done = site.run("grant", "revoke", next(line["grant_id"] for line in site.gateway.log() if line.get("event") == "decision"))
    assert done.returncode == 0 and '"action":"grant_revoke"' in done.stderr
    lines = site.gateway.output.read_text().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if '"decision":"allow"' in line)
    site.gateway.output.write_text("".join(lines[:place] + lines[place + 1:]))
    assert site.verify(site.gateway.output).returncode == 1


class SystemLog:
    """A datagram socket that writes what it is sent as the system's log does."""

    def __init__(self, path: pathlib.Path, file: pathlib.Path) -> None:
        self.path, self.file = path, file
        self.messages: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.path.unlink(missing_ok=True)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self) -> None:
        with contextlib.suppress(OSError):
            while message := self.socket.recv(65536).decode():
                self.messages.append(message)
                with self.file.open("a") as file:
                    file.write("Nov 26 11:00:00 host " + message.partition(" gatehouse")[2].replace("[", "gatehouse[", 1) + "\n")

    def end(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)


def test_the_systems_log_gets_a_message_for_each_line(make, tmp_path: pathlib.Path):
    log = SystemLog(tmp_path / "log.socket", tmp_path / "messages")
    site = make(to="syslog", syslog_socket=str(log.path))
    client = site.client(site.issue())
    assert client.call_tool("get_one").status == 200
    eventually(lambda: any('"decision":"allow"' in message for message in log.messages), 10)
    assert all(re.match(r"<86>[A-Z][a-z]{2} [ 0-9]\d \d\d:\d\d:\d\d gatehouse\[\d+\]: \{\"chain\":\"", message) for message in log.messages)
    assert all(len(message) < 8192 and "\n" not in message for message in log.messages)
    # While nobody listens, nothing is forwarded; afterwards nothing is missing.
    log.end()
    log.path.unlink()
    client.call_tool("get_two")
    eventually(lambda: client.call_tool("get_two").status == 503, 10)
    log.begin()
    eventually(lambda: client.call_tool("get_three").status == 200, 15)
    eventually(lambda: any("get_three" in message for message in log.messages), 10)
    assert site.gateway.stop() == 0
    site.verifies(log.file)
    log.end()
    log.begin()


# --- A log that cannot be written


@pytest.fixture
def disk(tmp_path: pathlib.Path):
    """A disk of 256 KiB, to be filled and freed."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", place], check=True)
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def fill(disk: pathlib.Path) -> pathlib.Path:
    file = disk / "filling"
    with file.open("wb", buffering=0) as writer, contextlib.suppress(OSError):
        while True:
            writer.write(b"x" * 4096)
    return file


def fill_last_page(log: pathlib.Path) -> None:
    """What is left of the log's last page is room, too, for a line that is short enough."""
    with log.open("ab", buffering=0) as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        left = -log.stat().st_size % 4096
        writer.write(b"-" * (left - 1) + b"\n" if left else b"")


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a disk")


@needs_root
def test_a_full_disk_denies_until_there_is_room_and_loses_nothing(make, disk: pathlib.Path):
    site = make(to=f"file {disk}/audit.log")
    site.log = disk / "audit.log"
    token = site.issue()
    client, caller = site.client(token), site.caller()
    tokens = site.tokens("mcp:read", caller)
    filling = fill(disk)
    fill_last_page(site.log)
    statuses = []
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and (not statuses or statuses[-1] != 503):
        statuses.append(client.call_tool(f"get_{len(statuses)}").status)
    answer = client.call_tool("get_never")
    assert statuses[-1] == 503 and answer.status == 503, statuses
    assert answer.json["error"]["code"] == 1503 and answer.values("Retry-After")
    received = len(site.recorder.received) if hasattr(site.recorder, "received") else None
    # Nothing is issued or changed either, and nobody is told that all is well.
    refused = caller.refresh(tokens["refresh_token"])
    assert refused.status == 503 and refused.json["error"] == "temporarily_unavailable" and refused.headers["Retry-After"]
    assert site.caller().register().status == 503
    assert site.gateway.health("/readyz").status == 503 and b"audit" in site.gateway.health("/readyz").body
    metrics = site.gateway.health("/metrics").body.decode()
    assert "\ngatehouse_audit_failing 1\n" in metrics
    # What takes access away is done: its line waits.
    assert caller.revoke(tokens["refresh_token"]).status == 200
    # A command refuses before it acts.
    grant = json.loads(site.run("grant", "list", "--json").stdout.splitlines()[0])["id"]
    done = site.run("grant", "revoke", grant)
    assert done.returncode == 1 and "audit log" in done.stderr
    assert "ended_at" not in site.run("grant", "list", "--json").stdout.splitlines()[0]
    if received is not None:
        assert len(site.recorder.received) == received
    filling.unlink()
    eventually(lambda: client.call_tool("get_again").status == 200, 20)
    assert site.gateway.health("/readyz").status == 200
    site.await_event("decision", target="get_again")
    eventually(lambda: site.events("gap"), 10)
    gaps = site.events("gap")
    assert sum(gap["refused"] for gap in gaps) >= 4 and sum(gap["lost"] for gap in gaps) == 0
    targets = [line.get("target") for line in site.events("decision")]
    assert all(f"get_{n}" in targets for n, status in enumerate(statuses) if status == 200)
    assert "get_never" not in targets
    assert site.events("revocation", method="client")
    site.verifies()
    assert site.gateway.stop() == 0
    assert "not closed" not in site.verifies() and "cut short" not in site.verifies()


@needs_root
def test_a_full_disk_lets_requests_go_on_where_it_is_configured_so(make, disk: pathlib.Path):
    site = make(to=f"file {disk}/audit.log", on_failure="continue")
    site.log = disk / "audit.log"
    client = site.client(site.issue())
    filling = fill(disk)
    fill_last_page(site.log)
    for n in range(5):
        assert client.call_tool(f"get_{n}").status == 200
        time.sleep(0.3)
    assert "\ngatehouse_audit_failing 1\n" in site.gateway.health("/metrics").body.decode()
    assert site.gateway.health("/readyz").status == 200
    assert client.call_tool("get_5").status == 200
    # A command says that its lines are missing, and acts.
    done = site.run("key", "rotate")
    assert done.returncode == 0 and "missing from the audit log" in done.stderr
    filling.unlink()
    site.await_event("decision", target="get_5")
    assert {f"get_{n}" for n in range(6)} <= {line.get("target") for line in site.events("decision")}
    site.verifies()


def test_a_log_that_cannot_be_opened_stops_the_start(tmp_path: pathlib.Path):
    site = AuditedSite(tmp_path / "site")
    assert site.gateway.stop() == 0
    site.gateway.write(site.settings | {"audit": {"to": "file /no/such/folder/audit.log"}})
    done = command("serve", "--config", site.gateway.configuration)
    assert done.returncode == 1 and "audit" in done.stderr
    site.recorder.stop()
