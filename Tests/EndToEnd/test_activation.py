"""Listening sockets that somebody else opened: socket activation, and a queue that was filled before the gateway ran."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time

from conftest import PATH, protected_server
from support import wire
from support.keys import Issuer
from support.messages import Client
from support.places import gateway_binary
from support.recorder import Recorder


def activate(home, listener: socket.socket, settings: dict) -> subprocess.Popen:
    """Starts the gateway as a service manager does: the socket is descriptor 3, LISTEN_PID names the process."""
    configuration = home / "gateway.conf"
    configuration.write_text(json.dumps(settings))
    script = 'exec 3<&"$1"; shift; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
    command = ["bash", "-c", script, "bash", str(listener.fileno()), gateway_binary(), "serve", "--config", configuration]
    with open(home / "out", "ab") as out:
        return subprocess.Popen(command, stdout=out, stderr=out, pass_fds=[listener.fileno()])


def test_an_inherited_socket_is_served_by_all_workers_and_its_queue_is_not_lost(tmp_path):
    issuer, recorder = Issuer(), Recorder()
    (tmp_path / "jwks.json").write_text(json.dumps(issuer.jwks()))
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    early = [socket.create_connection(("127.0.0.1", port)) for _ in range(16)]
    gateway = activate(
        tmp_path, listener,
        {
            "public_url": url, "listen": [{"address": f"127.0.0.1:{port}"}], "workers": 2,
            "servers": {"tools": protected_server(recorder.url, issuer)},
        },
    )
    try:
        for connection in early:
            connection.sendall(wire.request("GET", "/.well-known/oauth-protected-resource" + PATH, port))
        for connection in early:
            connection.settimeout(20)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 "), (tmp_path / "out").read_text()
            connection.close()
        client = Client(port, PATH, issuer.token(url + PATH, "mcp:read"))
        for _ in range(8):
            assert client.call_tool("get_one").json["result"]["content"]
        gateway.terminate()
        assert gateway.wait(15) == 0
    finally:
        gateway.kill()
        gateway.wait()
        recorder.stop()
        listener.close()


def test_sockets_for_another_process_are_not_taken(tmp_path):
    """LISTEN_PID names somebody else, so descriptor 3 is none of ours and the gateway binds its own."""
    issuer, recorder = Issuer(), Recorder()
    (tmp_path / "jwks.json").write_text(json.dumps(issuer.jwks()))
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        (tmp_path / "gateway.conf").write_text(
            json.dumps({
                "public_url": url, "listen": [{"address": f"127.0.0.1:{port}"}],
                "servers": {"tools": protected_server(recorder.url, issuer)},
            })
        )
        with open(tmp_path / "out", "ab") as out:
            gateway = subprocess.Popen(
                [gateway_binary(), "serve", "--config", tmp_path / "gateway.conf"], stdout=out, stderr=out,
                env=os.environ | {"LISTEN_FDS": "1", "LISTEN_PID": "1"},
            )
        try:
            client = Client(port, PATH, issuer.token(url + PATH, "mcp:read"))
            deadline = time.monotonic() + 20
            while True:
                try:
                    assert client.call_tool("get_one").json["result"]["content"]
                    break
                except OSError:
                    assert time.monotonic() < deadline and gateway.poll() is None, (tmp_path / "out").read_text()
                    time.sleep(0.02)
            gateway.terminate()
            assert gateway.wait(15) == 0
        finally:
            gateway.kill()
            gateway.wait()
            recorder.stop()
