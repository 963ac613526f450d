"""Starts the gateway as a process of its own, on ports that nobody else can take, and ends it by its process id."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

from . import wire
from .places import gateway_binary


class ReservedPort:
    """A port that stays ours: bound with SO_REUSEPORT, never listening, so that only the gateway (which sets it too) gets it."""

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.number: int = self.socket.getsockname()[1]


class Gateway:
    """One gateway. `settings` is the configuration without addresses; those are added here."""

    def __init__(self, home: pathlib.Path, settings: dict, *, name: str = "gateway", port: ReservedPort | None = None) -> None:
        self.home = home
        self.home.mkdir(parents=True, exist_ok=True)
        self.reserved = (port or ReservedPort(), ReservedPort())
        self.port, self.health_port = (r.number for r in self.reserved)
        self.configuration = home / f"{name}.conf"
        self.output = home / f"{name}.out"
        self.errors = home / f"{name}.err"
        self.process: subprocess.Popen | None = None
        self.write(settings)

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def write(self, settings: dict) -> None:
        """Writes the configuration. JSON is YAML, so no template is needed."""
        whole = {
            "public_url": self.public_url,
            "listen": [{"address": f"127.0.0.1:{self.port}"}],
            "health": {"address": f"127.0.0.1:{self.health_port}"},
            "state": "sqlite:gatehouse.db",
        } | settings
        self.configuration.write_text(json.dumps(whole, indent=2) + "\n")

    def start(self, seconds: float = 20) -> Gateway:
        with open(self.output, "ab") as out, open(self.errors, "ab") as err:
            self.process = subprocess.Popen(
                [gateway_binary(), "serve", "--config", self.configuration], stdout=out, stderr=err, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the gateway ended with {self.process.returncode}: {self.text()}")
            with contextlib.suppress(OSError, AssertionError, wire.Incomplete):
                if self.health("/readyz").status == 200:
                    return self
            time.sleep(0.01)
        raise AssertionError(f"not ready after {seconds} s: {self.text()}")

    def stop(self, seconds: float = 15) -> int:
        """Drains with SIGTERM; gives the exit status."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"still running {seconds} s after SIGTERM: {self.text()[-2000:]}") from None

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def reload(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGHUP)

    def health(self, path: str) -> wire.Answer:
        return wire.exchange(self.health_port, wire.request("GET", path, self.health_port), timeout=2)

    def text(self) -> str:
        return "".join(f.read_text(errors="replace") for f in (self.output, self.errors) if f.exists())

    def log(self) -> list[dict]:
        """The lines of both logs that are JSON objects."""
        entries = []
        for line in self.text().splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict):
                    entries.append(entry)
        return entries

    def wait_for_log(self, *words: str, after: int = 0, seconds: float = 5) -> dict:
        """The first log entry from index `after` that contains all words, whatever their field."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for entry in self.log()[after:]:
                text = json.dumps(entry, ensure_ascii=False).lower()
                if all(word.lower() in text for word in words):
                    return entry
            time.sleep(0.02)
        raise AssertionError(f"no log entry with {words} in: {self.text()[-3000:]}")

    def memory_kib(self, key: str = "Rss") -> int:
        """A figure of smaps_rollup, in KiB."""
        assert self.process
        for line in pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1])
        raise AssertionError(key)


def command(*arguments: str | os.PathLike, cwd: pathlib.Path | None = None, timeout: float = 30, **options) -> subprocess.CompletedProcess:
    """Runs the command to its end and gives what it said."""
    return subprocess.run([gateway_binary(), *arguments], cwd=cwd, timeout=timeout, capture_output=True, text=True, **options)
