"""A gateway that issues its own tokens, with users, in front of a recording upstream or a real server."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import time

from .browser import Browser
from .flow import Answer, Caller
from .gateway import Gateway, command
from .places import END_TO_END
from .recorder import Recorder

PATH = "/tools/mcp"
SCOPES = {
    "mcp:read": {"description": "Read what is there", "tools": ["get_*", "list_*", "echo"], "resources": ["note://public/*"], "prompts": ["greet"]},
    "mcp:write": {"description": "Change things", "includes": ["mcp:read"], "tools": ["create_*"]},
    "mcp:admin": {"description": "Destroy things", "includes": ["mcp:write"], "tools": ["delete_*"], "initial": False},
}
USER, PASSWORD = "lee", "correct horse battery"


def add_user(configuration: pathlib.Path, name: str, password: str, *groups: str) -> None:
    arguments = ["user", "add", "--config", configuration, name, "--password-stdin", *(a for g in groups for a in ("--group", g))]
    done = command(*arguments, input=password + "\n")
    assert done.returncode == 0, done.stderr


class IssuingSite:
    """A gateway at its own address; `upstream` is a URL, or nothing for a recorder."""

    def __init__(self, home: pathlib.Path, upstream: str | None = None, servers: dict | None = None, port=None, **settings) -> None:
        self.recorder = None if upstream else Recorder()
        tools = {"path": PATH, "upstream": upstream or self.recorder.url, "scopes": SCOPES} | settings.pop("tools", {})
        self.settings = {"sign_in": {"local": {"kind": "users", "file": "users"}}, "servers": {"tools": tools} | (servers or {})} | settings
        self.gateway = Gateway(home, self.settings, port=port)
        add_user(self.gateway.configuration, USER, PASSWORD)
        self.gateway.start()

    @property
    def origin(self) -> str:
        return self.gateway.public_url

    @property
    def resource(self) -> str:
        return self.origin + PATH

    def caller(self, redirect_uri: str = "http://127.0.0.1:9/callback") -> Caller:
        return Caller(self.origin, redirect_uri)

    def tokens(self, scope: str | None = None, caller: Caller | None = None, browser: Browser | None = None, **walking) -> dict:
        answer = (caller or self.caller()).authorize(USER, PASSWORD, resource=self.resource, scope=scope, browser=browser, **walking)
        assert answer.status == 200, answer.body
        return answer.json

    def call(self, token: str, method: str = "ping", path: str = PATH) -> Answer:
        body = f'{{"jsonrpc":"2.0","id":1,"method":"{method}"}}'.encode()
        return self.caller().send("POST", path, body, **{
            "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": "application/json, text/event-stream"})

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        """A command of the gateway with this configuration."""
        words = [a for a in arguments]
        return command(*words, "--config", self.gateway.configuration, **options)

    def end(self) -> None:
        status = self.gateway.stop()
        if self.recorder:
            self.recorder.stop()
            assert not self.recorder.failures, self.recorder.failures
        assert status == 0, f"exit status {status}: {self.gateway.text()[-3000:]}"


class SDKServer:
    """A real server of the SDK in a process of its own."""

    def __init__(self, *flags: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, END_TO_END / "support" / "sdk_server.py", *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline().split()[1])}/mcp"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def eventually(check, seconds: float = 5) -> None:
    """Waits until `check` holds."""
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.02)
