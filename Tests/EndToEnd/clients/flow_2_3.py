"""Goes from no knowledge to a tool result with the SDK client 2.3.0, then refreshes and steps up; prints what it saw, as JSON.

    flow_2_3.py URL MODE USER PASSWORD [SECONDS]     MODE: auto | legacy; SECONDS: until the access token has expired
"""

from __future__ import annotations

import asyncio
import json
import sys

from flow_walker import Person, Storage
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.auth import OAuthClientMetadata
from pydantic import AnyUrl


async def main(url: str, mode: str, user: str, password: str, seconds: float) -> dict:
    person, storage = Person(user, password), Storage()

    async def callback() -> AuthorizationCodeResult:
        answer = person.answers[-1]
        return AuthorizationCodeResult(code=answer["code"], state=answer.get("state"), iss=answer.get("iss"))

    provider = OAuthClientProvider(
        server_url=url,
        client_metadata=OAuthClientMetadata(
            client_name="SDK 2.3.0",
            redirect_uris=[AnyUrl("http://127.0.0.1:33333/callback")],
            grant_types=["authorization_code", "refresh_token"],
            response_types=["code"],
            token_endpoint_auth_method="none",
        ),
        storage=storage,
        redirect_handler=person.open,
        callback_handler=callback,
    )
    async with create_mcp_http_client(auth=provider) as http_client:
        async with Client(streamable_http_client(url, http_client=http_client), mode=mode) as client:
            seen: dict = {"tools": sorted(t.name for t in (await client.list_tools()).tools)}
            seen["echo"] = (await client.call_tool("echo", {"text": "hello"})).content[0].text
            seen["scope"] = storage.tokens.scope
            if seconds:
                await asyncio.sleep(seconds)
                seen["after expiry"] = (await client.call_tool("echo", {"text": "again"})).content[0].text
                seen["refreshed"] = len(storage.history) > 1 and len(person.opened) == 1
            seen["stepped up"] = (await client.call_tool("delete_all", {})).content[0].text
            seen["scope after"] = storage.tokens.scope
    seen["pages"] = len(person.opened)
    return seen


if __name__ == "__main__":
    url, mode, user, password, *rest = sys.argv[1:]
    print(json.dumps(asyncio.run(main(url, mode, user, password, float(rest[0]) if rest else 0))))
