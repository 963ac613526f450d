"""Builds the images of `deploy` and runs them as compose.yaml says, with nothing but what Linux has: no engine, no daemon.

A container here is a process in name spaces of its own (mounts, processes, network), in the image's file tree, which is read-only,
as the user that the image names, without privileges. All containers of a site share one network without a way out.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import ctypes
import json
import os
import pathlib
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from .places import ROOT

BUILD = ROOT / "deploy" / "container" / "build.sh"
COMPOSE = ROOT / "deploy" / "compose.yaml"
CLONE_NEWNET = 0x40000000
SHELLS = ["sh", "dash", "bash", "rbash"]


def build(home: pathlib.Path) -> None:
    """Both images by their Containerfiles, and the file trees of both and of their base."""
    done = subprocess.run([BUILD, home], capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, done.stderr[-6000:]


def compose() -> dict:
    """compose.yaml, checked and normalised by docker-compose."""
    done = subprocess.run(["docker-compose", "-f", COMPOSE, "config"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    code = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    text = subprocess.run(["/usr/bin/python3", "-c", code], input=done.stdout, capture_output=True, text=True, check=True).stdout
    return json.loads(text)


def image(home: pathlib.Path, name: str) -> dict:
    """What the image says of itself: user, command, health check."""
    return json.loads((home / f"{name}.json").read_text())["Docker"]["config"]


def size(tree: pathlib.Path) -> int:
    """The bytes of the regular files of a tree."""
    return sum(e.stat(follow_symlinks=False).st_size for e in entries(tree) if e.is_file(follow_symlinks=False))


def entries(tree: str | os.PathLike):
    with os.scandir(tree) as found:
        for entry in found:
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from entries(entry.path)


class Network:
    """A network of its own with nothing but loopback; held open by a process that sleeps."""

    def __init__(self) -> None:
        script = "ip link set lo up && echo up && exec sleep infinity"
        self.holder = subprocess.Popen(["unshare", "--net", "sh", "-c", script], stdout=subprocess.PIPE, text=True)
        assert self.holder.stdout.readline() == "up\n", "the network could not be made"
        self.path = f"/proc/{self.holder.pid}/ns/net"

    def run(self, function: Callable, *arguments: Any) -> Any:
        """Calls the function on a thread that is in this network, as are the threads and processes that it starts."""

        def inside() -> Any:
            with open(self.path) as place:
                if ctypes.CDLL(None, use_errno=True).setns(place.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            return function(*arguments)

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            return pool.submit(inside).result(120)

    def close(self) -> None:
        self.holder.kill()
        self.holder.wait()


class Container:
    """One service of compose.yaml, running in the tree of its image."""

    def __init__(
        self, images: pathlib.Path, name: str, service: dict, network: Network, *,
        volumes: dict[str, pathlib.Path], hosts: list[str], scratch: pathlib.Path,
    ) -> None:
        self.name, self.service, self.network, self.volumes = name, service, network, volumes
        self.tree = (images / name).resolve()
        self.image = image(images, name)
        self.user = service["user"]
        assert self.user == self.image["User"]
        self.hosts = scratch / f"{name}.hosts"
        self.hosts.write_text(f"127.0.0.1 localhost {' '.join(hosts)}\n")
        self.output, self.errors = scratch / f"{name}.out", scratch / f"{name}.err"
        self.outer: subprocess.Popen | None = None
        self.pid = 0

    @property
    def environment(self) -> list[str]:
        return self.image.get("Env") or []

    def mounts(self) -> list[str]:
        """What the engine would mount, as commands."""
        lines = []

        def target(path: str, folder: bool) -> str:
            place = self.tree / path.lstrip("/")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.mkdir(exist_ok=True) if folder else place.touch()
            return shlex.quote(str(place))

        def bind(source: str | os.PathLike, path: str, read_only: bool = False) -> None:
            place = target(path, os.path.isdir(source))
            lines.append(f"mount --bind {shlex.quote(str(source))} {place}")
            if read_only:
                lines.append(f"mount -o remount,bind,ro {place}")

        assert self.service["read_only"] is True
        lines.append(f"mount -t tmpfs -o mode=755,size=64k tmpfs {target('/dev', True)}")
        for device in ("null", "zero", "full", "random", "urandom"):
            lines += [f": >{self.tree}/dev/{device}", f"mount --bind /dev/{device} {self.tree}/dev/{device}"]
        lines.append(f"mount -t proc proc {target('/proc', True)}")
        for entry in self.service.get("tmpfs", []):
            path, _, options = entry.partition(":")
            lines.append(f"mount -t tmpfs -o {options} tmpfs {target(path, True)}")
        bind(self.hosts, "/etc/hosts", True)
        for volume in self.service.get("volumes", []):
            named = volume["type"] == "volume"
            bind(self.volumes[volume["source"]] if named else volume["source"], volume["target"], volume.get("read_only", False))
        # Neither the program nor its health check may need a shell.
        if self.name == "gateway":
            lines += [f"mount --bind /dev/null {self.tree}/bin/{shell}" for shell in SHELLS if (self.tree / "bin" / shell).is_file()]
        return lines

    def start(self) -> Container:
        tree = shlex.quote(str(self.tree))
        script = [
            "mount --make-rprivate /", f"mount --bind {tree} {tree}", *self.mounts(), f"mount -o remount,bind,ro {tree}",
            f'exec env -i {shlex.join(self.environment)} setpriv --no-new-privs chroot --groups= --userspec={self.user} {tree} "$@"',
        ]
        command = (self.image.get("Entrypoint") or []) + (self.image.get("Cmd") or [])
        unshare = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "sh", "-euc", "\n".join(script), "container", *command]
        with open(self.output, "ab") as out, open(self.errors, "ab") as err:
            self.outer = subprocess.Popen(["nsenter", f"--net={self.network.path}", *unshare], stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.outer.poll() is None:
            children = pathlib.Path(f"/proc/{self.outer.pid}/task/{self.outer.pid}/children").read_text().split()
            self.pid = int(children[0]) if children else 0
            if children and os.readlink(f"/proc/{children[0]}/root") == str(self.tree):
                return self
            time.sleep(0.02)
        raise AssertionError(f"{self.name} did not start: {self.text()}")

    def execute(self, *command: str, user: str | None = None, **options) -> subprocess.CompletedProcess:
        """A command inside the running container, as its user; what `docker exec` does."""
        uid, gid = (user or self.user).split(":")
        enter = ["nsenter", "--target", str(self.pid), "--mount", "--net", "--pid", "--root", "--setuid", uid, "--setgid", gid]
        return subprocess.run(["env", "-i", *self.environment, *enter, *command], capture_output=True, text=True, timeout=30, **options)

    def healthy(self) -> bool:
        """Asks as the engine does: with the command that the image names."""
        kind, *command = self.image["Healthcheck"]["Test"]
        assert kind == "CMD"
        return self.execute(*command).returncode == 0

    def wait_until_healthy(self, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not self.healthy():
            assert self.outer.poll() is None, f"{self.name} ended: {self.text()}"
            assert time.monotonic() < deadline, f"{self.name} is not healthy after {seconds} s: {self.text()}"
            time.sleep(0.1)

    def status(self) -> dict[str, str]:
        """/proc/PID/status of the first process."""
        return dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines() if ":\t" in line)

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self, seconds: float) -> int:
        return self.outer.wait(seconds)

    def stop(self, seconds: float = 30) -> int:
        """The image's stop signal; gives the exit status."""
        if self.outer.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.signal(getattr(signal, self.image["StopSignal"]))
        return self.wait(seconds)

    def kill(self) -> None:
        """Ends the first process, and with it every process of the container."""
        if self.outer and self.outer.poll() is None:
            os.kill(self.pid, signal.SIGKILL) if self.pid else self.outer.kill()
            self.outer.wait(10)

    def text(self) -> str:
        return "".join(f.read_text(errors="replace")[-3000:] for f in (self.output, self.errors) if f.exists())
