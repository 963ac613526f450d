"""What the servers of both SDKs share: the options of the command line, an event store, and a port that is printed when it listens."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Callable

import uvicorn
from mcp.server.streamable_http import EventMessage, EventStore


class Events(EventStore):
    """Keeps every event for ever, so that any stream can be taken up again."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, object]] = []

    async def store_event(self, stream_id, message):
        self.kept.append((stream_id, message))
        return f"event-{len(self.kept)}"

    async def replay_events_after(self, last_event_id, send_callback):
        last = int(last_event_id.removeprefix("event-"))
        if not 0 < last <= len(self.kept):
            return None
        stream = self.kept[last - 1][0]
        for number, (other, message) in enumerate(self.kept[last:], last + 1):
            if other == stream and message is not None:
                await send_callback(EventMessage(message, f"event-{number}"))
        return stream


def listen_and_run(make_app: Callable) -> None:
    """Serves `make_app(json_response=…, stateless_http=…, event_store=…, retry_interval=…)` on a free port of loopback."""
    options = argparse.ArgumentParser()
    for flag in ("--json", "--stateless", "--no-events"):
        options.add_argument(flag, action="store_true")
    chosen = options.parse_args()
    app = make_app(
        json_response=chosen.json,
        stateless_http=chosen.stateless,
        event_store=None if chosen.no_events or chosen.stateless else Events(),
        retry_interval=100,
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    print("port", listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[listener])
