"""Calls that are answered later work through the gateway as without it, in both generations of the protocol."""

from __future__ import annotations

import json
import pathlib
import re

import pytest

from support.parity import Pair, walk_both
from test_parity import assert_same

SCOPES = {"tasks:all": {"description": "Everything", "tools": ["*"]}}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r'"(createdAt|lastUpdatedAt)": "[^"]*"')
QUESTION = re.compile(r'"id": "task-[^"]*"')
"""The SDK 1.27 writes the name of the task and an address in its memory into the number of what it asks."""


def task_names(seen) -> list[str]:
    """Every task's name, in the order in which they occur."""
    found: dict[str, None] = {}

    def search(value) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("taskId"), str):
                found[value["taskId"]] = None
            for inner in value.values():
                search(inner)
        elif isinstance(value, list):
            for inner in value:
                search(inner)

    search(seen["steps"])
    search(seen)
    return list(found)


def without_names(seen: dict) -> dict:
    """Tasks are numbered instead of named, and times left out."""
    words = QUESTION.sub('"id": "asked"', TIME.sub(r'"\1": "then"', json.dumps(seen)))
    for number, name in enumerate(task_names(seen)):
        words = words.replace(json.dumps(name), f'"task {number}"')
    return json.loads(words)


@pytest.mark.parametrize("pair, tasks", [
    (Pair("1_27", "legacy", "1_27", (), "tasks"), 4),
    pytest.param(Pair("1_27", "legacy", "1_27", ("--json",), "tasks"), 3, marks=pytest.mark.full),
    (Pair("2_3", "auto", "2_3", (), "tasks"), 2),
    pytest.param(Pair("2_3", "auto", "2_3", ("--no-events",), "tasks"), 2, marks=pytest.mark.full),
], ids=lambda value: str(value) if isinstance(value, Pair) else "")
def test_a_client_follows_a_task_to_its_end_with_and_without_the_gateway(pair: Pair, tasks: int, tmp_path: pathlib.Path):
    alone, through = walk_both(pair, tmp_path, SCOPES, "tasks:all")
    assert len(task_names(alone)) == tasks, task_names(alone)
    assert_same(without_names(through), without_names(alone))
    assert all(UUID.fullmatch(name) for name in task_names(alone)) and not any(UUID.fullmatch(name) for name in task_names(through))
