"""What the tests share: the foreign issuer, a recording upstream, and a gateway in front of it."""

from __future__ import annotations

import dataclasses
import json
import pathlib

import pytest

from support.gateway import Gateway
from support.issuing import IssuingSite
from support.keys import Issuer
from support.messages import LEGACY, Client
from support.recorder import Recorder, echo
from support.several import several

SCOPES = {
    "mcp:read": {
        "description": "Read",
        "tools": ["get_*", "list_*", "echo"],
        "resources": ["note://public/*"],
        "prompts": ["greet"],
    },
    "mcp:write": {"description": "Change", "includes": ["mcp:read"], "tools": ["create_*"]},
    "mcp:admin": {"description": "Destroy", "includes": ["mcp:write"], "tools": ["delete_*"], "initial": False},
}
PATH = "/tools/mcp"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="run the tests that take minutes, too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--full"):
        skip = pytest.mark.skip(reason="takes minutes: --full")
        for item in items:
            if "full" in item.keywords:
                item.add_marker(skip)


@dataclasses.dataclass
class Site:
    """A gateway with one server at /tools/mcp, whose tokens come from a foreign issuer, and the recorder behind it."""

    gateway: Gateway
    recorder: Recorder
    issuer: Issuer

    @property
    def port(self) -> int:
        return self.gateway.port

    @property
    def resource(self) -> str:
        return self.gateway.public_url + PATH

    def token(self, scope: str | None = "mcp:read", **changes) -> str:
        return self.issuer.token(changes.pop("audience", self.resource), scope, **changes)

    def client(self, scope: str | None = "mcp:read", revision: str = LEGACY, token: str | None = None) -> Client:
        return Client(self.port, PATH, token or self.token(scope), revision)

    def works(self) -> None:
        """The next request is served, whatever happened before it."""
        assert self.client().call_tool("get_one").json["result"]["content"]


def protected_server(upstream: str, issuer: Issuer, path: str = PATH, **more) -> dict:
    """The settings of one server whose tokens come from `issuer`."""
    return {
        "path": path,
        "upstream": upstream,
        "authorization_server": {"issuer": issuer.issuer, "jwks_file": "jwks.json"},
        "scopes": SCOPES,
    } | more


def make_site(home: pathlib.Path, servers: dict | None = None, **settings) -> Site:
    issuer, recorder = Issuer(), Recorder()
    home.mkdir(parents=True, exist_ok=True)
    (home / "jwks.json").write_text(json.dumps(issuer.jwks()))
    tools = protected_server(recorder.url, issuer) | settings.pop("tools", {})
    gateway = Gateway(home, {"servers": {"tools": tools} | (servers or {})} | settings)
    return Site(gateway.start(), recorder, issuer)


def end(site: Site) -> None:
    """Stops both; a gateway that died, or a script that failed, fails the test."""
    status = site.gateway.stop()
    site.recorder.stop()
    assert status == 0, f"exit status {status}: {site.gateway.text()[-3000:]}"
    assert not site.recorder.failures, site.recorder.failures


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory):
    site = make_site(tmp_path_factory.mktemp("site"))
    yield site
    end(site)


@pytest.fixture
def site(shared_site: Site):
    """The module's site with an empty record and the plain script."""
    shared_site.recorder.script = echo
    shared_site.recorder.clear()
    yield shared_site
    assert shared_site.gateway.process.poll() is None, shared_site.gateway.text()[-3000:]
    assert not shared_site.recorder.failures, shared_site.recorder.failures


@pytest.fixture
def own_site(tmp_path: pathlib.Path):
    """Makes sites for one test that needs settings or a lifetime of its own."""
    yield from several(lambda number, **settings: make_site(tmp_path / f"site{number}", **settings), end)


@pytest.fixture
def own_issuing(tmp_path: pathlib.Path):
    """The same with a gateway that is its own authorization server."""
    yield from several(lambda number, **settings: IssuingSite(tmp_path / f"site{number}", **settings))
