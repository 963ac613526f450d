"""An upstream that remembers every byte it was sent and answers by script, also wrongly on purpose."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Awaitable, Callable


@dataclasses.dataclass
class Received:
    """One request as the recorder read it, by the plainest reading of its framing."""

    head: bytes
    body: bytes
    connection: int

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def method(self) -> str:
        return self.line.split(" ")[0]

    @property
    def target(self) -> str:
        return self.line.split(" ")[1]

    @property
    def fields(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return [(n.lower(), v.strip()) for n, _, v in (line.partition(":") for line in lines if line)]

    def values(self, name: str) -> list[str]:
        return [v for n, v in self.fields if n == name.lower()]

    @property
    def message(self) -> dict:
        return json.loads(self.body) if self.body else {}


class Exchange:
    """What a script answers with."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, status: int = 200, body: bytes = b"", content_type: str | None = "application/json", **fields: str) -> None:
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\n"
        if content_type and body:
            head += f"Content-Type: {content_type}\r\n"
        head += "".join(f"{n.replace('_', '-')}: {v}\r\n" for n, v in fields.items())
        await self.raw(head.encode() + b"\r\n" + body)

    async def result(self, request: Received, result: dict, **fields: str) -> None:
        message = {"jsonrpc": "2.0", "id": request.message.get("id"), "result": result}
        await self.answer(200, json.dumps(message).encode(), **fields)

    async def stream(self, **fields: str) -> None:
        """Begins a chunked event stream; `event` and `end` follow."""
        extra = "".join(f"{n.replace('_', '-')}: {v}\r\n" for n, v in fields.items())
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
        await self.raw((head + extra + "\r\n").encode())

    async def event(self, data, identifier: str | None = None, event: str = "message") -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        lines = ([f"id: {identifier}"] if identifier else []) + [f"event: {event}"]
        await self.chunk(("\n".join([*lines, *(f"data: {line}" for line in text.split("\n"))]) + "\n\n").encode())

    async def chunk(self, data: bytes) -> None:
        await self.raw(b"%x\r\n%s\r\n" % (len(data), data))

    async def end(self) -> None:
        await self.raw(b"0\r\n\r\n")

    def reset(self) -> None:
        """Ends the connection with RST."""
        peer = self.writer.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def close(self) -> None:
        self.writer.close()

    async def gone(self) -> None:
        """Returns when the gateway has ended this connection."""
        while await self.reader.read(65536):
            pass


Script = Callable[[Received, Exchange], Awaitable[None]]


async def echo(request: Received, exchange: Exchange) -> None:
    """The default script: a plausible answer to whatever was asked."""
    message = request.message if request.body.lstrip()[:1] == b"{" else {}
    if request.method == "DELETE":
        await exchange.answer(200)
    elif request.method == "GET":
        await exchange.stream()
        await exchange.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "hello"}})
        await exchange.gone()
    elif "id" not in message or "method" not in message:
        await exchange.answer(202)
    else:
        await exchange.result(request, result_for(message))


def result_for(message: dict) -> dict:
    names = {"tools/list": "tools", "prompts/list": "prompts", "resources/list": "resources"}
    method = message["method"]
    if method in names:
        return {names[method]: []}
    if method == "initialize":
        return {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {"name": "recorder", "version": "1"}}
    if method == "tools/call":
        return {"content": [{"type": "text", "text": "done"}], "isError": False}
    return {}


class Recorder:
    """The server, on a loop and thread of its own; `requests` and `bytes` may be read at any time."""

    def __init__(self, script: Script = echo, tls: ssl.SSLContext | None = None) -> None:
        self.script, self.tls = script, tls
        self.requests: list[Received] = []
        self.streams: list[bytearray] = []
        self.failures: list[str] = []
        self.open = 0
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait(10)

    def run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=4096, limit=1 << 24, ssl=self.tls))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self.loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    def stop(self) -> None:
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(10)

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/mcp"

    @property
    def bytes(self) -> bytes:
        """Everything that was received, over all connections."""
        return b"".join(bytes(s) for s in self.streams)

    def clear(self) -> None:
        self.requests.clear()
        self.failures.clear()
        for stream in self.streams:
            stream.clear()

    def wait(self, count: int = 1, seconds: float = 5) -> list[Received]:
        """The requests, as soon as there are `count`."""
        deadline = time.monotonic() + seconds
        while len(self.requests) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.requests) >= count, f"{len(self.requests)} of {count} requests came: {self.bytes[-2000:]!r}"
        return self.requests

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.streams)
        self.streams.append(bytearray())
        self.open += 1
        try:
            while (request := await self.receive(reader, number)) is not None:
                self.requests.append(request)
                await self.script(request, Exchange(reader, writer))
                if writer.is_closing():
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except Exception as error:  # a script that fails must show in the test, not in a lost task
            self.failures.append(repr(error))
        finally:
            self.open -= 1
            writer.close()

    async def receive(self, reader: asyncio.StreamReader, number: int) -> Received | None:
        record = self.streams[number]
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as rest:
            record += rest.partial
            return None
        record += head
        request = Received(head, b"", number)
        if request.values("transfer-encoding"):
            while size := await self.chunk(reader, record):
                request.body += size
        elif length := request.values("content-length"):
            request.body = await reader.readexactly(int(length[0]))
            record += request.body
        return request

    async def chunk(self, reader: asyncio.StreamReader, record: bytearray) -> bytes:
        line = await reader.readuntil(b"\r\n")
        data = await reader.readexactly(int(line.split(b";")[0], 16) + 2)
        record += line + data
        return data[:-2]
