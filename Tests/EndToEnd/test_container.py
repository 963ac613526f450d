"""The images, built by their Containerfiles and run as compose.yaml says: read-only, without privileges, without a shell."""

from __future__ import annotations

import concurrent.futures
import json
import os
import pathlib
import secrets
import shutil
import signal
import tempfile
import time

import pytest

from support import container, wire
from support.container import Container, Network
from support.messages import MODERN, Client

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(os.geteuid() != 0, reason="building and running images without an engine needs root"),
]

MEGABYTE = 1_000_000
URL = "http://127.0.0.1:8080/tickets/mcp"
PORT, PATH = 8080, "/tickets/mcp"
STATE = "/var/lib/gatehouse"
NOBODY_SPECIAL = "65532"


@pytest.fixture(scope="module")
def images():
    """The file trees, in /tmp, since a build needs a file system that takes devices; or those that GATEHOUSE_IMAGES names."""
    if made := os.environ.get("GATEHOUSE_IMAGES"):
        yield pathlib.Path(made)
        return
    home = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-images.", dir="/tmp"))
    home.chmod(0o755)
    try:
        container.build(home)
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def composed() -> dict:
    return container.compose()


class Site:
    """Both services of compose.yaml on one network; the state is a volume that outlives the gateway."""

    def __init__(self, images: pathlib.Path, composed: dict, scratch: pathlib.Path) -> None:
        self.network = Network()
        self.state = scratch / "state"
        # An engine fills a new volume with what the image has there, owner included.
        shutil.copytree(images / "gateway" / STATE.lstrip("/"), self.state)
        owner = os.stat(images / "gateway" / STATE.lstrip("/"))
        os.chown(self.state, owner.st_uid, owner.st_gid)
        services = composed["services"]
        self.parts = {
            name: Container(images, name, service, self.network, volumes={"state": self.state}, hosts=list(services), scratch=scratch)
            for name, service in services.items()
        }
        self.gateway, self.desk = self.parts["gateway"], self.parts["desk"]

    def start(self) -> Site:
        self.desk.start()
        self.network.run(wait_for_port, 9000)
        self.gateway.start().wait_until_healthy()
        return self

    def token(self, scope: str = "tickets:write") -> str:
        done = self.gateway.execute("/usr/bin/gatehouse", "token", "issue", "--config", "/etc/gatehouse/gateway.conf", "--server", "tickets", "--subject", "lee", "--scope", scope)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def call(self, token: str, tool: str, **arguments) -> wire.Answer:
        return self.network.run(lambda: Client(PORT, PATH, token, MODERN).call_tool(tool, arguments))

    def add_user(self, name: str, password: str) -> None:
        done = self.gateway.execute("/usr/bin/gatehouse", "user", "add", name, "--password-stdin", "--config", "/etc/gatehouse/gateway.conf", input=password + "\n")
        assert done.returncode == 0, done.stderr

    def close(self) -> None:
        for part in self.parts.values():
            part.kill()
        self.network.close()


def wait_for_port(port: int, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return wire.Connection(port, timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, f"nobody listens on port {port}"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def shared_site(images: pathlib.Path, composed: dict, tmp_path_factory: pytest.TempPathFactory):
    made = Site(images, composed, tmp_path_factory.mktemp("site"))
    try:
        yield made.start()
    finally:
        made.close()
        assert not [p for p in (part.pid for part in made.parts.values()) if os.path.exists(f"/proc/{p}")], "containers outlive the test"


@pytest.fixture
def site(shared_site: Site):
    yield shared_site
    assert shared_site.gateway.outer.poll() is None, shared_site.gateway.text()


# --- what the files say ----------------------------------------------------------------------------------------------------------


def test_the_image_adds_less_than_40_megabytes_to_its_base(images: pathlib.Path):
    added = container.size(images / "gateway") - container.size(images / "base")
    assert 5 * MEGABYTE < added < 40 * MEGABYTE


def test_the_image_knows_the_authorities_where_openssl_looks_for_them(images: pathlib.Path):
    tree = images / "gateway"
    assert os.readlink(tree / "usr/lib/ssl/certs") == "/etc/ssl/certs"
    assert len(list((tree / "etc/ssl/certs").glob("*.0"))) > 100
    assert (tree / "etc/ssl/certs/ca-certificates.crt").read_text().count("BEGIN CERTIFICATE") > 100


def test_the_image_runs_the_program_and_no_shell(images: pathlib.Path):
    image = container.image(images, "gateway")
    assert image["Entrypoint"] == ["/usr/bin/gatehouse"]
    assert image["Cmd"] == ["serve", "--config", "/etc/gatehouse/gateway.conf"]
    assert image["Healthcheck"]["Test"][:3] == ["CMD", "/usr/bin/gatehouse", "health"]
    assert image["StopSignal"] == "SIGTERM"
    assert list(image["Volumes"]) == [STATE] and list(image["ExposedPorts"]) == ["8080/tcp"]


@pytest.mark.parametrize("name", ["gateway", "desk"])
def test_the_image_names_a_user_by_number_who_is_not_root(images: pathlib.Path, name: str):
    uid, gid = container.image(images, name)["User"].split(":")
    assert int(uid) > 0 and int(gid) > 0


def test_nothing_of_the_program_belongs_to_its_user(images: pathlib.Path):
    tree = images / "gateway"
    owned = [str(e.path) for e in container.entries(tree.resolve()) if e.stat(follow_symlinks=False).st_uid == int(NOBODY_SPECIAL)]
    assert owned == [str(tree.resolve()) + STATE]


def test_compose_grants_nothing_and_publishes_one_port_on_loopback(composed: dict):
    services = composed["services"]
    assert set(services) == {"gateway", "desk"}
    for service in services.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"] and "cap_add" not in service and "privileged" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert services["gateway"]["ports"] == ["127.0.0.1:8080:8080/tcp"] and "ports" not in services["desk"]


def test_compose_lets_nobody_reach_the_desk_but_the_gateway(composed: dict):
    assert list(composed["services"]["desk"]["networks"]) == ["desk"]
    assert composed["networks"]["desk"]["internal"] is True


def test_compose_waits_longer_than_the_gateway_drains(composed: dict):
    assert composed["services"]["gateway"]["stop_grace_period"] == "40s"    # timeouts.drain is 30s


def test_compose_and_image_check_health_alike(composed: dict, images: pathlib.Path):
    assert composed["services"]["gateway"]["healthcheck"]["test"] == container.image(images, "gateway")["Healthcheck"]["Test"]


# --- what runs -------------------------------------------------------------------------------------------------------------------


def test_the_process_is_not_root_and_has_no_privilege(site: Site):
    status = site.gateway.status()
    assert status["Uid"].split() == [NOBODY_SPECIAL] * 4 and status["Gid"].split() == [NOBODY_SPECIAL] * 4
    assert status["Groups"].strip() == ""
    assert {status[name] for name in ("CapPrm", "CapEff", "CapInh", "CapAmb")} == {"0" * 16}
    assert status["NoNewPrivs"] == "1"


def test_the_file_system_cannot_be_written(site: Site):
    for user in (site.gateway.user, "0:0"):
        for folder in ("/", "/etc/gatehouse", "/usr/bin"):
            done = site.gateway.execute("/usr/bin/touch", f"{folder}/new", user=user)
            assert done.returncode != 0 and ("Read-only" in done.stderr or "denied" in done.stderr), (user, folder, done)
    assert "Read-only" in site.gateway.execute("/usr/bin/touch", "/new", user="0:0").stderr
    assert site.gateway.execute("/usr/bin/touch", "/tmp/new").returncode == 0


def test_the_configuration_cannot_be_written(site: Site):
    done = site.gateway.execute("/usr/bin/touch", "/etc/gatehouse/gateway.conf", user="0:0")
    assert "Read-only" in done.stderr


def test_there_is_no_shell(site: Site):
    assert site.gateway.execute("/bin/sh", "-c", "true").returncode != 0


def test_the_state_lies_in_its_folder_and_nothing_else_is_open_for_writing(site: Site):
    site.call(site.token(), "list_tickets")
    assert (site.state / "gatehouse.db").exists()
    assert not [p for p in site.state.iterdir() if p.stat().st_uid != int(NOBODY_SPECIAL)]
    opened = []
    for descriptor in pathlib.Path(f"/proc/{site.gateway.pid}/fd").iterdir():
        flags = int(pathlib.Path(f"/proc/{site.gateway.pid}/fdinfo/{descriptor.name}").read_text().split("flags:\t")[1].split()[0], 8)
        place = os.readlink(descriptor)
        if flags & os.O_ACCMODE and place.startswith("/") and int(descriptor.name) > 2:
            opened.append(place)
    assert [p for p in opened if not p.startswith((f"{site.state}/", f"{site.gateway.tree}{STATE}/", f"{STATE}/"))] == []


def test_the_log_goes_to_the_standard_output(site: Site):
    before = site.gateway.output.read_text().count("\n")
    site.call(site.token(), "list_tickets")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        entries = [json.loads(line) for line in site.gateway.output.read_text().splitlines()[before:]]
        if any(PATH in json.dumps(entry) for entry in entries):
            return
        time.sleep(0.05)
    raise AssertionError(site.gateway.text())


def test_a_call_passes_from_container_to_container(site: Site):
    answer = site.call(site.token(), "create_ticket", title="From a container")
    ticket = answer.json["result"]["structuredContent"]
    assert ticket["title"] == "From a container" and ticket["opened_by"] != "somebody"


def test_a_call_without_a_token_is_challenged(site: Site):
    answer = site.call("x", "list_tickets")
    assert answer.status == 401 and "resource_metadata=" in answer.field("www-authenticate")


def test_a_person_signs_in_agrees_and_the_client_calls(site: Site):
    from support.flow import authorize_and_call

    password = secrets.token_urlsafe(16)
    site.add_user("lee", password)
    result = site.network.run(authorize_and_call, URL, "lee", password)
    assert "Printer" in json.dumps(result)


def test_the_health_check_says_no_when_nobody_serves(site: Site):
    os.kill(site.gateway.pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        assert not site.gateway.healthy()
        assert time.monotonic() - begun < 5     # the engine's own limit, after which it kills the check
    finally:
        os.kill(site.gateway.pid, signal.SIGCONT)
    site.gateway.wait_until_healthy()


def test_sigterm_drains_and_what_was_kept_is_there_afterwards(site: Site):
    token = site.token()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        report = pool.submit(site.call, token, "long_report", seconds=3)
        time.sleep(1)
        assert not report.done()
        begun = time.monotonic()
        assert site.gateway.stop() == 0
        assert time.monotonic() - begun > 1, "it did not wait for the call"
        assert report.result().status == 200 and b"in 10 pages" in report.result().body
    site.gateway.start().wait_until_healthy()
    assert b"Printer" in site.call(token, "list_tickets").body
