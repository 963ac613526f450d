"""Walks through the tasks of 2026-07-28 with the SDK client 2.3.0 and prints what it observed, as JSON.

    tasks_2_3.py URL [--token TOKEN] …          see parity_steps.py
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, Literal

import mcp_types as types
from mcp.client.client import Client
from mcp.client.extension import ClientExtension, ResultClaim
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, ConfigDict

from parity_steps import PATIENCE, Transcript, run

NAME = "io.modelcontextprotocol/tasks"


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


class Created(types.Result):
    result_type: Literal["task"] = "task"
    task_id: str


class Whole(BaseModel):
    """A result as it came."""

    model_config = ConfigDict(extra="allow")


class Named(types.RequestParams):
    task_id: str


class Updated(Named):
    input_responses: dict[str, Any]


class Get(types.Request[Named, Literal["tasks/get"]]):
    method: Literal["tasks/get"] = "tasks/get"
    params: Named
    name_param = "taskId"


class Cancel(types.Request[Named, Literal["tasks/cancel"]]):
    method: Literal["tasks/cancel"] = "tasks/cancel"
    params: Named
    name_param = "taskId"


class Update(types.Request[Updated, Literal["tasks/update"]]):
    method: Literal["tasks/update"] = "tasks/update"
    params: Updated
    name_param = "taskId"


class Tasks(ClientExtension):
    """Follows a task from its creation to its end."""

    identifier = NAME

    def __init__(self, http, url: str, seen: dict) -> None:
        self.http, self.url, self.seen = http, url, seen
        self.give_up = False
        self.acknowledged = asyncio.Event()

    def claims(self):
        return [ResultClaim(result_type="task", model=Created, resolve=self.follow)]

    async def follow(self, created: Created, context) -> types.CallToolResult:
        session, name = context.session, "given up" if self.give_up else "answered"
        task = Named(task_id=created.task_id)
        self.seen[f"{name}: created"] = plain(created)
        self.seen[f"{name}: asks"] = plain(await session.send_request(Get(params=task), Whole))
        heard = asyncio.create_task(self.listen(created.task_id))
        await asyncio.wait_for(self.acknowledged.wait(), PATIENCE)
        if self.give_up:
            self.seen[f"{name}: sent"] = plain(await session.send_request(Cancel(params=task), Whole))
        else:
            answers = {"name": {"action": "accept", "content": {"name": "Lee — ü"}}}
            update = Update(params=Updated(task_id=created.task_id, input_responses=answers))
            self.seen[f"{name}: sent"] = plain(await session.send_request(update, Whole))
        self.seen[f"{name}: heard"] = await asyncio.wait_for(heard, PATIENCE)
        self.acknowledged.clear()
        last = plain(await session.send_request(Get(params=task), Whole))
        self.seen[f"{name}: ended"] = last
        return types.CallToolResult.model_validate(last.get("result", {"content": []}), by_name=False)

    async def listen(self, task_id: str) -> list:
        """The messages of a stream that says what becomes of a task: the SDK's own `listen` has no room for its name."""
        params = {"notifications": {"taskIds": [task_id]}, "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {"extensions": {NAME: {}}},
        }}
        message = {"jsonrpc": "2.0", "id": "closed", "method": "subscriptions/listen", "params": params}
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "subscriptions/listen"}
        messages = []
        async with self.http.stream("POST", self.url, json=message, headers=headers) as answer:
            if answer.status_code != 200:
                return [answer.status_code, (await answer.aread()).decode()]
            async for line in answer.aiter_lines():
                if line.startswith("data:") and len(line) > 8:
                    messages.append(json.loads(line[5:]))
                    self.acknowledged.set()
        return messages


async def main(chosen) -> Transcript:
    transcript = Transcript()
    seen = transcript.steps
    http = create_mcp_http_client(headers={"Authorization": f"Bearer {chosen.token}"} if chosen.token else None)
    http.event_hooks["response"].append(transcript.exchanged)
    async with http:
        tasks = Tasks(http, chosen.url, seen)
        transport = streamable_http_client(chosen.url, http_client=http)
        async with Client(transport, mode="auto", extensions=[tasks], cache=None) as client:
            seen["server"] = plain(client.session.discover_result)
            seen["tools"] = plain(await client.list_tools())
            seen["at once"] = plain(await client.call_tool("get_at_once", {}))
            seen["call"] = plain(await client.call_tool("get_answer", {}))
            tasks.give_up = True
            seen["call that was given up"] = plain(await client.call_tool("get_answer", {}))
            for request in (Get, Cancel):
                try:
                    await client.session.send_request(request(params=Named(task_id="nowhere")), Whole)
                except MCPError as error:
                    seen[f"unknown {request.__name__}"] = error.code
    return transcript


if __name__ == "__main__":
    run(main)
