"""Walks through the tasks of 2025-11-25 with the SDK client 1.27.0 and prints what it observed, as JSON.

    tasks_1_27.py URL [--token TOKEN] …          see parity_steps.py
"""

from __future__ import annotations

import asyncio

import httpx
from mcp import ClientSession, McpError, types
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from parity_steps import PATIENCE, Transcript, run

STATUS = "notifications/tasks/status"


def plain(model) -> dict:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def attempt(awaitable) -> dict:
    try:
        return plain(await asyncio.wait_for(awaitable, PATIENCE))
    except McpError as error:
        return {"error": plain(error.error)}


async def walk(client: ClientSession, transcript: Transcript, streams: bool) -> None:
    seen, tasks = transcript.steps, client.experimental
    await asyncio.wait_for(transcript.get_opened.wait(), PATIENCE)
    seen["tools"] = await attempt(client.list_tools())

    first = await tasks.call_tool_as_task("get_later", {})
    seen["created"] = plain(first)
    seen["begun"] = await attempt(client.call_tool("create_release", {}))
    await transcript.until(STATUS, 1)
    seen["working"] = await attempt(tasks.get_task(first.task.taskId))
    result = asyncio.create_task(attempt(tasks.get_task_result(first.task.taskId, types.CallToolResult)))
    seen["released"] = await attempt(client.call_tool("create_release", {}))
    seen["result"] = await result
    await transcript.until(STATUS, 2)
    seen["completed"] = await attempt(tasks.get_task(first.task.taskId))
    seen["result again"] = await attempt(tasks.get_task_result(first.task.taskId, types.CallToolResult))
    seen["cancel too late"] = await attempt(tasks.cancel_task(first.task.taskId))

    if streams:
        asking = await tasks.call_tool_as_task("get_answer", {})
        seen["asking"] = plain(asking)
        result = asyncio.create_task(attempt(tasks.get_task_result(asking.task.taskId, types.CallToolResult)))
        await client.call_tool("create_release", {})
        seen["answered"] = await result
        await transcript.until(STATUS, 4)
    told = len(transcript.heard[STATUS])

    failing = await tasks.call_tool_as_task("get_failure", {})
    seen["failing"] = plain(failing)
    await client.call_tool("create_release", {})
    await transcript.until(STATUS, told + 1)
    seen["failed"] = await attempt(tasks.get_task(failing.task.taskId))

    waiting = await tasks.call_tool_as_task("get_later", {})
    await client.call_tool("create_release", {})
    await transcript.until(STATUS, told + 2)
    seen["listed"] = await attempt(tasks.list_tasks())
    seen["cancelled"] = await attempt(tasks.cancel_task(waiting.task.taskId))
    seen["after that"] = await attempt(tasks.get_task(waiting.task.taskId))
    seen["nothing came of it"] = await attempt(tasks.get_task_result(waiting.task.taskId, types.GetTaskPayloadResult))
    seen["listed at the end"] = await attempt(tasks.list_tasks())
    seen["without a task"] = await attempt(client.call_tool("get_answer", {}))
    seen["with a task that is forbidden"] = await attempt(client.send_request(
        types.ClientRequest(types.CallToolRequest(params=types.CallToolRequestParams(name="create_release", task=types.TaskMetadata(ttl=1)))),
        types.CallToolResult,
    ))
    for name, call in (("get", tasks.get_task), ("cancel", tasks.cancel_task)):
        seen[f"unknown {name}"] = (await attempt(call("nowhere")))["error"]["code"]
    seen["unknown result"] = (await attempt(tasks.get_task_result("nowhere", types.CallToolResult)))["error"]["code"]


async def main(chosen) -> Transcript:
    transcript = Transcript()

    async def on_message(message) -> None:
        if isinstance(message, Exception):
            await transcript.hear("exception", {"text": str(message)})
        elif isinstance(message, types.ServerNotification):
            told = plain(message)
            await transcript.hear(told["method"], told.get("params", {}))

    async def on_sampling(context, params):
        transcript.question("sampling/createMessage", plain(params) | {"_meta": plain(context.meta)}, context.request_id)
        return types.CreateMessageResult(role="assistant", content=types.TextContent(type="text", text="Hello — ü"), model="small")

    async def on_elicitation(context, params):
        transcript.question("elicitation/create", plain(params) | {"_meta": plain(context.meta)}, context.request_id)
        return types.ElicitResult(action="accept", content={"name": "Lee — ü"})

    headers = {"Authorization": f"Bearer {chosen.token}"} if chosen.token else None
    http = create_mcp_http_client(headers=headers, timeout=httpx.Timeout(30, read=300))
    http.event_hooks["response"].append(transcript.exchanged)
    async with (
        http,
        streamable_http_client(chosen.url, http_client=http) as (read, write, _),
        ClientSession(read, write, message_handler=on_message, sampling_callback=on_sampling, elicitation_callback=on_elicitation) as client,
    ):
        transcript.steps["server"] = plain(await client.initialize())
        await walk(client, transcript, not chosen.json)
    return transcript


if __name__ == "__main__":
    run(main)
