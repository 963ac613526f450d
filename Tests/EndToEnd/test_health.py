"""The health listener answers its three questions and no other."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess

import pytest

from conftest import PATH, Site
from support import wire


def test_a_running_gateway_is_alive_and_ready(site: Site):
    for path in ("/livez", "/readyz"):
        answer = site.gateway.health(path)
        assert answer.status == 200 and answer.body


@pytest.mark.parametrize("path", ["/", "/metrics/", "/livez/x", PATH, "/.well-known/oauth-protected-resource", "/debug"])
def test_there_is_nothing_else(site: Site, path: str):
    assert site.gateway.health(path).status == 404


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_the_public_listener_does_not_answer_them(site: Site, path: str):
    assert wire.exchange(site.port, wire.request("GET", path, site.port)).status == 404


def metrics(site: Site) -> str:
    answer = site.gateway.health("/metrics")
    assert answer.status == 200 and answer.field("content-type").startswith("text/plain")
    return answer.body.decode()


def total(text: str) -> float:
    """The sum of every counter that counts requests."""
    found = re.findall(r"^(gatehouse_\w*requests\w*_total)(?:\{[^}]*\})? (\S+)$", text, re.M)
    assert found, text
    return sum(float(value) for _, value in found)


def test_the_metrics_count_requests(site: Site):
    before = total(metrics(site))
    for _ in range(10):
        site.works()
    assert total(metrics(site)) >= before + 10


def test_the_metrics_name_no_user_and_no_token(site: Site):
    token = site.token()
    site.client(token=token).call_tool("get_one")
    text = metrics(site)
    assert "user-1" not in text and token not in text


def test_every_metric_is_described_once(site: Site):
    site.works()
    text = metrics(site)
    described = re.findall(r"^# HELP (\S+) \S", text, re.M)
    typed = re.findall(r"^# TYPE (\S+) (?:counter|gauge|histogram|summary)$", text, re.M)
    assert sorted(described) == sorted(typed) and len(set(typed)) == len(typed)
    sampled = {re.sub(r"_(bucket|sum|count)$", "", n) if n not in typed else n for n in re.findall(r"^(gatehouse\w*)[{ ]", text, re.M)}
    assert sampled <= set(typed)


@pytest.mark.full
def test_promtool_finds_nothing_wrong_with_the_metrics(site: Site):
    assert shutil.which("promtool"), "install prometheus"
    site.works()
    done = subprocess.run(["promtool", "check", "metrics"], input=metrics(site), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_health_listener_survives_nonsense(site: Site):
    for data in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"A" * 100_000):
        with socket.create_connection(("127.0.0.1", site.gateway.health_port), 5) as s:
            try:
                s.sendall(data)
                s.recv(1000)
            except OSError:
                pass
    assert site.gateway.health("/livez").status == 200
