"""The commands beside `serve`: check, token issue, version, and the exit statuses."""

from __future__ import annotations

import json
import pathlib
import time

import pytest

from support import wire
from support.gateway import Gateway, command
from support.messages import Client
from support.recorder import Recorder

GOOD = """\
public_url: http://127.0.0.1:8080
listen: [{ address: 127.0.0.1:8080 }]
sign_in: { local: { kind: users, file: users } }
servers:
  demo: { path: /demo/mcp, upstream: http://127.0.0.1:9000/mcp }
"""

WRONG = {
    "an unknown key": (GOOD + "lisen: []\n", 6, 1, "listen"),
    "a wrong type": (GOOD.replace("/demo/mcp", "[1]"), 5, 17, "path"),
    "a duplicate key": (GOOD + "public_url: http://127.0.0.1:1\n", 6, 1, "public_url"),
    "broken YAML": (GOOD + "a: [\n", 7, 1, ""),
    "a reserved path": (GOOD.replace("/demo/mcp", "/token"), 5, 17, "/token"),
    "a public_url with a path": (GOOD.replace("8080\nlisten", "8080/x\nlisten"), 1, 13, "public_url"),
    "an unknown key in a server": (GOOD.replace("upstream", "upstreem"), 5, 28, "upstream"),
    "a missing environment variable": (GOOD.replace("http://127.0.0.1:9000/mcp", '"http://127.0.0.1:${NO_SUCH_VARIABLE}/mcp"'), 5, 38, "NO_SUCH_VARIABLE"),
}


@pytest.fixture
def file(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "users").touch()
    path = tmp_path / "gateway.conf"
    path.write_text(GOOD)
    return path


def test_check_says_what_will_be_served(file: pathlib.Path):
    done = command("check", "--config", file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "demo" in done.stdout and "/demo/mcp" in done.stdout


@pytest.mark.parametrize("kind", WRONG)
def test_check_names_file_line_and_column(file: pathlib.Path, kind: str):
    text, line, column, word = WRONG[kind]
    file.write_text(text)
    done = command("check", "--config", file)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert f"{file.name}:{line}:{column}" in said or f"line {line}, column {column}" in said, said
    assert word in said


def test_check_reports_all_errors_of_a_file_at_once(file: pathlib.Path):
    file.write_text(GOOD.replace("upstream", "upstreem") + "lisen: []\nworkrs: 1\n")
    said = (done := command("check", "--config", file)).stdout + done.stderr
    assert all(f":{line}:" in said for line in (5, 6, 7)), said


def test_serve_refuses_what_check_refuses(file: pathlib.Path):
    file.write_text(GOOD + "lisen: []\n")
    done = command("serve", "--config", file)
    assert done.returncode == 1 and "6:1" in done.stdout + done.stderr


def test_the_example_configuration_is_right():
    from support.places import ROOT

    example = ROOT / "gateway.conf.example"
    said = command("check", "--config", example)
    text = said.stdout + said.stderr
    # Files that it names need not exist here; every other complaint is one too many.
    assert "unknown key" not in text.lower(), text


@pytest.mark.parametrize("arguments", [["nonsense"], ["check", "--nonsense"], ["token"], ["token", "issue"]])
def test_wrong_usage_ends_with_2(arguments: list[str]):
    done = command(*arguments)
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)


def test_a_missing_file_ends_with_1(tmp_path: pathlib.Path):
    for name in ("check", "serve"):
        done = command(name, "--config", tmp_path / "none.conf")
        assert done.returncode == 1 and "none.conf" in done.stdout + done.stderr


def test_version_says_one_line():
    done = command("version")
    assert done.returncode == 0 and done.stdout.strip() and len(done.stdout.splitlines()) == 1


@pytest.fixture
def issuing(tmp_path: pathlib.Path):
    """A gateway that issues tokens itself, for two servers, and its recorder."""
    recorder = Recorder()
    (tmp_path / "users").touch()
    scopes = {"demo:read": {"description": "Read", "tools": ["get_*"]}, "demo:write": {"description": "Write", "includes": ["demo:read"], "tools": ["create_*"]}}
    gateway = Gateway(tmp_path, {
        "sign_in": {"local": {"kind": "users", "file": "users"}},
        "servers": {"demo": {"path": "/demo/mcp", "upstream": recorder.url, "scopes": scopes}, "plain": {"path": "/plain/mcp", "upstream": recorder.url}},
    }).start()
    yield gateway, recorder
    assert gateway.stop() == 0
    recorder.stop()


def issue(gateway: Gateway, *arguments: str) -> str:
    done = command("token", "issue", "--config", gateway.configuration, "--subject", "lee", *arguments)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    return done.stdout.strip()


def claims(token: str) -> dict:
    import base64

    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_an_issued_token_opens_its_server_and_no_other(issuing):
    gateway, recorder = issuing
    token = issue(gateway, "--server", "demo")
    assert Client(gateway.port, "/demo/mcp", token).call_tool("create_one").status == 200
    recorder.clear()
    assert Client(gateway.port, "/plain/mcp", token).call_tool("create_one").status == 401
    assert recorder.bytes == b""


def test_an_issued_token_carries_what_was_asked_for(issuing):
    gateway, recorder = issuing
    token = issue(gateway, "--server", "demo", "--scope", "demo:read", "--lifetime", "10m")
    found = claims(token)
    assert found["iss"] == gateway.public_url and found["aud"] == gateway.public_url + "/demo/mcp"
    assert found["scope"] == "demo:read" and found["exp"] - found["iat"] == 600
    assert found["client_id"] == "gatehouse-cli"
    client = Client(gateway.port, "/demo/mcp", token)
    assert client.call_tool("get_one").status == 200
    assert client.call_tool("create_one").status == 403


def test_the_signing_keys_are_public_and_outlive_a_restart(issuing):
    gateway, _ = issuing
    token = issue(gateway, "--server", "plain")
    ask = lambda: wire.exchange(gateway.port, wire.request("GET", "/jwks", gateway.port))
    keys = ask().json["keys"]
    assert keys and all("d" not in key and key["kid"] for key in keys)
    assert gateway.stop() == 0
    gateway.start()
    assert ask().json["keys"] == keys
    assert Client(gateway.port, "/plain/mcp", token).call_tool("anything").status == 200


@pytest.mark.parametrize("arguments", [
    ["--server", "nothing"], ["--server", "demo", "--scope", "demo:none"], ["--server", "demo", "--lifetime", "soon"], ["--server", "demo", "--lifetime", "1000h"],
])
def test_a_token_that_cannot_be_issued_is_refused_with_a_reason(issuing, arguments: list[str]):
    gateway, _ = issuing
    done = command("token", "issue", "--config", gateway.configuration, "--subject", "lee", *arguments)
    assert done.returncode in (1, 2) and done.stderr.strip() and not done.stdout.strip()


def test_the_issuers_metadata_is_where_clients_look(issuing):
    gateway, _ = issuing
    document = wire.exchange(gateway.port, wire.request("GET", "/.well-known/oauth-protected-resource/demo/mcp", gateway.port)).json
    assert document["authorization_servers"] == [gateway.public_url]


def test_the_state_is_readable_by_its_owner_only(issuing):
    gateway, _ = issuing
    modes = {p.name: p.stat().st_mode & 0o077 for p in gateway.home.glob("gatehouse.db*")}
    assert modes and not any(modes.values()), modes


def test_the_gateway_is_ready_within_a_moment_and_says_where(issuing):
    gateway, _ = issuing
    text = gateway.text()
    for word in (f"127.0.0.1:{gateway.port}", f"{gateway.public_url}/demo/mcp", f"{gateway.public_url}/plain/mcp"):
        assert word in text.replace("\\/", "/")


def test_flooding_the_key_maker_leaves_calls_alone(issuing):
    """Blocking work runs apart: while tokens are issued as fast as possible, calls answer as before."""
    import threading

    gateway, _ = issuing
    token, end = issue(gateway, "--server", "plain"), threading.Event()

    def flood() -> None:
        while not end.is_set():
            command("token", "issue", "--config", gateway.configuration, "--subject", "lee", "--server", "demo")

    thread = threading.Thread(target=flood)
    thread.start()
    times = []
    for _ in range(200):
        begun = time.monotonic()
        assert Client(gateway.port, "/plain/mcp", token).call_tool("anything").status == 200
        times.append(time.monotonic() - begun)
    end.set()
    thread.join()
    assert sorted(times)[len(times) // 2] < 0.1
