"""A server of the SDK 2.3.0 with the extension io.modelcontextprotocol/tasks of 2026-07-28, written on the SDK's own extension interface.

    tasks_server_2_3.py [--json]      prints "port N" when it listens
"""

from __future__ import annotations

import asyncio
import sys
import uuid
from typing import Any

import mcp_types as types
from mcp.server.extension import Extension, MethodBinding
from mcp.server.mcpserver import MCPServer
from mcp.shared.exceptions import MCPError

from serving import listen_and_run

NAME = "io.modelcontextprotocol/tasks"
QUESTION = {"method": "elicitation/create", "params": {
    "mode": "form", "message": "Who?", "requestedSchema": {"type": "object", "properties": {"name": {"type": "string"}}},
}}


class Named(types.RequestParams):
    task_id: str


class Update(Named):
    input_responses: dict[str, Any]


class Tasks(Extension):
    """Makes a task of every call of `get_answer`, which asks once and then says what it was told."""

    identifier = NAME

    def __init__(self) -> None:
        self.tasks: dict[str, dict] = {}
        self.changed = asyncio.Condition()

    def methods(self):
        return [
            MethodBinding("tasks/get", Named, self.get), MethodBinding("tasks/update", Update, self.update),
            MethodBinding("tasks/cancel", Named, self.cancel),
        ]

    def state(self, task_id: str) -> dict:
        if task_id not in self.tasks:
            raise MCPError(-32602, f"Failed to retrieve task {task_id}: not found")
        times = {"createdAt": "2026-07-28T10:30:00Z", "lastUpdatedAt": "2026-07-28T10:30:00Z", "ttlMs": 60000, "pollIntervalMs": 50}
        return {"taskId": task_id} | times | self.tasks[task_id]

    async def change(self, task_id: str, state: dict) -> None:
        self.state(task_id)
        async with self.changed:
            self.tasks[task_id] = state
            self.changed.notify_all()

    async def get(self, context, params: Named) -> dict:
        return {"resultType": "complete"} | self.state(params.task_id)

    async def update(self, context, params: Update) -> dict:
        said = str(sorted(params.input_responses.items()))
        content = [{"type": "text", "text": said}]
        await self.change(params.task_id, {"status": "completed", "result": {"content": content, "isError": False}})
        return {"resultType": "complete"}

    async def cancel(self, context, params: Named) -> dict:
        await self.change(params.task_id, {"status": "cancelled", "statusMessage": "given up — ü"})
        return {"resultType": "complete"}

    async def intercept_tool_call(self, params, context, call_next):
        if params.name != "get_answer":
            return await call_next(context)
        task_id = str(uuid.uuid4())
        self.tasks[task_id] = {"status": "working", "statusMessage": "soon — ü"}
        created = {"resultType": "task"} | self.state(task_id)
        self.tasks[task_id] = {"status": "input_required", "inputRequests": {"name": QUESTION}}
        return created



class Notified(types.Notification):
    method: str
    params: dict[str, Any]


tasks = Tasks()
server = MCPServer("tasks", version="1.0.0", extensions=[tasks])


@server.tool(structured_output=False)
def get_answer() -> str:
    return "never said"


@server.tool(structured_output=False)
def get_at_once() -> str:
    return "at once"


async def listen(context, params) -> types.SubscriptionsListenResult:
    """Says what becomes of the tasks that the client names, until all have ended."""
    wanted = list((params.notifications.model_extra or {}).get("taskIds", []))
    own = {"io.modelcontextprotocol/subscriptionId": context.request_id}

    async def tell(method: str, params: dict) -> None:
        await context.session.send_notification(Notified(method=method, params=params | {"_meta": own}), context.request_id)

    await tell("notifications/subscriptions/acknowledged", {"notifications": {"taskIds": wanted}})
    while wanted:
        async with tasks.changed:
            await tasks.changed.wait_for(lambda: any(tasks.tasks[one]["status"] in ("completed", "cancelled") for one in wanted))
        for one in [one for one in wanted if tasks.tasks[one]["status"] in ("completed", "cancelled")]:
            await tell("notifications/tasks", tasks.state(one))
            wanted.remove(one)
    return types.SubscriptionsListenResult(_meta=own)


server._lowlevel_server.add_request_handler("subscriptions/listen", types.SubscriptionsListenRequestParams, listen)

if __name__ == "__main__":
    sys.exit(listen_and_run(server.streamable_http_app))
