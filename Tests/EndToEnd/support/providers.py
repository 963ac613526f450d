"""Identity providers for the tests, each a process of its own, and the person who signs in there."""

from __future__ import annotations

import contextlib
import json
import pathlib
import socket
import subprocess
import threading

from joserfc import jws
from joserfc.jwk import RSAKey

from . import glewlwyd
from .browser import Browser, Page
from .places import END_TO_END, python_with

PROGRAM = END_TO_END / "support" / "django_provider.py"


class DjangoProvider:
    """django-oauth-toolkit in a process; later ones begin with the tables and the key that the first one made."""

    secret = "the secret of the gateway"
    _made: dict[str, bytes] = {}

    def __init__(self, home: pathlib.Path, redirect_uri: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home, self.redirect_uri, self.port = home, redirect_uri, 0
        self.python = python_with("provider", END_TO_END / "clients" / "requirements-provider.txt")
        self.process: subprocess.Popen | None = None
        for name, content in self._made.items():
            (home / name).write_bytes(content)
        self.start()
        self._made.update({name: (home / name).read_bytes() for name in ("provider.db", "key.pem") if name not in self._made})

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/o"

    def start(self) -> None:
        with open(self.home / "err", "ab") as errors:
            self.process = subprocess.Popen(
                [self.python, PROGRAM, self.home, self.redirect_uri, str(self.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, text=True)
        self.port = int(self._line("port ").split()[1])

    def _line(self, start: str) -> str:
        line = self.process.stdout.readline()
        assert line.startswith(start), (line, (self.home / "err").read_text()[-2000:])
        return line

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)
            self.process.stdin.close()
            self.process.stdout.close()

    def _change(self, *words: str) -> None:
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        self._line("done")

    def user(self, name: str, password: str, *groups: str) -> None:
        self._change("user", name, password, *groups)

    def regroup(self, name: str, *groups: str) -> None:
        self._change("user", name, "", *groups)

    def remove(self, name: str) -> None:
        self._change("remove", name)

    @property
    def keys_location(self) -> str:
        return self.issuer + "/.well-known/jwks.json"

    def sign(self, typ: str, claims: dict) -> str:
        """A statement by the provider's own key, of a kind that this release of it does not make by itself."""
        key = RSAKey.import_key((self.home / "key.pem").read_text())
        header = {"alg": "RS256", "typ": typ, "kid": key.thumbprint()}
        return jws.serialize_compact(header, json.dumps(claims).encode(), key, registry=jws.JWSRegistry(algorithms=["RS256"]))

    def sign_in(self, browser: Browser, url: str, name: str, password: str) -> str:
        """From the provider's authorization endpoint back to the gateway, by its own login page."""
        page = browser.open(url)
        if isinstance(page, Page):
            page = browser.submit(page, page.form("username", "password"), username=name, password=password)
        assert isinstance(page, str), (page.status, page.text)
        return page


class GlewlwydProvider(glewlwyd.Glewlwyd):
    secret = glewlwyd.CLIENT_SECRET


KINDS = {"django": DjangoProvider, "glewlwyd": GlewlwydProvider}


class Talker:
    """Whoever listens at a port instead of the provider, and says the same to everybody."""

    def __init__(self, port: int, words: bytes) -> None:
        self.words = words
        self.listener = socket.create_server(("127.0.0.1", port))
        self.thread = threading.Thread(target=self._talk)

    def __enter__(self) -> Talker:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # What waits in accept is woken by this and by nothing else.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()

    def _talk(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                connection.recv(1 << 16)
                connection.sendall(self.words)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(1 << 16):
                    pass


def destination(page: Page) -> str:
    """Where a page sends the browser on to by itself; the link on it says the same."""
    refresh = page.header("refresh") or ""
    assert refresh.startswith("0;url="), (page.status, page.text)
    return refresh.removeprefix("0;url=")
