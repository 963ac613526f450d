"""The servers of the official SDK do through the gateway what they do without it: everything that a client can observe is the same."""

from __future__ import annotations

import copy
import json
import pathlib

import pytest

from support.parity import Pair, walk_both

SCOPES = {
    "parity:open": {
        "description": "Nearly everything",
        "tools": ["get_*", "create_*", "nowhere"],
        "prompts": ["greet", "picture", "interview", "nowhere"],
        "resources": ["note://public/*"],
        "methods": ["test/*"],
    },
    "parity:all": {"description": "Everything", "includes": ["parity:open"], "tools": ["*"], "prompts": ["*"], "resources": ["*"]},
}
MODERN = Pair("2_3", "2026-07-28", "2_3")
LEGACY = Pair("2_3", "legacy", "2_3")
OLD = Pair("1_27", "legacy", "1_27")
FALLBACK = Pair("2_3", "auto", "1_27")
UPWARDS = Pair("1_27", "legacy", "2_3")


FLAGS = [(), ("--json",), ("--stateless",), ("--json", "--stateless"), ("--no-events",)]


def pairs(*quick: Pair, options: list[tuple] = FLAGS) -> list:
    """Every pair with all these options of the servers; those that are not quick take too long for every day."""
    clients = (MODERN, Pair("2_3", "auto", "2_3"), LEGACY, OLD, FALLBACK, UPWARDS)
    every = [Pair(one.client, one.mode, one.server, flags) for one in clients for flags in options]
    return [pytest.param(pair, id=str(pair), marks=() if pair in quick else pytest.mark.full) for pair in every]


def extras(pair: Pair) -> list[str]:
    return ["--odd"] if pair.modern else []


def private(seen: dict) -> dict:
    """What may be shared between users must not be, once it depends on a token."""
    return json.loads(json.dumps(seen).replace('"cacheScope": "public"', '"cacheScope": "private"'))


def assert_same(through: dict, expected: dict) -> None:
    """Part by part, so that a difference is told by its name."""
    for part in expected:
        if isinstance(expected[part], dict):
            for name in expected[part].keys() | through[part].keys():
                assert through[part].get(name) == expected[part].get(name), f"{part}: {name}"
        assert through[part] == expected[part], part
    assert through.keys() == expected.keys()


@pytest.mark.parametrize("pair", pairs(
    MODERN, Pair("2_3", "2026-07-28", "2_3", ("--json",)), LEGACY, Pair("2_3", "legacy", "2_3", ("--json", "--stateless")),
    OLD, Pair("1_27", "legacy", "1_27", ("--json",)), FALLBACK, UPWARDS,
))
def test_a_client_observes_the_same_with_and_without_the_gateway(pair: Pair, tmp_path: pathlib.Path):
    alone, through = walk_both(pair, tmp_path, SCOPES, "parity:all", *extras(pair))
    assert len(alone["steps"]) > 30, alone["steps"].keys()
    assert_same(through, private(alone))


def is_closed(name: str) -> bool:
    return name.startswith(("delete_", "insult", "note://secret/"))


def without_closed(alone: dict) -> dict:
    """What of this is left to a token that does not open everything."""
    left = private(copy.deepcopy(alone))
    for kind, name in (("tools", "name"), ("prompts", "name"), ("resources", "uri"), ("resourceTemplates", "uriTemplate")):
        for page in left["steps"][kind]:
            page[kind] = [item for item in page[kind] if not is_closed(item[name])]
    return left


@pytest.mark.parametrize("pair", pairs(MODERN, OLD, options=[(), ("--json",)]))
def test_a_narrower_token_takes_away_what_it_does_not_open_and_nothing_else(pair: Pair, tmp_path: pathlib.Path):
    alone, through = walk_both(pair, tmp_path, SCOPES, "parity:open", *extras(pair), "--narrow")
    closed = {step: alone["steps"].pop(step) for step in list(alone["steps"]) if step.startswith("closed ")}
    assert len(closed) == 7 and all(answer["status"] == 200 for answer in closed.values()), closed
    for step in closed:
        refused = through["steps"].pop(step)
        assert refused["status"] == 403 and refused["body"]["id"] == " ".join(step.split()[:2]), refused
        assert "result" not in refused["body"], refused
    expected = without_closed(alone)
    assert any(page["tools"] == [] and page["nextCursor"] for page in expected["steps"]["tools"]), "no page is emptied"
    assert_same(through, expected)
