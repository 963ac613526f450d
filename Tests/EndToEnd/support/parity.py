"""Walks a real client of an SDK through a fresh server of an SDK: at once, or through the gateway."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
import subprocess
import sys
from collections.abc import Iterator

from .gateway import Gateway
from .keys import Issuer
from .places import END_TO_END, python_with

PATH = "/parity/mcp"
MINUTES = 180


def python_of(sdk: str) -> pathlib.Path:
    """The interpreter with this SDK: `2_3` is the one that the tests run in."""
    if sdk == "2_3":
        return pathlib.Path(sys.executable)
    return python_with("mcp-1.27", END_TO_END / "clients" / "requirements-1.27.txt")


@dataclasses.dataclass(frozen=True)
class Pair:
    """A client and a server: which scripts, in which mode, with which options of the server."""

    client: str
    mode: str
    server: str
    flags: tuple[str, ...] = ()
    script: str = "parity"

    def __str__(self) -> str:
        flags = " ".join(flag.removeprefix("--") for flag in self.flags)
        return f"{self.client} {self.mode} at {self.server} {flags}".strip().replace("_", ".")

    @property
    def modern(self) -> bool:
        """Whether they speak 2026-07-28 with each other."""
        return self.mode == "2026-07-28" or self.mode == "auto" and self.server == "2_3"

    @contextlib.contextmanager
    def serving(self) -> Iterator[str]:
        """A fresh server; gives its URL."""
        script = END_TO_END / "support" / f"{self.script}_server_{self.server}.py"
        process = subprocess.Popen([python_of(self.server), script, *self.flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().split()[1]}/mcp"
        finally:
            process.terminate()
            process.wait(15)

    def walking(self, url: str, *more: str) -> subprocess.Popen:
        """A client that has begun."""
        script = END_TO_END / "clients" / f"{self.script}_{self.client}.py"
        unanswered = ["--unanswered"] if self.server == "2_3" else []
        arguments = [python_of(self.client), script, url, "--mode", self.mode, *self.flags, *unanswered, *more]
        return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def transcript(client: subprocess.Popen) -> dict:
    """What a client observed, once it is done."""
    try:
        out, errors = client.communicate(timeout=MINUTES)
    except subprocess.TimeoutExpired:
        client.kill()
        raise AssertionError(f"the client hangs: {client.communicate()[1][-4000:]}") from None
    assert client.returncode == 0, errors[-6000:]
    return json.loads(out)


def walk_both(pair: Pair, home: pathlib.Path, scopes: dict, granted: str, *more: str) -> tuple[dict, dict]:
    """The transcripts of two walks at the same time: without the gateway, and through it with a token of the scopes `granted`."""
    issuer = Issuer()
    (home / "jwks.json").write_text(json.dumps(issuer.jwks()))
    with contextlib.ExitStack() as stack:
        alone = pair.walking(stack.enter_context(pair.serving()), *more)
        stack.callback(alone.kill)
        server = {
            "path": PATH,
            "upstream": stack.enter_context(pair.serving()),
            "authorization_server": {"issuer": issuer.issuer, "jwks_file": "jwks.json"},
            "scopes": scopes,
        }
        gateway = Gateway(home, {"servers": {"parity": server}}).start()
        stack.callback(gateway.kill)
        url = gateway.public_url + PATH
        through = pair.walking(url, *more, "--token", issuer.token(url, granted))
        stack.callback(through.kill)
        seen = transcript(alone), transcript(through)
        assert gateway.stop() == 0, gateway.text()[-3000:]
        return seen
