"""An HTTP/1.1 client that sends exactly the bytes it is given and believes nothing it reads."""

from __future__ import annotations

import dataclasses
import json
import re
import socket
import ssl
import time


class Incomplete(Exception):
    """The answer ended before its own framing said so."""


@dataclasses.dataclass
class Answer:
    status: int
    fields: list[tuple[str, str]]
    body: bytes = b""
    raw_head: bytes = b""

    def values(self, name: str) -> list[str]:
        return [v for n, v in self.fields if n == name.lower()]

    def field(self, name: str) -> str | None:
        """The one value of a field; two fields of a name that allows one are an error of the gateway."""
        found = self.values(name)
        assert len(found) <= 1, f"{name} occurs {len(found)} times in {self.raw_head!r}"
        return found[0] if found else None

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def chunked(self) -> bool:
        return (self.field("transfer-encoding") or "").lower() == "chunked"


class Connection:
    """One TCP connection. `read` gives whole answers, `read_head` and `events` a stream."""

    def __init__(
        self, port: int, host: str = "127.0.0.1", timeout: float = 10, receive_buffer: int | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname=host)
        self.buffer = b""
        self.ended = False

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def send(self, data: bytes) -> Connection:
        self.socket.sendall(data)
        return self

    def fill(self) -> bool:
        """Reads once; False at the end of the connection (a reset counts as one)."""
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.buffer += data
        self.ended = not data
        return bool(data)

    def take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            if not self.fill():
                raise Incomplete(f"{len(self.buffer)} of {count} bytes, then the end")
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def take_through(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            if not self.fill():
                raise Incomplete(f"no {mark!r} after {self.buffer[-80:]!r}")
        return self.take(self.buffer.index(mark) + len(mark))

    def read_head(self) -> Answer:
        raw = self.take_through(b"\r\n\r\n")
        assert not re.search(rb"\r(?!\n)|(?<!\r)\n|[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", raw), raw
        lines = raw[:-4].split(b"\r\n")
        version, status, _ = (lines[0] + b" ").split(b" ", 2)
        assert version == b"HTTP/1.1", raw
        fields = []
        for line in lines[1:]:
            name, colon, value = line.partition(b":")
            assert colon and name and name == name.strip(), raw
            fields.append((name.decode("ascii").lower(), value.strip().decode("latin-1")))
        return Answer(int(status), fields, raw_head=raw)

    def read_chunk(self) -> bytes:
        """One chunk; b"" is the last one. The gateway has neither extensions nor trailers."""
        line = self.take_through(b"\r\n")
        assert re.fullmatch(rb"[0-9A-Fa-f]{1,16}\r\n", line), line
        if (size := int(line, 16)) == 0:
            assert self.take(2) == b"\r\n"
            return b""
        data = self.take(size)
        assert self.take(2) == b"\r\n"
        return data

    def read_body(self, answer: Answer, method: str = "POST") -> bytes:
        """The content by RFC 9112 §6.3."""
        if method == "HEAD" or answer.status in (204, 304) or answer.status < 200:
            return b""
        length = answer.field("content-length")
        assert not (answer.chunked and length), answer.raw_head
        if answer.chunked:
            return b"".join(iter(self.read_chunk, b""))
        if length is not None:
            return self.take(int(length))
        while self.fill():
            pass
        data, self.buffer = self.buffer, b""
        return data

    def read(self, method: str = "POST") -> Answer:
        """A whole answer, interim ones skipped."""
        while (answer := self.read_head()).status < 200:
            pass
        answer.body = self.read_body(answer, method)
        return answer

    def events(self, answer: Answer):
        """The server-sent events of a stream as (id, event, data), as they come; ends with the stream."""
        assert (answer.field("content-type") or "").startswith("text/event-stream"), answer
        text = b""
        while True:
            while (end := text.find(b"\n\n")) >= 0:
                block, text = text[:end], text[end + 2 :]
                if event := parse_event(block):
                    yield event
            if answer.chunked:
                piece = self.read_chunk()
            else:
                piece = self.buffer or (self.fill() and self.buffer) or b""
                self.buffer = b""
            if not piece:
                return
            text = (text + piece).replace(b"\r\n", b"\n")

    def is_closed(self, within: float = 5) -> bool:
        """Whether the peer ends the connection in time without sending more."""
        deadline = time.monotonic() + within
        self.socket.settimeout(within)
        try:
            while time.monotonic() < deadline:
                if not self.fill():
                    return not self.buffer
        except TimeoutError:
            return False
        return False


def parse_event(block: bytes) -> tuple[str | None, str, str] | None:
    identifier, kind, data = None, "message", []
    for line in block.split(b"\n"):
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ").decode()
        if name == b"id":
            identifier = value
        elif name == b"event":
            kind = value
        elif name == b"data":
            data.append(value)
    return (identifier, kind, "\n".join(data)) if data or identifier else None


def request(
    method: str, path: str, port: int, fields: dict[str, str] | list[tuple[str, str]] | None = None,
    body: bytes | None = None,
) -> bytes:
    """A well-formed request, as bytes."""
    pairs = list(fields.items()) if isinstance(fields, dict) else list(fields or [])
    if not any(n.lower() == "host" for n, _ in pairs):
        pairs.insert(0, ("Host", f"127.0.0.1:{port}"))
    if body is not None:
        pairs.append(("Content-Length", str(len(body))))
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in pairs) + "\r\n"
    return head.encode("latin-1") + (body or b"")


def exchange(port: int, data: bytes, method: str | None = None, timeout: float = 10, tls: ssl.SSLContext | None = None) -> Answer:
    """One request on a connection of its own."""
    with Connection(port, timeout=timeout, tls=tls) as connection:
        return connection.send(data).read(method or data.split(b" ", 1)[0].decode("latin-1"))
