"""Where things lie: the repository, the gateway's binary, the virtual environments of the clients."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
END_TO_END = ROOT / "Tests" / "EndToEnd"
VENVS = pathlib.Path(os.environ.get("GATEHOUSE_VENVS", ROOT / ".build" / "venv"))


def gateway_binary() -> pathlib.Path:
    """The gateway under test: GATEHOUSE_BINARY, or the newest build of the working copy."""
    if chosen := os.environ.get("GATEHOUSE_BINARY"):
        return pathlib.Path(chosen).resolve()
    built = [p for p in (ROOT / ".build" / k / "gatehouse" for k in ("release", "debug")) if p.exists()]
    if not built:
        raise FileNotFoundError("no gateway was built; run: swift build --product gatehouse")
    return max(built, key=lambda p: p.stat().st_mtime)


def python_with(name: str, requirements: pathlib.Path) -> pathlib.Path:
    """The interpreter of the virtual environment `name`, made and filled when it is missing."""
    home = VENVS / name
    stamp, wanted = home / "installed.txt", requirements.read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin" / "pip", "install", "-q", "-r", requirements], check=True)
        stamp.write_text(wanted)
    return home / "bin" / "python"
