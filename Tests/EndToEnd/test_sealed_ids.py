"""Ids of events and tasks leave sealed and come back opened: for whom they were made, also after a restart, and for nobody else."""

from __future__ import annotations

import json

import pytest

from conftest import PATH, Site
from support import wire
from support.messages import MODERN, Client, fields, message
from support.recorder import Exchange, Received, echo

TASKS = {"io.modelcontextprotocol/clientCapabilities": {"extensions": {"io.modelcontextprotocol/tasks": {}}}}


async def without_session(request: Received, exchange: Exchange) -> None:
    """An upstream without sessions that numbers the events of its GET stream."""
    if request.method != "GET":
        return await echo(request, exchange)
    await exchange.stream()
    first = int((request.values("last-event-id") or ["event 0"])[0].removeprefix("event ")) + 1
    for number in (first, first + 1):
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": number}}, f"event {number}")
    await exchange.end()


def read_stream(site: Site, client: Client, **more: str) -> tuple[int, list[tuple[str, int]]]:
    with wire.Connection(site.port) as connection:
        answer = client.get(connection, **more)
        if answer.status != 200:
            return answer.status, []
        return 200, [(identifier, json.loads(data)["params"]["data"]) for identifier, _, data in connection.events(answer)]


def test_a_stream_without_session_is_taken_up_by_its_owner_alone(own_site):
    site = own_site()
    site.recorder.script = without_session
    status, events = read_stream(site, site.client())
    assert status == 200 and [n for _, n in events] == [1, 2]
    last = events[-1][0]
    assert "event" not in last
    assert read_stream(site, site.client(), Last_Event_ID=last)[1][0][1] == 3
    site.recorder.clear()
    for other in ({"sub": "somebody-else"}, {"client_id": "another-client"}):
        stranger = site.client(token=site.token("mcp:admin", **other))
        assert read_stream(site, stranger, Last_Event_ID=last)[0] == 404
    for made_up in ("event 1", "1", last + "A", last[:-1]):
        assert read_stream(site, site.client(), Last_Event_ID=made_up)[0] == 404
    assert site.recorder.bytes == b""
    assert site.gateway.stop() == 0
    site.gateway.start()
    assert read_stream(site, site.client(), Last_Event_ID=last)[1][0][1] == 3


class TaskServer:
    """An upstream with tasks in both shapes; it believes every id that it is told."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str | None, list[str]]] = []
        self.made = 0

    async def __call__(self, request: Received, exchange: Exchange) -> None:
        asked = request.message
        method, params = asked["method"], asked.get("params", {})
        if method == "tools/call":
            self.made += 1
            task = {"taskId": f"job-{self.made}", "status": "working"}
            modern = "io.modelcontextprotocol/protocolVersion" in params.get("_meta", {})
            await exchange.result(request, {"resultType": "task", **task} if modern else {"task": task})
        elif method == "tasks/list":
            await exchange.result(request, {"tasks": [{"taskId": f"job-{n}"} for n in range(1, self.made + 1)]})
        else:
            self.seen.append((method, params.get("taskId"), request.values("mcp-name")))
            related = {"io.modelcontextprotocol/related-task": {"taskId": params.get("taskId")}}
            await exchange.result(request, {"taskId": params.get("taskId"), "status": "completed", "_meta": related})


def make_task(client: Client, tool: str = "get_one") -> str:
    if client.revision == MODERN:
        result = client.call("tools/call", {"name": tool, "_meta": TASKS}).json["result"]
        return result["taskId"]
    return client.call("tools/call", {"name": tool, "task": {"ttl": 1000}}).json["result"]["task"]["taskId"]


def ask(client: Client, method: str, task: str) -> wire.Answer:
    more = {"Mcp_Name": task} if client.revision == MODERN else {}
    return client.call(method, {"taskId": task}, **more)


@pytest.mark.parametrize("revision", ["2025-11-25", MODERN])
def test_a_task_is_its_owners(own_site, revision: str):
    site = own_site()
    server = site.recorder.script = TaskServer()
    owner = site.client(revision=revision)
    task = make_task(owner)
    assert "job" not in task
    answer = ask(owner, "tasks/get", task).json["result"]
    assert answer["taskId"] == task
    assert answer["_meta"]["io.modelcontextprotocol/related-task"]["taskId"] == task
    assert server.seen == [("tasks/get", "job-1", ["job-1"] if revision == MODERN else [])]
    server.seen.clear()
    strangers = [
        site.client(token=site.token("mcp:admin", sub="somebody-else"), revision=revision),
        site.client(token=site.token("mcp:admin", client_id="another-client"), revision=revision),
    ]
    for client in strangers:
        assert ask(client, "tasks/cancel", task).json["error"]["code"] == -32602
    for made_up in ("job-1", task + "A", task[:-1], ""):
        assert ask(owner, "tasks/get", made_up).json["error"]["code"] == -32602
    assert server.seen == []
    assert site.gateway.stop() == 0
    site.gateway.start()
    assert ask(owner, "tasks/get", task).json["result"]["taskId"] == task, "understood after a restart"


def test_whoever_may_not_call_the_tool_may_not_have_its_task(own_site):
    site = own_site()
    server = site.recorder.script = TaskServer()
    task = make_task(site.client("mcp:write"), "create_one")
    answer = ask(site.client("mcp:read"), "tasks/result", task)
    assert answer.status == 403 and "mcp:write" in answer.field("www-authenticate")
    assert server.seen == []


def test_a_list_of_tasks_names_ones_own(own_site):
    site = own_site()
    site.recorder.script = TaskServer()
    lee, eve = site.client(), site.client(token=site.token("mcp:admin", sub="eve"))
    mine, theirs = [make_task(lee), make_task(lee)], [make_task(eve)]
    assert [t["taskId"] for t in lee.call("tasks/list").json["result"]["tasks"]] == mine
    assert [t["taskId"] for t in eve.call("tasks/list").json["result"]["tasks"]] == theirs


def test_a_large_answer_of_a_client_that_takes_tasks_goes_on_as_it_came(own_site):
    site = own_site()
    text = "x" * 300_000

    async def large(request: Received, exchange: Exchange) -> None:
        await exchange.result(request, {"content": [{"type": "text", "text": text}]})

    site.recorder.script = large
    client = site.client(revision=MODERN)
    body = message("tools/call", {"name": "get_one", "_meta": TASKS}, revision=MODERN)
    pairs = fields(client.token, MODERN, body)
    answer = wire.exchange(site.port, wire.request("POST", PATH, site.port, pairs, json.dumps(body).encode()))
    assert answer.json["result"]["content"][0]["text"] == text
