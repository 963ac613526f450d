"""Many clients at once on connections that are kept, each of which checks that every answer is its own."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random


@dataclasses.dataclass
class Caller:
    """One user: the subject that the answers must name, and the head of its requests up to the length."""

    subject: str
    head: bytes
    # Members of `params` that its revision asks for.
    more: dict


class Member(asyncio.Protocol):
    """One connection with one request under way; several callers share it in turn."""

    def __init__(self, crowd: Crowd, callers: list[Caller]) -> None:
        self.crowd, self.callers = crowd, callers
        self.buffer = b""
        self.sent = 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        if self.sent == self.crowd.calls_each:
            self.transport.close()
            return
        self.caller = self.callers[self.sent % len(self.callers)]
        self.sent += 1
        self.nonce = f"{random.getrandbits(64):x}"
        params = {"name": "get_one", "arguments": {"nonce": self.nonce}} | self.caller.more
        # Everybody counts from one, so that an id says nothing about whose it is.
        body = json.dumps({"jsonrpc": "2.0", "id": self.sent, "method": "tools/call", "params": params}).encode()
        self.transport.write(b"%sContent-Length: %d\r\n\r\n%s" % (self.caller.head, len(body), body))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if (answer := self.whole()) is None:
            return
        head, content = answer
        if problem := self.problem(head, content):
            self.crowd.failures.append(problem)
        self.crowd.answers += 1
        self.crowd.streams += b"text/event-stream" in head
        self.ask()

    def whole(self) -> tuple[bytes, bytes] | None:
        """Head and content of the answer, once all of it is there and nothing else."""
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, rest = self.buffer[:end].lower(), self.buffer[end + 4 :]
        if b"transfer-encoding: chunked" in head:
            if not rest.endswith(b"0\r\n\r\n"):
                return None
            content, index = b"", 0
            while size := int(rest[index : (line := rest.index(b"\r\n", index))], 16):
                if line + 2 + size > len(rest) - 5:
                    return None
                content += rest[line + 2 : line + 2 + size]
                index = line + 4 + size
        else:
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            if len(rest) < length:
                return None
            content = rest[:length]
            if len(rest) > length:
                self.crowd.failures.append(f"more than one answer: {rest!r}")
        self.buffer = b""
        return head, content

    def problem(self, head: bytes, content: bytes) -> str | None:
        """Why the answer is not the caller's own."""
        if not head.startswith(b"http/1.1 200 "):
            return f"{head!r} {content!r}"
        texts = [content]
        if b"text/event-stream" in head:
            texts = [line[6:] for line in content.split(b"\n") if line.startswith(b"data: ")]
        mine = {"subject": self.caller.subject, "nonce": self.nonce}
        *notes, last = map(json.loads, texts)
        said = [note["params"]["data"] for note in notes]
        if last.get("id") != self.sent or "result" not in last:
            return f"not an answer to {self.sent}: {last}"
        for one in [*said, last["result"]["structuredContent"]]:
            if one != mine:
                return f"{mine} was told {one}"
        return None

    def connection_lost(self, error: Exception | None) -> None:
        if self.crowd.answers < self.crowd.total and (self.sent < self.crowd.calls_each or self.buffer):
            self.crowd.failures.append(f"connection lost after {self.sent} calls: {error}")
        self.crowd.open -= 1
        if self.crowd.open == 0:
            self.crowd.over.set()


class Crowd:
    """All members; `run` returns when each has made its calls."""

    def __init__(self, port: int, members: list[list[Caller]], calls_each: int) -> None:
        self.port, self.members, self.calls_each = port, members, calls_each
        self.total = len(members) * calls_each
        self.answers = self.streams = 0
        self.open = len(members)
        self.failures: list[str] = []

    async def run(self, seconds: float) -> None:
        self.over = asyncio.Event()
        loop = asyncio.get_running_loop()
        for callers in self.members:
            await loop.create_connection(lambda callers=callers: Member(self, callers), "127.0.0.1", self.port)
        await asyncio.wait_for(self.over.wait(), seconds)
