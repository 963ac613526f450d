"""A server of the SDK 1.27 with the tasks of 2025-11-25: calls that are answered later.

    tasks_server_1_27.py [--json]      prints "port N" when it listens
"""

from __future__ import annotations

import asyncio
import contextlib
import sys

from mcp import types
from mcp.server.fastmcp.server import StreamableHTTPASGIApp
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.applications import Starlette
from starlette.routing import Route

from serving import listen_and_run

server = Server("tasks", version="1.0.0")
server.experimental.enable_tasks()
released = asyncio.Queue()
SUPPORT = {"get_later": "optional", "get_answer": "required", "get_failure": "optional", "create_release": "forbidden"}


def words(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], structuredContent={"said": text})


async def later(task) -> types.CallToolResult:
    """Goes on twice when another call says so: nothing is said of a task before its client knows it."""
    await released.get()
    await task.update_status("waiting — ü")
    return words(f"later {await released.get()}")


async def answer(task) -> types.CallToolResult:
    """Asks twice on the stream of `tasks/result`."""
    await released.get()
    await task.update_status("asking")
    name = await task.elicit("Who?", {"type": "object", "properties": {"name": {"type": "string"}}})
    hello = types.SamplingMessage(role="user", content=types.TextContent(type="text", text="Hello?"))
    said = await task.create_message([hello], max_tokens=9)
    return words(f"{name.action} {name.content} {said.content.text}")


async def failure(task) -> types.CallToolResult:
    await released.get()
    raise RuntimeError("it went wrong — ü")


WORK = {"get_later": later, "get_answer": answer, "get_failure": failure}


@server.list_tools()
async def list_tools() -> list[types.Tool]:
    return [
        types.Tool(name=name, inputSchema={"type": "object"}, execution=types.ToolExecution(taskSupport=support))
        for name, support in SUPPORT.items()
    ]


@server.call_tool()
async def call_tool(name: str, arguments: dict):
    asked = server.request_context.experimental
    asked.validate_task_mode(SUPPORT[name])
    if name == "create_release":
        released.put_nowait("released")
    if not asked.is_task:
        return [types.TextContent(type="text", text=f"{name} at once")]
    return await asked.run_task(WORK[name], model_immediate_response="soon — ü")


def app(json_response: bool, stateless_http: bool, event_store, retry_interval: int) -> Starlette:
    manager = StreamableHTTPSessionManager(server, event_store=event_store, json_response=json_response, retry_interval=retry_interval)

    @contextlib.asynccontextmanager
    async def lifespan(_):
        async with manager.run():
            yield

    return Starlette(routes=[Route("/mcp", endpoint=StreamableHTTPASGIApp(manager))], lifespan=lifespan)


if __name__ == "__main__":
    sys.exit(listen_and_run(app))
