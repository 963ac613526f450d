#!/usr/bin/env python3
"""Runs the gateway and nginx (as a plain proxy that checks nothing) in turns under the same load and prints ratios.

    compare.py --gateway PATH [--passes 5] [--seconds 3] [--json FILE] [--memory] [--audit] [--lists]

The work: POST /mcp, keep-alive, 64 connections, a JSON-RPC tools/call; the gateway verifies the token, checks that its scope opens
the tool, strips Authorization and forwards; the stub upstream answers about 200 bytes (and says AUTH-LEAKED if it saw the token).
With --audit a second gateway, which writes an audit log to a file, takes its turn in every pass, and its cost beside the first is
printed. Proxy with one loop on core 0, load and upstream on core 1. The figure: CPU microseconds of the proxy process per request, from the
scheduler's own accounting, as gateway / nginx of the same pass; the median of the passes is the one to quote. Needs: nginx, cc,
python3-venv. Everything is started on loopback and ended by process id.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import http.client
import json
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
MADE = HERE.parents[1] / ".build" / "bench"     # programs, keys and bodies, kept between runs
WORK: pathlib.Path                              # logs and state of this run
CASES = {
    "300 B, one ES256 token": ("300", "es256", 1),
    "300 B, 2,000 ES256 tokens in turn": ("300", "es256", 2000),
    "16 KiB": ("16k", "es256", 1),
    "256 KiB": ("256k", "es256", 1),
}
# What filtering costs: a list of 200 tools of which 100 are shown, one of which no two are the same, and the same bytes as a
# text that nobody looks into.
LISTS = {
    "list of 200 tools": ("list", "es256", 1),
    "one that was never seen": ("fresh", "es256", 1),
    "the same bytes forwarded": ("forward", "es256", 1),
}


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def prepare() -> None:
    """Builds the programs and makes the data, unless a run before did; one run at a time."""
    MADE.mkdir(parents=True, exist_ok=True)
    with open(MADE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("load", "stub", "hold"):
            source, program = HERE / f"{name}.c", MADE / name
            if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
                subprocess.run(["cc", "-O2", "-o", program, source], check=True)
        python = MADE / "venv" / "bin" / "python"
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", MADE / "venv"], check=True)
            subprocess.run([python, "-m", "pip", "install", "-q", "cryptography==50.0.2"], check=True)
        made = MADE / "data" / "body_fresh.json"
        if not made.exists() or time.time() - made.stat().st_mtime > 86400:      # the tokens live for a week
            subprocess.run([python, HERE / "make_data.py", MADE / "data"], check=True)


def listening(port: int, process: subprocess.Popen, seconds: int = 10) -> None:
    for _ in range(seconds * 50):
        if process.poll() is not None:
            sys.exit(f"ended at start: {process.args}")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        time.sleep(0.02)
    sys.exit(f"nothing listens on {port}: {process.args}")


def children(pid: int) -> list[int]:
    out = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            out += children(int(child))
    return out


class Run:
    """A started process, pinned to a core; ended by id."""

    def __init__(self, command: list, core: int, port: int) -> None:
        self.port = port
        with open(WORK / "out.log", "ab") as log:
            self.process = subprocess.Popen(["taskset", "-c", str(core), *map(str, command)], stdout=log, stderr=subprocess.STDOUT)
        listening(port, self.process)
        time.sleep(0.3)
        self.pids = ",".join(map(str, children(self.process.pid)))

    def stop(self) -> None:
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.process.kill()


    def memory_mib(self, key: str) -> float:
        """A figure of smaps_rollup, summed over the processes, in MiB."""
        lines = "".join(pathlib.Path(f"/proc/{p}/smaps_rollup").read_text() for p in self.pids.split(",")).splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(key + ":")) / 1024


def nginx(upstream: int) -> Run:
    port, home = free_port(), WORK / "nginx"
    home.mkdir(exist_ok=True)
    temporary = " ".join(f"{k}_temp_path {home}/{k};" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (home / "nginx.conf").write_text(f"""
worker_processes 1; pid {home}/pid; error_log {home}/error.log warn; daemon off; worker_rlimit_nofile 20000;
events {{ worker_connections 18000; }}
http {{
  access_log off; {temporary}
  keepalive_timeout 600; keepalive_requests 100000000; client_max_body_size 4m; client_body_buffer_size 16k;
  upstream up {{ server 127.0.0.1:{upstream}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=8192;
    location / {{
      proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Authorization "";
      proxy_buffering off; proxy_request_buffering off; proxy_read_timeout 600s;
    }}
  }}
}}""")
    return Run([shutil.which("nginx") or "/usr/sbin/nginx", "-c", home / "nginx.conf"], 0, port)


def gateway(program: pathlib.Path, upstream: int, name: str = "gateway", more: str = "") -> Run:
    port, home = free_port(), WORK / name
    home.mkdir(exist_ok=True)
    for old in home.glob("gatehouse.db*"):
        old.unlink()
    shutil.copy(MADE / "data" / "jwks.json", home / "jwks.json")
    (home / "gateway.conf").write_text(f"""
public_url: http://127.0.0.1:{port}
listen: [{{ address: 127.0.0.1:{port} }}]
health: {{ address: 127.0.0.1:{free_port()} }}
state: sqlite:gatehouse.db
workers: 1
{more}
servers:
  bench:
    path: /mcp
    upstream: http://127.0.0.1:{upstream}/mcp
    authorization_server: {{ issuer: "https://idp.test", jwks_file: jwks.json, audience: "https://gw.test/mcp" }}
    limits: {{ body: 4MiB, requests: 100000000/min }}
    scopes:
      mcp:read: {{ description: Read, resources: ["*"] }}
      mcp:tools:echo: {{ description: Echo, tools: [echo] }}
      mcp:tools:search: {{ description: Search, tools: [search] }}
      mcp:tools:open: {{ description: Listed, tools: ["open_*"] }}
""")
    return Run([program, "serve", "--config", home / "gateway.conf"], 0, port)


def milliseconds_to_ready(program: pathlib.Path, upstream: int) -> float:
    """From the start of the process to its first answer; the state exists already, as on every start but the first."""
    home, times = WORK / "gateway", []
    for _ in range(5):
        port, text = free_port(), (home / "gateway.conf").read_text()
        lines = [line for line in text.splitlines() if not line.startswith(("public_url", "listen", "health"))]
        (home / "start.conf").write_text("\n".join([f"public_url: http://127.0.0.1:{port}", f"listen: [{{ address: 127.0.0.1:{port} }}]", *lines]))
        with open(WORK / "out.log", "ab") as log:
            begun = time.monotonic()
            process = subprocess.Popen([program, "serve", "--config", home / "start.conf"], stdout=log, stderr=log)
        while process.poll() is None and time.monotonic() < begun + 10:
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
                connection.request("GET", "/.well-known/oauth-protected-resource/mcp")
                if connection.getresponse().status == 200:
                    times.append((time.monotonic() - begun) * 1000)
                    break
            time.sleep(0.001)
        process.terminate()
        process.wait()
    return statistics.median(times) if times else float("nan")


def load(run: Run, body: str, kind: str, tokens: int, seconds: float) -> dict:
    data = MADE / "data"
    command = [
        "taskset", "-c", "1", MADE / "load", "-p", run.port, "-P", run.pids, "-b", data / f"body_{body}.json",
        "-t", data / f"{kind}.tokens", "-n", tokens, "-c", 64, "-d", seconds, "-w", 0.7,
    ]
    said = subprocess.run([str(c) for c in command], capture_output=True, text=True).stdout
    figures = json.loads(said)
    if figures["bad"] or not figures["ok"]:
        sys.exit(f"wrong answers, the figure would mean nothing: {said}")
    return figures


def hold(run: Run, mode: str, seconds: int) -> dict:
    """1,000 connections held open, idle after one call or as event streams."""
    data = MADE / "data"
    command = [MADE / "hold", mode, run.port, 1000, seconds, data / "body_300.json", data / "es256.tokens", run.pids]
    return json.loads(subprocess.run([str(c) for c in command], capture_output=True, text=True).stdout)


def summary(by: dict[str, list[dict]]) -> dict:
    """Median and minimum for each proxy, and the median of the ratios of the passes."""
    cpu = {name: [r["cpu_us_per_req"] for r in runs] for name, runs in by.items()}
    row = {
        name: {
            "cpu_us_median": round(statistics.median(values), 1),
            "cpu_us_min": min(values),
            "rps_max": max(r["rps"] for r in by[name]),
            "p99_us_min": min(r["p99_us"] for r in by[name]),
        }
        for name, values in cpu.items()
    }
    if "audited" in cpu:
        row["audit"] = round(statistics.median(a / g for a, g in zip(cpu["audited"], cpu["gateway"])), 3)
    if "gateway" in cpu:
        row["ratio"] = round(statistics.median(g / n for g, n in zip(cpu["gateway"], cpu["nginx"])), 2)
    return row


def main() -> None:
    global WORK
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gateway", help="the release build of the gateway; without it only nginx is measured")
    options.add_argument("--passes", type=int, default=5)
    options.add_argument("--seconds", type=float, default=3)
    options.add_argument("--json", help="write the figures to this file, too")
    options.add_argument("--lists", action="store_true", help="only what filtering a list costs, against forwarding it")
    options.add_argument("--memory", action="store_true", help="also start-up, and memory idle, per idle connection, per open stream")
    options.add_argument("--audit", action="store_true", help="also a gateway with an audit log, and what that costs")
    chosen = options.parse_args()
    prepare()
    with tempfile.TemporaryDirectory(prefix="gatehouse-bench-") as folder, contextlib.ExitStack() as started:
        WORK = pathlib.Path(folder)
        up = free_port()
        cases = LISTS if chosen.lists else CASES
        large = [MADE / "data" / "list.json"] if chosen.lists else []
        started.callback(Run([MADE / "stub", up, 10000, *large], 1, up).stop)
        proxies = {"nginx": nginx(up)}
        started.callback(proxies["nginx"].stop)
        if chosen.gateway:
            program = pathlib.Path(chosen.gateway).resolve()
            proxies["gateway"] = gateway(program, up)
            started.callback(proxies["gateway"].stop)
            if chosen.audit:
                (WORK / "audit").mkdir()
                proxies["audited"] = gateway(program, up, "audited", f"audit: {{ to: file {WORK}/audit/audit.log }}")
                started.callback(proxies["audited"].stop)
        idle = {name: {key: run.memory_mib(key) for key in ("Rss", "Private_Dirty")} for name, run in proxies.items()}
        results: dict = {case: {name: [] for name in proxies} for case in cases}
        for number in range(chosen.passes):
            for case, (body, kind, tokens) in cases.items():
                for name, run in proxies.items():
                    results[case][name].append(load(run, body, kind, tokens, chosen.seconds))
            print(f"pass {number + 1} of {chosen.passes}", file=sys.stderr)
        rows = {}
        for case, by in results.items():
            row = rows[case] = summary(by)
            figures = "".join(
                f"  {n} {row[n]['cpu_us_median']:7.1f} µs ({row[n]['cpu_us_min']:.1f}) {row[n]['rps_max']:6.0f}/s" for n in by
            )
            print(f"{case:36}{figures}" + (f"   ratio {row['ratio']}" if "ratio" in row else "")
                  + (f"   audit {row['audit']}" if "audit" in row else ""))
        if chosen.lists and chosen.gateway:
            *listed, forwarded = LISTS
            for case in listed:
                pairs = zip(results[case]["gateway"], results[forwarded]["gateway"])
                ratio = statistics.median(a["cpu_us_per_req"] / b["cpu_us_per_req"] for a, b in pairs)
                rows[f"{case} / {forwarded}"] = round(ratio, 2)
                print(f"gateway: {case}: {ratio:.2f} times {forwarded}")
        if chosen.memory:
            for name, run in proxies.items():
                print(f"{name:8} idle at start: RSS {idle[name]['Rss']:.1f} MB, Private_Dirty {idle[name]['Private_Dirty']:.1f} MB")
                rows[f"{name} at start"] = idle[name]
                for mode, seconds in (("idle", 1), ("sse", 12)):
                    r = rows[f"{name} {mode}"] = hold(run, mode, seconds)
                    print(f"{name:8} {mode:5} {r['good']}/1000 open, {r['rss0_kb'] / 1024:.1f} MB before, {r['kb_per_conn']:.2f} KB each")
            if chosen.gateway:
                rows["gateway ready, ms"] = milliseconds_to_ready(program, up)
                print(f"gateway  ready to serve {rows['gateway ready, ms']:.0f} ms after its start")
        if chosen.json:
            pathlib.Path(chosen.json).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
