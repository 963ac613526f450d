"""What the flow clients share: the person in the browser, and a store for what a client learns."""

from __future__ import annotations

import asyncio
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from support.browser import Browser
from support.flow import answer_of, walk


class Person:
    """Signs in and agrees whenever a client opens a page; remembers what happened."""

    def __init__(self, user: str, password: str) -> None:
        self.user, self.password = user, password
        self.browser = Browser()
        self.opened: list[str] = []
        self.answers: list[dict[str, str]] = []

    async def open(self, url: str) -> None:
        self.opened.append(url)
        redirect = await asyncio.to_thread(walk, url, self.user, self.password, self.browser)
        self.answers.append(answer_of(redirect))


class Storage:
    """The TokenStorage of every SDK: in memory."""

    def __init__(self) -> None:
        self.tokens = None
        self.client = None
        self.history: list = []

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens) -> None:
        self.tokens = tokens
        self.history.append(tokens)

    async def get_client_info(self):
        return self.client

    async def set_client_info(self, client) -> None:
        self.client = client
