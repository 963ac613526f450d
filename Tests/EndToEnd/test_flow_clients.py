"""Real clients that know nothing but a URL get to a tool result: discovery, registration, sign-in, consent, token."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from support.issuing import PASSWORD, USER, IssuingSite, SDKServer
from support.places import END_TO_END, python_with

CLIENTS = END_TO_END / "clients"
READ = ["echo", "get_caller", "get_sum", "get_text", "get_through_break", "list_slowly"]
WRITE = sorted([*READ, "create_announcement"])


@pytest.fixture(scope="module")
def server():
    server = SDKServer()
    yield server
    server.stop()


@pytest.fixture
def lasting(server: SDKServer, tmp_path):
    site = IssuingSite(tmp_path / "site", server.url)
    yield site
    site.end()


def run(python, script: str, *arguments: str) -> dict:
    done = subprocess.run([python, CLIENTS / script, *arguments], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def python_for(version: str):
    name = "fastmcp" if version == "fastmcp" else f"mcp-{version}"
    return sys.executable if version == "2.3" else python_with(name, CLIENTS / f"requirements-{version}.txt")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_sdk_2_3_goes_all_the_way(lasting: IssuingSite, mode: str):
    seen = run(sys.executable, "flow_2_3.py", lasting.resource, mode, USER, PASSWORD)
    assert seen["tools"] == WRITE and seen["echo"] == "hello"
    assert seen["scope"] == "mcp:read mcp:write"
    assert seen["stepped up"] == "deleted"
    assert set(seen["scope after"].split()) == {"mcp:read", "mcp:write", "mcp:admin"}
    assert seen["pages"] == 2


@pytest.mark.parametrize("version", ["1.27", "1.10"])
def test_the_sdk_1_goes_all_the_way(lasting: IssuingSite, version: str):
    seen = run(python_for(version), "flow_1.py", lasting.resource, USER, PASSWORD)
    assert seen["version"].startswith(version)
    assert seen["tools"] == WRITE and seen["echo"] == "hello"
    assert seen["scope"] == "mcp:read mcp:write"
    if version == "1.27":
        assert seen["stepped up"] == "deleted"
        assert set(seen["scope after"].split()) == {"mcp:read", "mcp:write", "mcp:admin"}


def test_fastmcp_goes_all_the_way(lasting: IssuingSite):
    seen = run(python_for("fastmcp"), "flow_fastmcp.py", lasting.resource, USER, PASSWORD)
    assert seen == {"tools": WRITE, "echo": "hello", "pages": 1}


@pytest.mark.parametrize("client", ["2.3 auto", "2.3 legacy", "1.27"])
def test_a_client_refreshes_its_token_without_a_page(server: SDKServer, tmp_path, client: str):
    # A token is taken for 30 s after its end, since clocks differ; the client goes by its own clock. (1.10.1 asks the person
    # again instead, whatever refresh token it has.)
    site = IssuingSite(tmp_path / "site", server.url, tokens={"access_lifetime": "2s"})
    version, *mode = client.split()
    script = ["flow_2_3.py", site.resource, *mode] if version == "2.3" else ["flow_1.py", site.resource]
    seen = run(python_for(version), *script, USER, PASSWORD, "2.5")
    assert seen["after expiry"] == "again" and seen["refreshed"]
    site.end()
