"""Goes from no knowledge to a tool result with the client of fastmcp 4; prints what it saw, as JSON.

    flow_fastmcp.py URL USER PASSWORD
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
import urllib.request
import webbrowser

from flow_walker import Person
from fastmcp import Client
from fastmcp.client.auth import OAuth
from support.flow import walk


async def main(url: str, user: str, password: str) -> dict:
    person = Person(user, password)

    def browse(address: str, *_, **__) -> bool:
        def later() -> None:
            person.opened.append(address)
            redirect = walk(address, user, password, person.browser)
            time.sleep(0.7)                       # the client's listener starts a moment after this
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(redirect, timeout=10).read()

        threading.Thread(target=later, daemon=True).start()
        return True

    webbrowser.open = browse
    async with Client(url, auth=OAuth(callback_host="127.0.0.1")) as client:
        tools = sorted(t.name for t in await client.list_tools())
        echo = (await client.call_tool("echo", {"text": "hello"})).content[0].text
    return {"tools": tools, "echo": echo, "pages": len(person.opened)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
