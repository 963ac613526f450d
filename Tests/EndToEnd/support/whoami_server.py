"""An upstream in a process of its own that tells each caller who it is, out of order, in pieces, as JSON or as events.

    whoami_server.py [--crossed]        prints its port; --crossed now and then answers with what belongs to another caller

Its answer to a call holds the subject that the gateway named and the nonce of the arguments.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys

SUBJECT = re.compile(rb"\r\nx-gatehouse-subject: ([^\r]*)\r\n", re.IGNORECASE)
LENGTH = re.compile(rb"\r\ncontent-length: ([0-9]+)\r\n", re.IGNORECASE)
CROSSED = "--crossed" in sys.argv
# Seconds before an answer; most leave at once, so that the rest is overtaken.
DELAYS = [0, 0, 0, 0.001, 0.005, 0.02]


class Server(asyncio.Protocol):
    last: tuple[str, str] = ("nobody", "")

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[: end + 2]
            length = int(LENGTH.search(head)[1])
            if len(self.buffer) < end + 4 + length:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + length], self.buffer[end + 4 + length :]
            self.answer(SUBJECT.search(head)[1].decode(), json.loads(body))

    def answer(self, subject: str, message: dict) -> None:
        nonce = message["params"]["arguments"]["nonce"]
        mine, Server.last = (subject, nonce), (subject, nonce) if not CROSSED else Server.last
        if CROSSED and random.random() < 0.01:
            mine, Server.last = Server.last, mine
        said = {"subject": mine[0], "nonce": mine[1]}
        result = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"content": [], "structuredContent": said}}).encode()
        asyncio.get_running_loop().call_later(random.choice(DELAYS), self.send, result, said)

    def send(self, result: bytes, said: dict) -> None:
        form = random.random()
        if form < 0.3:
            return self.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(result), result))
        kind, content = b"application/json", result
        if form < 0.7:
            note = json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": said}}).encode()
            kind, content = b"text/event-stream", b"data: " + note + b"\n\n" + b"data: " + result + b"\n\n"
        data = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n" % kind
        while content:
            size = random.randint(1, len(content))
            data += b"%x\r\n%s\r\n" % (size, content[:size])
            content = content[size:]
        self.write(data + b"0\r\n\r\n")

    def write(self, data: bytes) -> None:
        """At once, or in two writes with others between."""
        if random.random() < 0.5:
            return self.transport.write(data)
        place = random.randint(1, len(data) - 1)
        self.transport.write(data[:place])
        asyncio.get_running_loop().call_later(0.001, self.transport.write, data[place:])


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
