"""Answers of an upstream that means harm or is broken, each with what must become of it."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import enum
import gzip
import json
import threading
import zlib
from collections.abc import AsyncIterator, Callable

from .recorder import Exchange, Received

# What is closed has this word in its name, and nothing else has.
CLOSED = b"secret"
ID = "call-1"

SCOPES = {
    "mcp:read": {"description": "Read", "tools": ["get_*"], "prompts": ["get_*"], "resources": ["note://public/*"]},
    "mcp:admin": {"description": "All", "includes": ["mcp:read"], "tools": ["*"], "prompts": ["*"], "resources": ["*"], "initial": False},
}


class Verdict(enum.Enum):
    """What the client must get."""

    FILTERED = "200 with the list, the closed items taken out"
    RELAYED = "the upstream's status and content as they are"
    BAD_GATEWAY = "502 with error 1502 and the id"
    STREAM = "200 with events, the closed items taken out"
    ERROR_EVENT = "200 with events, the last of which is error 1502 with the id"
    # The upstream broke off, or broke its framing, when part of a tool's result had been passed on already.
    CUT = "an answer that ends before its own framing says so"


FILTERED, RELAYED, BAD_GATEWAY, STREAM, ERROR_EVENT, CUT = Verdict
LIST, CALL = "tools/list", "tools/call"


@dataclasses.dataclass
class Kind:
    """One broken answer: its bytes, what the upstream does then, and the verdict by the method that was asked for."""

    name: str
    data: bytes | Callable[[], AsyncIterator[bytes]]
    verdicts: dict[str, Verdict]
    # keep: waits for the next request; close: ends the connection; reset: with RST; stay: waits for the gateway to end it.
    then: str = "keep"
    # For RELAYED: what of the answer arrives.
    status: int = 200
    content: bytes = b""


def both(verdict: Verdict) -> dict[str, Verdict]:
    return {LIST: verdict, CALL: verdict}


def tool(name: str, **more) -> dict:
    return {"name": name, "inputSchema": {"type": "object"}} | more


OPEN = [tool("get_one"), tool("get_two", description="caf\u00e9 \u2028")]
TOOLS = [OPEN[0], tool("delete_secret"), OPEN[1], tool("secret")]


def message(**members) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": ID} | members, ensure_ascii=False, separators=(",", ":")).encode()


LISTED = message(result={"tools": TOOLS, "nextCursor": "n"})
LARGE = message(result={"content": [{"type": "text", "text": "x" * 499_000}]})
CALLED = message(result={"content": [{"type": "text", "text": "done"}]})
NOTE = b'{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"hello"}}'


def head(*lines: str, status: str = "200 OK", kind: str | None = "application/json") -> bytes:
    fields = ([f"Content-Type: {kind}"] if kind is not None else []) + list(lines)
    return "".join(f"{line}\r\n" for line in [f"HTTP/1.1 {status}", *fields, ""]).encode("latin-1")


def answer(content: bytes, *lines: str, **more) -> bytes:
    return head(*lines, f"Content-Length: {len(content)}", **more) + content


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def chunked(content: bytes, *lines: str, **more) -> bytes:
    return head(*lines, "Transfer-Encoding: chunked", **more) + chunk(content) + b"0\r\n\r\n"


def events(*blocks: bytes, then: bytes = b"0\r\n\r\n", kind: str = "text/event-stream") -> bytes:
    return head("Transfer-Encoding: chunked", kind=kind) + b"".join(map(chunk, blocks)) + then


def event(data: bytes, *lines: bytes, end: bytes = b"\n") -> bytes:
    return end.join([*lines, b"data: " + data, b"", b""])


# HTTP -------------------------------------------------------------------------------------------------------------------------------

def endless(begin: bytes, part: bytes) -> Callable[[], AsyncIterator[bytes]]:
    async def parts() -> AsyncIterator[bytes]:
        yield begin
        while True:
            yield part

    return parts


def broken_heads() -> list[Kind]:
    """Nothing of these can be passed on, whatever was asked."""
    good = answer(LISTED)
    line, rest = good.split(b"\r\n", 1)
    unended = {
        "no status line": LISTED,
        "HTTP/0.9": b"<html>secret</html>",
        "a TLS record": b"\x15\x03\x03\x00\x02\x02\x28",
        "an HTTP/2 frame": b"\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64",
    }
    datas: dict[str, bytes | Callable] = {
        "an HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "another version": good.replace(b"HTTP/1.1", b"HTTP/3.0", 1),
        "a status of two digits": good.replace(b"200", b"20", 1),
        "a status beyond 599": good.replace(b"200", b"777", 1),
        "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: secret\r\nConnection: upgrade\r\n\r\nsecret",
        "endless interim answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        "an interim answer with content": b"HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello" + good,
        "endless fields": endless(line + b"\r\n", b"X-More: secret\r\n"),
        "a field without end": endless(line + b"\r\nX-More: ", b"secret" * 1000),
        "a status line without end": endless(b"HTTP/1.1 200 ", b"secret" * 1000),
        "NUL in a value": good.replace(b"\r\n", b"\r\nX-A: a\0b\r\n", 1),
        "NUL in a name": good.replace(b"\r\n", b"\r\nX\0A: b\r\n", 1),
        "a bare CR in a value": good.replace(b"\r\n", b"\r\nX-A: a\rSet-Cookie: secret=1\r\n", 1),
        "a bare LF in a value": good.replace(b"\r\n", b"\r\nX-A: a\nSet-Cookie: secret=1\r\n", 1),
        "line feeds only": good.replace(b"\r\n", b"\n"),
        "CR CR LF": good.replace(b"\r\n", b"\r\r\n", 2),
        "a folded value": good.replace(b"\r\n", b"\r\nX-A: a\r\n b\r\n", 1),
        "a space before the colon": good.replace(b"Content-Length:", b"Content-Length :"),
        "a field without a colon": good.replace(b"\r\n", b"\r\nSecret\r\n", 1),
        "a second status line": good.replace(b"\r\n", b"\r\nHTTP/1.1 200 OK\r\n", 1),
        "two types": good.replace(b"\r\n", b"\r\nContent-Type: text/event-stream\r\n", 1),
    }
    for name, lines in {
        "negative": ["-5"], "with a sign": ["+5"], "in hexadecimal": ["0x5"], "with a leading zero": ["0250"], "beyond 64 bits": ["18446744073709551621"],
        "empty": [""], "as a list": ["5, 5"], "of two numbers": ["5 5"], "with a fraction": ["5.0"], "twice the same": ["5", "5"], "twice": ["5", "300"],
        "in other digits": ["\u00b2\u00b3"],
    }.items():
        fields = [f"Content-Length: {value}" for value in lines]
        datas[f"a length {name}"] = head(*fields) + LISTED
    for name, lines in {
        "and a length": ["chunked", "5"], "that is unknown": ["xchunked"], "twice": ["chunked, chunked"], "over gzip": ["gzip, chunked"],
        "before gzip": ["chunked, gzip"], "that is identity": ["identity"], "that is empty": [""],
    }.items():
        fields = [f"Transfer-Encoding: {lines[0]}"] + [f"Content-Length: {value}" for value in lines[1:]]
        datas[f"a transfer coding {name}"] = head(*fields) + chunk(LISTED) + b"0\r\n\r\n"
    datas["a transfer coding in HTTP/1.0"] = chunked(LISTED).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    kinds = [Kind(name, data, both(BAD_GATEWAY), "close") for name, data in unended.items()]
    kinds += [Kind(name, data, both(BAD_GATEWAY), "stay") for name, data in datas.items()]
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    places = {"before the first byte": b"", "in the status line": line[:9], "in the fields": good[:40], "after an interim answer": interim}
    for where, part in places.items():
        kinds += [Kind(f"a {then} {where}", part, both(BAD_GATEWAY), then) for then in ("close", "reset")]
    return kinds


def broken_content() -> list[Kind]:
    """The head is good, the content is not: nothing is passed on in part, but a large result of a tool was begun."""
    cut = both(BAD_GATEWAY)
    begun = head("Transfer-Encoding: chunked") + chunk(LISTED[:20])
    datas = {
        "no hexadecimal number": begun + b"zz\r\n" + LISTED, "negative": begun + b"-5\r\n" + LISTED, "with 0x": begun + b"0x5\r\nhello\r\n0\r\n\r\n",
        "with a plus": begun + b"+5\r\nhello\r\n0\r\n\r\n", "after a space": begun + b" 5\r\nhello\r\n0\r\n\r\n",
        "before a space": begun + b"5 \r\nhello\r\n0\r\n\r\n",
        "beyond 64 bits": begun + b"10000000000000005\r\nhello\r\n0\r\n\r\n", "with LF only": begun + b"5\nhello\n0\n\n",
        "too small": begun + b"3\r\nhello\r\n0\r\n\r\n", "that is empty": begun + b"\r\nhello\r\n0\r\n\r\n",
        "with a broken extension": begun + b'5;a="\r\nhello\r\n0\r\n\r\n', "with LF in an extension": begun + b"5;a\nb\r\nhello\r\n0\r\n\r\n",
        "with NUL in an extension": begun + b"5;a\0\r\nhello\r\n0\r\n\r\n",
    }
    kinds = [Kind(f"a chunk size {name}", data, cut, "stay") for name, data in datas.items()]
    kinds += [
        Kind("a chunk size with CR only", begun + b"5\rhello\r0\r\r", cut, "close"),
        Kind("an extension without end", endless(begun + b"5;", b"a" * 1000), cut, "stay"),
        Kind("trailers without end", endless(begun + b"0\r\n", b"X-A: secret\r\n"), cut, "stay"),
        Kind("a trailer without a colon", begun + b"0\r\nsecret\r\n\r\n", cut, "stay"),
    ]
    for then in ("close", "reset"):
        for where, part in {
            "in a chunk": begun + b"50\r\nhello", "in a chunk size": begun + b"5", "before the last chunk": begun, "in the trailers": begun + b"0\r\nX-A: b",
            "before the end of a length": head("Content-Length: 500") + LISTED[:20],
        }.items():
            kinds.append(Kind(f"a {then} {where}", part, cut, then))
        kinds.append(Kind(f"a {then} before any content", head("Content-Length: 500"), cut, then))
        kinds.append(Kind(f"a {then} in a large result", head("Content-Length: 500000") + LARGE[:300_000], {CALL: CUT}, then))
    kinds += [
        Kind("a length too small", head("Content-Length: 20") + CALLED, both(BAD_GATEWAY), "stay"),
        Kind("a length of nothing", head("Content-Length: 0") + LISTED, both(RELAYED), "stay"),
        Kind("no length", head() + LISTED, {LIST: FILTERED}, "close"),
        Kind("no length for a call", head() + CALLED, {CALL: RELAYED}, "close", content=CALLED),
    ]
    return kinds


def second_answers() -> list[Kind]:
    """A second answer belongs to nobody: neither to this request nor to the next on the connection."""
    other = answer(message(result={"content": [{"type": "text", "text": "secret"}]}), "Set-Cookie: secret=1")
    late = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"

    async def with_a_pause() -> AsyncIterator[bytes]:
        yield answer(CALLED)
        await asyncio.sleep(0.02)
        yield late

    async def inside() -> AsyncIterator[bytes]:
        yield answer(LISTED)
        yield other

    return [
        Kind("two answers", answer(CALLED) + other, {CALL: RELAYED}, "stay", content=CALLED),
        Kind("two lists", answer(LISTED) + answer(LISTED), {LIST: FILTERED}, "stay"),
        Kind("two answers in chunks", chunked(CALLED) + other, {CALL: RELAYED}, "stay", content=CALLED),
        Kind("a second answer a moment later", with_a_pause, {CALL: RELAYED}, "stay", content=CALLED),
        Kind("a second answer at once behind a list", inside, {LIST: FILTERED}, "stay"),
        Kind("an answer to 204", b"HTTP/1.1 204 No Content\r\n\r\n" + other, both(RELAYED), "stay", status=204),
        Kind("content of a 204", b"HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\nsecret", both(BAD_GATEWAY), "stay"),
        Kind("line ends behind an answer", answer(CALLED) + b"\r\n\r\n", {CALL: RELAYED}, "stay", content=CALLED),
        Kind("an answer in an extension", chunked(CALLED).replace(b"\r\n{", b';a="HTTP/1.1 200 OK"\r\n{', 1), {CALL: RELAYED}, content=CALLED),
    ]


def refusals() -> list[Kind]:
    """What the upstream says to the gateway is not for the client."""
    lines = ['WWW-Authenticate: Bearer realm="secret"', "Set-Cookie: secret=1", "Location: http://secret.example/", "Access-Control-Allow-Origin: *"]
    kinds = []
    for status in ("301 Moved", "302 Found", "303 See Other", "304 Not Modified", "307 Temporary", "308 Permanent", "401 No", "403 No", "407 No"):
        content = b"" if status[:3] == "304" else b"secret"
        kinds.append(Kind(status, answer(content, *lines, status=status), both(BAD_GATEWAY), "stay"))
    more = lines + [
        "Set-Cookie2: secret", "Access-Control-Allow-Credentials: true", "access-control-expose-headers: secret", "Refresh: 0; url=secret",
        "Proxy-Authenticate: Basic secret", "Strict-Transport-Security: secret", "Clear-Site-Data: secret", "Alt-Svc: secret",
        "Authentication-Info: secret", "Keep-Alive: secret", "X-Gatehouse-Subject: secret", "Connection: X-Secret", "X-Secret: secret",
        "Upgrade: secret", "Trailer: X-Secret",
    ]
    trailers = head("Trailer: Set-Cookie", "Transfer-Encoding: chunked") + chunk(CALLED) + b"0\r\nSet-Cookie: secret=1\r\nContent-Length: 5\r\n\r\n"
    return kinds + [
        Kind("fields that are not for the client", answer(CALLED, *more), {CALL: RELAYED}, content=CALLED),
        Kind("fields that are not for the client beside a list", answer(LISTED, *more), {LIST: FILTERED}),
        Kind("fields in trailers", trailers, {CALL: RELAYED}, content=CALLED),
        Kind("an error of the server", answer(b"oops", status="500 Oops", kind="text/plain"), both(RELAYED), status=500, content=b"oops"),
        Kind("a list with an error status", answer(LISTED, status="400 Bad"), {LIST: FILTERED}, status=400),
        Kind("a list with status 201", answer(LISTED, status="201 Created"), {LIST: FILTERED}, status=201),
    ]


# Messages ---------------------------------------------------------------------------------------------------------------------------

def with_tools(text: str) -> bytes:
    """A list answer with `tools` as they are written."""
    return b'{"jsonrpc":"2.0","id":"' + ID.encode() + b'","result":{"tools":' + text.encode() + b"}}"


def messages() -> dict[str, tuple[bytes, bool]]:
    """Contents that answer a list request, and whether they can be understood."""
    tools = json.dumps(TOOLS)
    closed = '{"name":"delete_secret"}'
    deep = '{"a":' * 200 + "1" + "}" * 200
    return {
        "a name with an escape": (LISTED.replace(b"delete_secret", b"delete_s\\u0065cret"), True),
        "a name that begins alike": (with_tools('[{"name":"get_one"},{"name":"Get_secret"},{"name":" get_secret"},{"name":"get"}]'), True),
        "a name that goes on after NUL": (with_tools('[{"name":"get_one"},{"name":"get_\\u0000secret"}]'), True),
        "other lists beside": (LISTED.replace(b'"nextCursor"', b'"prompts":[{"name":"secret"}],"resources":[{"uri":"note://secret/1"}],'
                                              b'"resourceTemplates":[{"uriTemplate":"note://secret/{x}"}],"nextCursor"'), True),
        "an empty list": (with_tools("[]"), True),
        "white space everywhere": (LISTED.replace(b",", b" ,\r\n ").replace(b":", b" : "), True),
        "closed items only": (with_tools(f"[{closed}]"), True),
        "no id": (LISTED.replace(b'"id":"call-1",', b""), False),
        "the id null": (LISTED.replace(b'"call-1"', b"null"), False),
        "the id an object": (LISTED.replace(b'"call-1"', b"{}"), False),
        "two ids": (LISTED.replace(b'"id"', b'"id":"x","id"'), False),
        "no version": (LISTED.replace(b'"jsonrpc":"2.0",', b""), False),
        "an array": (b"[" + LISTED + b"]", False),
        "an array of two": (b"[" + CALLED + b"," + LISTED + b"]", False),
        "two documents": (LISTED + LISTED, False),
        "two lines": (CALLED + b"\n" + LISTED, False),
        "a method beside the result": (LISTED.replace(b'"result"', b'"method":"x","result"'), False),
        "a method in other case": (LISTED.replace(b'"result"', b'"Method":"x","result"'), False),
        "an error beside the result": (LISTED.replace(b'"result"', b'"error":{"code":1,"message":"x"},"result"'), False),
        "a result in other case beside": (LISTED.replace(b'"result"', b'"result":{"tools":[]},"Result"'), False),
        "a result in other case": (LISTED.replace(b'"result"', b'"RESULT"'), False),
        "two results": (LISTED.replace(b'"result"', b'"result":{"tools":[]},"result"'), False),
        "two lists of a name": (LISTED.replace(b'"tools"', b'"tools":[],"tools"'), False),
        "a list in other case beside": (LISTED.replace(b'"tools"', b'"tools":[],"Tools"'), False),
        "a list that folds beside": (LISTED.replace(b'"tools"', '"tools":[],"tool\u017f"'.encode()), False),
        "a list that goes on after NUL beside": (LISTED.replace(b'"tools"', b'"tools":[],"tools\\u0000"'), False),
        "a name that goes on after NUL beside": (with_tools('[{"name":"get_one","name\\u0000":"secret"}]'), False),
        "a list with an escape beside": (LISTED.replace(b'"tools"', b'"tools":[],"t\\u006fols"'), False),
        "a name twice": (with_tools(f'[{{"name":"get_one"}},{{"name":"get_one","description":"secret"}},{closed}]'), False),
        "two names in an item": (with_tools('[{"name":"get_one","name":"secret"}]'), False),
        "a name in other case beside": (with_tools('[{"name":"get_one","Name":"secret"}]'), False),
        "a name that folds beside": (with_tools('[{"name":"get_one","n\\u0061me":"secret"}]'), False),
        "an item that is a text": (with_tools(f'["secret",{closed}]'), False),
        "an item that is null": (with_tools(f"[null,{closed}]"), False),
        "an item that is a list": (with_tools(f"[[{closed}]]"), False),
        "an item without a name": (with_tools('[{"title":"secret"}]'), False),
        "a name that is a number": (with_tools('[{"name":1,"title":"secret"}]'), False),
        "a list that is an object": (with_tools(f'{{"0":{closed}}}'), False),
        "a list that is a text": (with_tools('"secret"'), False),
        "a list that is null": (with_tools("null"), False),
        "no list": (LISTED.replace(b'"tools"', b'"secrets"'), False),
        "a result that is a list": (LISTED.replace(b'"result":{"tools":', b'"result":[').replace(b',"nextCursor":"n"}', b"]"), False),
        "a result that is null": (message(result=None), False),
        "200 levels": (with_tools(f'[{{"name":"get_one","x":{deep}}},{closed}]'), False),
        "invalid UTF-8": (LISTED.replace(b"get_one", b"get_\xff"), False),
        "overlong UTF-8": (LISTED.replace(b"delete_secret", b"get_\xc0\xa2secret"), False),
        "half a pair": (LISTED.replace(b"get_one", b"get_\\ud800"), False),
        "a byte order mark": (b"\xef\xbb\xbf" + LISTED, False),
        "UTF-16": (LISTED.decode().encode("utf-16"), False),
        "NUL behind": (LISTED + b"\0", False),
        "a comment": (LISTED.replace(b'"nextCursor"', b'/*x*/"nextCursor"'), False),
        "a comma too many": (LISTED.replace(b'"nextCursor":"n"', b'"nextCursor":"n",'), False),
        "a cut message": (LISTED[:-1], False),
        "a control character": (LISTED.replace(b"get_one", b"get_\none"), False),
        "nothing but space": (b"   ", False),
        "text": (b"secret", False),
        "5 MB": (with_tools(json.dumps(TOOLS + [tool(f"get_{n}", description="x" * 1000) for n in range(5000)])), False),
        "10,000 items": (with_tools(json.dumps([tool(f"{'secret' if n % 2 else 'get'}_{n}") for n in range(10_000)])), True),
        "two scopes of a cache": (LISTED.replace(b'"nextCursor"', b'"cacheScope":"public","cacheScope":"private","nextCursor"'), False),
        "a scope of a cache in other case": (LISTED.replace(b'"nextCursor"', b'"CacheScope":"public","nextCursor"'), False),
        "the public scope of a cache": (LISTED.replace(b'"nextCursor"', b'"cacheScope":"public","nextCursor"'), True),
    } | {f"the tools {tools[:12]} in a text": (with_tools(json.dumps(tools)), False)}


def wrong_messages() -> list[Kind]:
    kinds = [Kind(f"a list with {name}", answer(data), {LIST: FILTERED if good else BAD_GATEWAY}) for name, (data, good) in messages().items()]
    error = message(error={"code": -32603, "message": "oops"})
    nothing = b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"oops"}}'
    return kinds + [
        Kind("an error", answer(error), both(RELAYED), content=error),
        Kind("an error without id", answer(nothing), both(RELAYED), content=nothing),
        Kind("a notification", answer(NOTE), both(BAD_GATEWAY)),
        Kind("a list with another id", answer(LISTED.replace(ID.encode(), b"call-2")), {LIST: BAD_GATEWAY}),
        Kind("a list with an id of another kind", answer(LISTED.replace(b'"call-1"', b"1")), {LIST: BAD_GATEWAY}),
        Kind("a result for another id", answer(CALLED.replace(b"call-1", b"call-9")), {CALL: BAD_GATEWAY}),
        Kind("a result for a list", answer(CALLED), {LIST: BAD_GATEWAY}),
        Kind("a list that says it is HTML", answer(LISTED, kind="text/html"), {LIST: FILTERED}),
        Kind("a list that says nothing", answer(LISTED, kind=None), {LIST: FILTERED}),
        Kind("events that say they are JSON", answer(event(LISTED)), {LIST: BAD_GATEWAY}),
        Kind("events with status 201", chunked(event(LISTED), status="201 Created", kind="text/event-stream"), {LIST: BAD_GATEWAY}),
        Kind("a list of types", answer(event(LISTED), kind="text/event-stream, application/json"), {LIST: BAD_GATEWAY}),
    ]


def encoded() -> list[Kind]:
    """Nothing was asked to be encoded, and what is cannot be judged."""
    brotli = base64.b64decode("CwWAc2VjcmV0IHNlY3JldAM=")
    contents = {"gzip": gzip.compress(LISTED), "deflate": zlib.compress(LISTED), "br": brotli, "zstd": b"\x28\xb5\x2f\xfd" + LISTED}
    kinds = [Kind(f"a list in {name}", answer(data, f"Content-Encoding: {name}"), {LIST: BAD_GATEWAY}) for name, data in contents.items()]
    for name in ("x", "GZIP", "identity, gzip", "gzip, identity"):
        kinds.append(Kind(f"a list that says {name}", answer(LISTED, f"Content-Encoding: {name}"), {LIST: BAD_GATEWAY}))
    kinds += [
        Kind("a list in gzip that says nothing", answer(gzip.compress(LISTED)), {LIST: BAD_GATEWAY}),
        Kind("a list in gzip that says identity", answer(gzip.compress(LISTED), "Content-Encoding: identity"), {LIST: BAD_GATEWAY}),
        Kind("a list that says identity", answer(LISTED, "Content-Encoding: identity"), {LIST: FILTERED}),
        Kind("two encodings", answer(LISTED, "Content-Encoding: identity", "Content-Encoding: gzip"), {LIST: BAD_GATEWAY}),
        Kind("events in gzip", chunked(gzip.compress(event(LISTED)), "Content-Encoding: gzip", kind="text/event-stream"), both(BAD_GATEWAY)),
    ]
    return kinds


# Events -----------------------------------------------------------------------------------------------------------------------------

def event_streams() -> list[Kind]:
    cr, crlf, mark = b"\r", b"\r\n", b"\xef\xbb\xbf"
    parts = LISTED.replace(b",", b",\n").split(b"\n")
    over = b"data: " + b"secret" * 800_000
    streams = {
        "plain": [event(LISTED)], "with CRLF": [event(LISTED, end=crlf)], "with CR": [event(LISTED, end=cr)],
        "with all line ends": [b"event: message\r", b"\nid: 1\rdata: " + LISTED + b"\n", b"\r"],
        "with data on many lines": [b"".join(b"data: " + part + b"\r\n" for part in parts) + b"\r\n"],
        "with data on many lines that end in CR": [b"".join(b"data: " + part + b"\r" for part in parts) + b"\r"],
        "without a space": [b"data:" + LISTED + b"\n\n"], "with other lines between": [b"data: {\nx: y\n: comment\nretry: 5\ndata: " + LISTED[1:] + b"\n\n"],
        "with a byte order mark": [mark + event(LISTED)], "with an empty data line": [b"data\ndata: " + LISTED + b"\ndata\n\n"],
        "called an endpoint": [event(LISTED, b"event: endpoint")], "of another type": [event(LISTED, b"event: ping")],
        "with NUL in its id": [event(LISTED, b"id: a\0b")], "with odd times": [event(LISTED, b"retry: -1", b"retry: 99999999999999999999")],
        "twice": [event(LISTED), event(LISTED)], "behind a comment": [b": hello\n\n", event(LISTED)], "behind a notification": [event(NOTE), event(LISTED)],
        "for another id": [event(LISTED.replace(b"call-1", b"call-2")), event(LISTED)], "split in CRLF": [b"data: " + LISTED + b"\r", b"\n\r", b"\n"],
        "byte by byte": [bytes([b]) for b in event(LISTED, b"id: 1", end=crlf)],
        "with an escape": [event(LISTED.replace(b"secret", b"s\\u0065cret"))],
    }
    kinds = [Kind(f"a list in events {name}", events(*blocks), {LIST: STREAM}) for name, blocks in streams.items()]
    kinds.append(Kind("a list in the events of a call", events(event(NOTE), event(LISTED.replace(b"call-1", b"x")), event(CALLED)), {CALL: STREAM}))
    kinds.append(Kind("a list that answers a call in events", events(event(LISTED)), {CALL: STREAM}))
    # Not for this id, not twice, not in part: the stream has no answer, and its end says so.
    kinds.append(Kind("events that end within one", events(event(NOTE), b"data: " + LISTED + b"\n"), {LIST: STREAM}))
    wrong = {name: data for name, (data, good) in messages().items() if not good and b"\n" not in data and name not in ("nothing but space", "5 MB")}
    kinds += [Kind(f"events with {name}", events(event(NOTE), event(data)), {LIST: ERROR_EVENT}, "stay") for name, data in wrong.items()]
    begun = events(event(NOTE), then=b"")
    kinds += [
        Kind("an event over the limit", events(event(NOTE), over, b"\n\n"), both(ERROR_EVENT), "stay"),
        Kind("a comment without end", endless(begun, chunk(b": " + b"secret" * 10_000)), both(ERROR_EVENT), "stay"),
        Kind("comments without a blank line", endless(begun, chunk(b": secret\n" * 5_000)), both(ERROR_EVENT), "stay"),
        Kind("data lines without end", endless(begun, chunk(b"data: secret\n" * 5_000)), both(ERROR_EVENT), "stay"),
        Kind("events that break the chunks", begun + b"zz\r\n" + event(LISTED), both(ERROR_EVENT), "stay"),
        Kind("events that break off", begun + b"fff\r\n" + event(LISTED)[:-1], both(ERROR_EVENT), "close"),
        Kind("events that are reset", begun + b"fff\r\n" + event(LISTED)[:-1], both(ERROR_EVENT), "reset"),
    ]
    return kinds


KINDS = [
    *broken_heads(), *broken_content(), *second_answers(), *refusals(), *wrong_messages(), *encoded(), *event_streams(),
]


def script(kind: Kind, ended: threading.Event):
    """Answers pings, and everything else in that way; `ended` is set once the connection is no longer of use."""
    async def serve(request: Received, exchange: Exchange) -> None:
        if request.message.get("method") == "ping":
            return await exchange.result(request, {"pong": request.message["params"]["nonce"]})
        if callable(kind.data):
            async for part in kind.data():
                await exchange.raw(part)
        else:
            await exchange.raw(kind.data)
        if kind.then == "close":
            exchange.close()
        elif kind.then == "reset":
            exchange.reset()
        elif kind.then == "stay":
            await exchange.gone()

    async def whole(request: Received, exchange: Exchange) -> None:
        try:
            await serve(request, exchange)
        finally:
            ended.set()

    return whole
