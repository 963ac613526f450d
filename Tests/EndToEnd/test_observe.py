"""Observe mode: what the scopes would refuse goes through, is counted and listed; everything else is enforced all the same."""

from __future__ import annotations

import asyncio
import json
import threading
import time

import pytest

from conftest import SCOPES, Site
from support import wire
from support.gateway import command
from support.messages import LEGACY, MODERN, REVISIONS

NARROW = SCOPES | {"mcp:deploy": {"tools": [{"name": "deploy", "arguments": {"to": ["test"]}}]}}


def utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def observing(own_site, seconds: float = 3600, **more) -> Site:
    return own_site(tools={"mode": "observe", "observe_until": utc(seconds), "scopes": NARROW}, **more)


def report(site: Site, *options: str) -> list[dict]:
    said = command("observe", "report", "--json", *options, "--config", str(site.gateway.configuration))
    assert said.returncode == 0, said.stderr
    return [json.loads(line) for line in said.stdout.splitlines()]


def observed(site: Site, decision: str) -> int:
    text = site.gateway.health("/metrics").body.decode()
    line = next(x for x in text.splitlines() if x.startswith(f'gatehouse_observed_total{{server="tools",decision="{decision}"'))
    return int(line.split()[-1])


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_scopes_refuse_goes_through_and_is_listed(own_site, revision: str):
    site = observing(own_site)
    client = site.client("mcp:read mcp:deploy", revision)
    for name in ("get_one", "delete_all", "nothing", "deploy"):
        assert client.call_tool(name, {"to": "production"}).json["result"]["content"], name
    assert [r.message["params"]["name"] for r in site.recorder.requests] == ["get_one", "delete_all", "nothing", "deploy"]
    lines = report(site)
    assert {(r["decision"], r["method"], r["target"], r.get("needed_scope")) for r in lines} == {
        ("step_up", "tools/call", "delete_all", "mcp:admin"),
        ("unknown", "tools/call", "nothing", None),
        ("denied", "tools/call", "deploy", None),
    }
    assert all(r["server"] == "tools" and r["count"] == 1 and r["subject"] and r["client_id"] for r in lines)
    assert [observed(site, kind) for kind in ("step_up", "unknown", "denied")] == [1, 1, 1]
    assert site.gateway.wait_for_log("observed, not enforced", "tools")["level"] == "warning"


def test_lists_show_everything_while_they_are_observed(own_site):
    site = observing(own_site)

    async def lists(request, exchange):
        await exchange.result(request, {"tools": [{"name": "get_one"}, {"name": "delete_all"}, {"name": "other"}]})

    site.recorder.script = lists
    assert len(site.client().call("tools/list").json["result"]["tools"]) == 3


def test_everything_else_is_enforced(own_site):
    site = observing(own_site)
    denied = [
        (site.client(token="x"), "tools/call", {"name": "get_one"}, 401),
        (site.client(token=site.token(audience="https://other.example")), "tools/call", {"name": "get_one"}, 401),
        (site.client(), "x/unknown", {}, 200),
        (site.client(), "resources/read", {"uri": "note://public/../private"}, 200),
        (site.client(), "tasks/get", {"taskId": "somebodys"}, 200),
    ]
    for client, method, params, status in denied:
        answer = client.call(method, params)
        assert answer.status == status and "result" not in answer.json, (method, answer)
    client = site.client()
    assert client.call("ping", Mcp_Session_Id="guess").status == 404
    assert client.call("ping", Origin="https://evil.example").status == 403
    assert wire.exchange(site.port, client.raw(b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]')).status == 400
    assert wire.exchange(site.port, client.raw(b'{"jsonrpc":"2.0","id":1,"method":"ping","method":"ping"}')).status == 400
    assert site.recorder.bytes == b""
    assert report(site) == []


def test_it_ends_by_itself(own_site):
    site = observing(own_site, seconds=2)
    assert site.client().call_tool("delete_all").status == 200
    deadline = time.monotonic() + 10
    while (answer := site.client().call_tool("delete_all")).status == 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answer.status == 403 and "insufficient_scope" in answer.field("www-authenticate")


def test_the_report_survives_a_restart_and_adds_up(own_site):
    site = observing(own_site)
    site.client().call_tool("delete_all")
    assert site.gateway.stop() == 0
    assert [r["count"] for r in report(site)] == [1]
    site.gateway.start()
    site.client().call_tool("delete_all")
    assert [r["count"] for r in report(site)] == [2]
    said = command("observe", "report", "--config", str(site.gateway.configuration))
    assert "delete_all" in said.stdout and "mcp:admin" in said.stdout and "WOULD BE" in said.stdout
    said = command("observe", "report", "--server", "other", "--config", str(site.gateway.configuration))
    assert said.returncode == 1 and "no server other" in said.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"mode": "observe"}, "observe needs observe_until"),
        ({"mode": "observe", "observe_until": "2099-01-01"}, "at most 14 days ahead"),
        ({"mode": "observe", "observe_until": "soon"}, "must be a time in UTC"),
        ({"mode": "look"}, "must be enforce or observe"),
    ],
)
def test_a_mode_without_an_end_is_no_configuration(own_site, settings: dict, words: str):
    site = own_site()
    kept = json.loads(site.gateway.configuration.read_text())
    changed = json.loads(json.dumps(kept))
    changed["servers"]["tools"] |= settings
    file = site.gateway.home / "other.conf"
    file.write_text(json.dumps(changed, indent=2))
    said = command("check", "--config", str(file))
    assert said.returncode == 1 and words in said.stdout + said.stderr
    assert ":" in (said.stdout + said.stderr).split(words)[0], "the place in the file is named"


def change_scopes(site: Site, scopes: dict) -> None:
    settings = json.loads(site.gateway.configuration.read_text())
    settings["servers"]["tools"]["scopes"] = scopes
    before = len(site.gateway.log())
    site.gateway.configuration.write_text(json.dumps(settings, indent=2))
    site.gateway.reload()
    site.gateway.wait_for_log("the configuration was read again", after=before)


async def standing(request, exchange):
    message = request.message if request.body else {}
    await exchange.stream()
    if message.get("method") == "subscriptions/listen":
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": {"notifications": {}}})
    else:
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "hello"}})
    await exchange.gone()


def test_a_reload_that_changes_scopes_tells_whoever_listens(own_site):
    site = own_site()
    site.recorder.script = standing
    more_tools = json.loads(json.dumps(SCOPES))
    more_tools["mcp:read"]["tools"].append("search")
    more_prompts = json.loads(json.dumps(more_tools))
    more_prompts["mcp:read"]["prompts"].append("bye")
    wanted = {"notifications": {"promptsListChanged": True}}
    with wire.Connection(site.port) as old, wire.Connection(site.port) as new:
        events = old.events(site.client(revision=LEGACY).get(old))
        next(events)
        answer = new.send(site.client(revision=MODERN).bytes("subscriptions/listen", wanted, identifier="s-1")).read_head()
        listened = new.events(answer)
        assert "acknowledged" in next(listened)[2]
        change_scopes(site, more_tools)
        assert json.loads(next(events)[2])["method"] == "notifications/tools/list_changed"
        change_scopes(site, more_prompts)
        assert json.loads(next(events)[2])["method"] == "notifications/prompts/list_changed"
        # The subscription asked for prompts only, so the change of tools passed it by.
        told = json.loads(next(listened)[2])
        assert told["method"] == "notifications/prompts/list_changed"
        assert told["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] == "s-1"


def test_a_standing_stream_is_filtered_by_the_new_scopes(own_site):
    site = own_site()
    turn = threading.Semaphore(0)

    async def updates(request, exchange):
        await exchange.stream()
        for number in range(3):
            await exchange.event({"jsonrpc": "2.0", "method": "notifications/resources/updated", "params": {"uri": f"note://public/{number}"}})
            await asyncio.get_running_loop().run_in_executor(None, turn.acquire)
        await exchange.gone()

    site.recorder.script = updates
    closed = json.loads(json.dumps(SCOPES))
    closed["mcp:read"]["resources"] = ["note://other/*"]
    with wire.Connection(site.port) as connection:
        events = connection.events(site.client().get(connection))
        assert json.loads(next(events)[2])["params"]["uri"] == "note://public/0"
        change_scopes(site, closed)
        assert json.loads(next(events)[2])["method"] == "notifications/resources/list_changed"
        turn.release()      # the second update comes under the narrow scopes, and is not there
        time.sleep(1)
        change_scopes(site, SCOPES)
        assert json.loads(next(events)[2])["method"] == "notifications/resources/list_changed"
        turn.release()
        assert json.loads(next(events)[2])["params"]["uri"] == "note://public/2"
    turn.release()
