"""Things of one kind that a test makes as it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def several(make: Callable[..., Any], end: Callable[[Any], object] = lambda made: made.end()) -> Iterator[Callable[..., Any]]:
    """What a fixture yields: a function that makes another one; `make` is told how many there are. Each is ended after the test."""
    made: list[Any] = []

    def another(*arguments: Any, **settings: Any) -> Any:
        made.append(make(len(made), *arguments, **settings))
        return made[-1]

    yield another
    for one in made:
        end(one)
