"""Real clients and a real server of the official SDK see through the gateway what they see without it."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import pytest

from conftest import PATH, protected_server
from support.keys import Issuer
from support.gateway import Gateway
from support.places import END_TO_END, python_with

REQUIREMENTS_1_27 = END_TO_END / "clients" / "requirements-1.27.txt"
OPENED = {"echo", "get_sum", "get_text", "list_slowly", "get_through_break", "create_announcement", "get_caller"}


def walk(url: str, client: str, mode: str, token: str | None = None) -> dict:
    """What a client sees, in a process of its own."""
    python = sys.executable if client == "mcp_2_3" else python_with("mcp-1.27", REQUIREMENTS_1_27)
    arguments = [python, END_TO_END / "clients" / f"{client}.py", url, mode] + ([token] if token else [])
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module", params=["", "--json", "--stateless"], ids=["SSE answers", "JSON answers", "stateless"])
def server(request: pytest.FixtureRequest):
    """A server of the SDK, answering by SSE or JSON, with and without sessions; gives its options and its port."""
    flags = request.param.split()
    process = subprocess.Popen(
        [sys.executable, END_TO_END / "support" / "sdk_server.py", *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    port = int(process.stdout.readline().split()[1])
    yield request.param, port
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def fronted(server, tmp_path_factory: pytest.TempPathFactory):
    """The gateway in front of it; gives the server's options, both URLs and a token."""
    flags, port = server
    home, issuer = tmp_path_factory.mktemp("sdk"), Issuer()
    (home / "jwks.json").write_text(json.dumps(issuer.jwks()))
    direct = f"http://127.0.0.1:{port}/mcp"
    gateway = Gateway(home, {"servers": {"tools": protected_server(direct, issuer)}}).start()
    url = gateway.public_url + PATH
    yield flags, direct, url, issuer.token(url, "mcp:read mcp:write"), gateway
    assert gateway.stop() == 0


def expected(direct: dict) -> dict:
    """What the token may see of what the server offers."""
    seen = copy.deepcopy(direct)
    seen["tools"] = [t for t in seen["tools"] if t["name"] in OPENED]
    seen["resources"] = [r for r in seen["resources"] if r["uri"].startswith("note://public/")]
    seen["prompts"] = [p for p in seen["prompts"] if p["name"] == "greet"]
    return seen


@pytest.mark.parametrize("client, mode", [("mcp_2_3", "2026-07-28"), ("mcp_2_3", "auto"), ("mcp_2_3", "legacy"), ("mcp_1_27", "legacy")])
def test_a_client_sees_the_same_with_and_without_the_gateway(fronted, client: str, mode: str):
    flags, direct_url, url, token, gateway = fronted
    if flags == "--stateless" and mode != "2026-07-28":
        pytest.skip("without sessions there is no stream to hear announcements on")
    direct = walk(direct_url, client, mode)
    through = walk(url, client, mode, token)
    unlisted, caller = through.pop("unlisted"), through.pop("caller")
    reference = expected(direct)
    del reference["unlisted"], reference["caller"]
    assert list(through) == list(reference)
    for what in reference:
        assert through[what] == reference[what], what
    assert unlisted["error"] == -32602
    assert caller["structuredContent"] | {"x-gatehouse-scope": ""} == {
        "x-gatehouse-subject": "user-1", "x-gatehouse-client": "client-1", "x-gatehouse-scope": "",
    }


def test_a_client_without_a_token_gets_nowhere(fronted):
    _, _, url, _, gateway = fronted
    before = len(gateway.log())
    with pytest.raises(AssertionError, match="MCPError"):
        walk(url, "mcp_2_3", "legacy")
    gateway.wait_for_log('"status": 401', after=before)
    assert not any(entry.get("upstream_status") for entry in gateway.log() if not entry.get("subject"))
