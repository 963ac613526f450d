"""Speed and memory beside nginx: reported, not judged, because a busy machine moves them."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import pytest

from support.places import ROOT, gateway_binary


@pytest.mark.full
def test_the_comparison_with_nginx_runs_and_every_answer_is_right(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture):
    figures = tmp_path / "figures.json"
    command = [sys.executable, ROOT / "deploy" / "bench" / "compare.py", "--gateway", gateway_binary(), "--passes", "3", "--seconds", "2", "--memory", "--json", figures]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    with capsys.disabled():
        print("\n" + done.stdout)
    rows = json.loads(figures.read_text())
    assert rows["gateway sse"]["good"] == 1000 and rows["gateway idle"]["good"] == 1000
