"""The first command of the README, as a newcomer runs it."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time

import pytest

from support.flow import authorize_and_call
from support.places import ROOT, gateway_binary


class Quickstart:
    """A run of the script, its output read until it says that all is ready."""

    def __init__(self, *arguments: str) -> None:
        command = [ROOT / "deploy" / "quickstart.sh", "--gateway", gateway_binary(), *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)
        self.text = ""
        for line in self.process.stdout:
            self.text += line
            if line.startswith("Stop"):
                return
        raise AssertionError(self.text)

    def word(self, name: str) -> str:
        return re.search(rf"^{name} +(\S+)", self.text, re.M)[1]

    def line(self, program: str) -> list[str]:
        """The line to paste that begins with the program, in words."""
        return shlex.split(re.search(rf"^{program} .*$", self.text, re.M)[0])

    @property
    def curl(self) -> str:
        return re.search(r"^curl .*?\}'$", self.text, re.M | re.S)[0]

    @property
    def children(self) -> list[int]:
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        return [int(pid) for pid in open(path).read().split()]

    def stop(self, how: int = signal.SIGTERM) -> None:
        children = self.children
        self.process.send_signal(how)
        self.process.wait(30)
        time.sleep(0.1)
        left = [pid for pid in children if os.path.exists(f"/proc/{pid}")]
        assert not left, "processes outlive the script"


@pytest.fixture(scope="module")
def quickstart():
    run = Quickstart()
    yield run
    if run.process.poll() is None:
        run.stop()


def test_the_printed_curl_line_works(quickstart: Quickstart):
    done = subprocess.run(["bash", "-c", quickstart.curl], capture_output=True, text=True, timeout=30)
    assert "Printer on the second floor" in done.stdout, done.stdout + done.stderr


def test_the_printed_curl_line_is_refused_without_its_token(quickstart: Quickstart):
    line = quickstart.curl.replace(quickstart.word("TOKEN"), "x").replace("curl -sS", "curl -sSi")
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30)
    assert "HTTP/1.1 401" in done.stdout and "Printer" not in done.stdout


def test_the_token_that_opens_less_hides_and_refuses_what_it_does_not_open(quickstart: Quickstart):
    command = re.search(r"^(/\S+ token issue .*)$", quickstart.text, re.M)[1]
    token = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=30, check=True).stdout.strip()
    line = quickstart.curl.replace(quickstart.word("TOKEN"), token).replace("curl -sS", "curl -sSi")
    reading = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30).stdout
    assert "Printer" in reading
    deleting = line.replace("list_tickets", "delete_ticket").replace('"arguments":{}', '"arguments":{"number":1}')
    refused = subprocess.run(["bash", "-c", deleting], capture_output=True, text=True, timeout=30).stdout
    assert "HTTP/1.1 403" in refused and "insufficient_scope" in refused and "tickets:admin" in refused


def test_a_client_that_knows_the_url_gets_to_call_when_the_printed_user_signs_in(quickstart: Quickstart):
    result = authorize_and_call(quickstart.word("URL"), quickstart.word("USER"), quickstart.word("PASSWORD"))
    assert "Printer" in json.dumps(result)


def test_the_lines_to_paste_name_the_url_once_the_shell_has_read_them(quickstart: Quickstart):
    url = quickstart.word("URL")
    assert quickstart.line("claude") == ["claude", "mcp", "add", "--transport", "http", "tickets", url]
    assert quickstart.line("npx") == ["npx", "@modelcontextprotocol/inspector", "--transport", "http", "--server-url", url]
    *code, server = quickstart.line("code")
    assert code == ["code", "--add-mcp"] and json.loads(server) == {"name": "tickets", "type": "http", "url": url}


def test_each_run_makes_another_password_and_shows_it_to_no_log(quickstart: Quickstart):
    other = Quickstart()
    try:
        password = other.word("PASSWORD")
        assert len(password) >= 16 and password != quickstart.word("PASSWORD")
        logs = re.search(r"^Logs +(\S+), (\S+)$", other.text, re.M).groups()
        state = os.path.dirname(logs[0])
        for name in os.listdir(state):
            path = os.path.join(state, name)
            if os.path.isfile(path):
                assert password.encode() not in open(path, "rb").read(), name
        assert os.stat(os.path.join(state, "users")).st_mode & 0o077 == 0
    finally:
        other.stop()


def test_a_client_of_the_sdk_works_the_desk(quickstart: Quickstart):
    code = """
import asyncio, sys
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

async def main(url, token):
    http = create_mcp_http_client(headers={"Authorization": f"Bearer {token}"})
    async with http, Client(streamable_http_client(url, http_client=http)) as client:
        assert len((await client.list_tools()).tools) == 8
        made = await client.call_tool("create_ticket", {"title": "Test"})
        number = made.structured_content["number"]
        assert made.structured_content["opened_by"] != "somebody"
        await client.call_tool("close_ticket", {"number": number})
        seen = []
        async def progress(*step): seen.append(step)
        await client.call_tool("long_report", {"seconds": 1}, progress_callback=progress)
        assert len(seen) == 10
        assert "Test" in (await client.read_resource(f"ticket://{number}")).contents[0].text
        assert (await client.get_prompt("answer_ticket", {"number": str(number)})).messages
        await client.call_tool("delete_ticket", {"number": number})

asyncio.run(main(*sys.argv[1:]))
"""
    done = subprocess.run([sys.executable, "-c", code, quickstart.word("URL"), quickstart.word("TOKEN")], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr[-3000:]


def test_two_runs_at_once_take_different_ports(quickstart: Quickstart):
    other = Quickstart()
    assert other.word("URL") != quickstart.word("URL")
    other.stop()
    assert "Printer" in subprocess.run(["bash", "-c", quickstart.curl], capture_output=True, text=True, timeout=30).stdout


def test_a_second_run_on_the_same_state_keeps_its_tokens(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    first = Quickstart("--state", str(tmp_path / "state"), "--port", port)
    line = first.curl
    first.stop()
    second = Quickstart("--state", str(tmp_path / "state"), "--port", port)
    assert "Printer" in subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30).stdout
    second.stop()


def test_ctrl_c_stops_both():
    run = Quickstart()
    run.stop(signal.SIGINT)
    assert run.process.returncode == 130


def test_a_gateway_that_cannot_start_is_reported(tmp_path):
    script = tmp_path / "broken"
    script.write_text("#!/bin/sh\necho 'line of its log'\nexit 1\n")
    script.chmod(0o755)
    done = subprocess.run([ROOT / "deploy" / "quickstart.sh", "--gateway", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "line of its log" in done.stderr and "did not start" in done.stderr
