"""Goes from no knowledge to a tool result with an SDK client of the 1.x line; prints what it saw, as JSON.

    flow_1.py URL USER PASSWORD [SECONDS]            SECONDS: until the access token has expired
"""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import sys

from flow_walker import Person, Storage
from mcp import ClientSession
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamablehttp_client
from mcp.shared.auth import OAuthClientMetadata
from pydantic import AnyUrl


async def main(url: str, user: str, password: str, seconds: float) -> dict:
    person, storage = Person(user, password), Storage()
    version = importlib.metadata.version("mcp")

    async def callback() -> tuple[str, str | None]:
        return person.answers[-1]["code"], person.answers[-1].get("state")

    provider = OAuthClientProvider(
        server_url=url,
        client_metadata=OAuthClientMetadata(
            client_name=f"SDK {version}",
            redirect_uris=[AnyUrl("http://localhost:33334/callback")],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
            token_endpoint_auth_method="none",
        ),
        storage=storage,
        redirect_handler=person.open,
        callback_handler=callback,
    )
    seen: dict = {"version": version}
    async with streamablehttp_client(url, auth=provider) as (read, write, _), ClientSession(read, write) as client:
        await client.initialize()
        seen["tools"] = sorted(t.name for t in (await client.list_tools()).tools)
        seen["echo"] = (await client.call_tool("echo", {"text": "hello"})).content[0].text
        seen["scope"] = storage.tokens.scope
        if seconds:
            await asyncio.sleep(seconds)
            seen["after expiry"] = (await client.call_tool("echo", {"text": "again"})).content[0].text
            seen["refreshed"] = len(storage.history) > 1 and len(person.opened) == 1
        if tuple(map(int, version.split(".")[:2])) >= (1, 20):
            seen["stepped up"] = (await client.call_tool("delete_all", {})).content[0].text
            seen["scope after"] = storage.tokens.scope
    seen["pages"] = len(person.opened)
    return seen


if __name__ == "__main__":
    url, user, password, *rest = sys.argv[1:]
    print(json.dumps(asyncio.run(main(url, user, password, float(rest[0]) if rest else 0))))
