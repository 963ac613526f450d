"""Requests that try to mean two things: an innocent one to whoever judges, a call of something closed to whoever carries it out.

Each family is a function that yields its cases for one revision. What they try to smuggle past is said in `allowed`.
"""

from __future__ import annotations

import base64
import copy
import dataclasses
import gzip
import json
import zlib
from collections.abc import Callable, Iterator

from .messages import message
from .readers import Call

SCOPES = {
    "mcp:read": {
        "description": "Read",
        "tools": ["get_*", "*_safe", {"name": "deploy", "arguments": {"environment": ["staging"]}}],
        "resources": ["note://public/*"],
        "prompts": ["get_*"],
    },
    "mcp:admin": {
        "description": "Destroy", "includes": ["mcp:read"], "initial": False,
        "tools": ["delete_*", "deploy"], "resources": ["note://secret/*"], "prompts": ["root_*"],
    },
}
OPEN_METHODS = {"initialize", "ping", "server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list"}

REFUSED, DENIED, FORWARDED = "refused", "denied", "forwarded"


def allowed(call: Call) -> bool:
    """Whether a token with `mcp:read` opens the call."""
    target = call.target or ""
    if call.method == "tools/call":
        return target.startswith("get_") or target.endswith("_safe") or (target == "deploy" and call.argument == "staging")
    if call.method == "prompts/get":
        return target.startswith("get_")
    if call.method in ("resources/read", "resources/subscribe", "resources/unsubscribe"):
        return target.startswith("note://public/")
    if call.method == "completion/complete":
        return target.startswith(("get_", "note://public/"))
    return call.method in OPEN_METHODS or call.method.startswith("notifications/")


@dataclasses.dataclass
class Case:
    """One request: its body, the field lines that differ from a good request's, and what must become of it."""

    name: str
    body: bytes
    verdict: str = REFUSED
    # Which method and name the fields of 2026-07-28 claim.
    claims: tuple[str, str | None] = ("tools/call", "get_one")
    # Field lines that take the place of those of the same name.
    fields: list[tuple[str, str]] = dataclasses.field(default_factory=list)


# Drafts -----------------------------------------------------------------------------------------------------------------------------
# A draft is a list of [name, value] as they are written; a value is JSON text, or again a draft.

Draft = list


def draft(method: str, params: dict, revision: str) -> Draft:
    return members(message(method, params, revision=revision, identifier=7))


def members(value: dict) -> Draft:
    return [[json.dumps(n), members(v) if isinstance(v, dict) and v else json.dumps(v)] for n, v in value.items()]


def text(value: Draft | str) -> str:
    return value if isinstance(value, str) else "{" + ",".join(f"{n}:{text(v)}" for n, v in value) + "}"


def place(value: Draft, path: str) -> tuple[Draft, int]:
    """The draft that holds the member, and its index; `/` parts the names."""
    *parents, name = path.split("|")
    for parent in parents:
        value = next(v for n, v in value if n == f'"{parent}"')
    return value, next(i for i, (n, _) in enumerate(value) if n == f'"{name}"')


def beside(value: Draft, path: str, name: str, other: str, first: bool) -> str:
    """The text with another member right before or after the one at `path`."""
    value = copy.deepcopy(value)
    holder, index = place(value, path)
    holder.insert(index if first else index + 1, [f'"{name}"', other])
    return text(value)


def changed(value: Draft, path: str, *, name: str | None = None, to: str | None = None) -> str:
    """The text with another name or another value at `path`."""
    value = copy.deepcopy(value)
    holder, index = place(value, path)
    holder[index] = [holder[index][0] if name is None else f'"{name}"', holder[index][1] if to is None else to]
    return text(value)


@dataclasses.dataclass
class Drafts:
    """The innocent requests and the closed ones, of one revision."""

    revision: str

    @property
    def get(self) -> Draft:
        return draft("tools/call", {"name": "get_one", "arguments": {"a": 1}}, self.revision)

    @property
    def delete(self) -> Draft:
        return draft("tools/call", {"name": "delete_all", "arguments": {"a": 1}}, self.revision)

    @property
    def deploy(self) -> Draft:
        return draft("tools/call", {"name": "deploy", "arguments": {"environment": "staging"}}, self.revision)

    @property
    def read(self) -> Draft:
        return draft("resources/read", {"uri": "note://public/1"}, self.revision)

    @property
    def prompt(self) -> Draft:
        return draft("prompts/get", {"name": "get_greeting", "arguments": {"a": "1"}}, self.revision)

    @property
    def complete(self) -> Draft:
        params = {"ref": {"type": "ref/prompt", "name": "get_greeting"}, "argument": {"name": "a", "value": "b"}}
        return draft("completion/complete", params, self.revision)

    @property
    def ping(self) -> Draft:
        """A ping that carries what a closed call needs."""
        return draft("ping", {"name": "delete_all", "arguments": {}, "uri": "note://secret/1"}, self.revision)

    @property
    def places(self) -> dict[str, tuple[Draft, str, str, tuple[str, str | None]]]:
        """Every member that decides something: the draft, its path there, the closed value, and what an honest header claims."""
        get, delete = ("tools/call", "get_one"), ("tools/call", "delete_all")
        return {
            "method": (self.ping, "method", '"tools/call"', ("ping", None)),
            "method of a read": (self.ping, "method", '"resources/read"', ("ping", None)),
            "params": (self.get, "params", dict(self.delete_members)["params"], get),
            "name": (self.get, "params|name", '"delete_all"', get),
            "uri": (self.read, "params|uri", '"note://secret/1"', ("resources/read", "note://public/1")),
            "name of a prompt": (self.prompt, "params|name", '"root_shell"', ("prompts/get", "get_greeting")),
            "params of a read": (self.read, "params", '{"uri":"note://secret/1"}', ("resources/read", "note://public/1")),
            "argument": (self.deploy, "params|arguments|environment", '"production"', ("tools/call", "deploy")),
            "arguments": (self.deploy, "params|arguments", '{"environment":"production"}', ("tools/call", "deploy")),
            "name of a completion": (self.complete, "params|ref|name", '"root_shell"', ("completion/complete", None)),
            "ref": (self.complete, "params|ref", '{"type":"ref/prompt","name":"root_shell"}', ("completion/complete", None)),
        } | {"name of a deletion": (self.delete, "params|name", '"get_one"', delete)}

    @property
    def delete_members(self) -> list[tuple[str, str]]:
        return [(json.loads(n), text(v)) for n, v in self.delete]


ORDERS = {"before": True, "after": False}
LETTERS = {"a": "\\u0061", "e": "\\u0065", "m": "\\u006d", "n": "\\u006E", "r": "\\u0072", "i": "\\u0069"}


def escaped(name: str) -> str:
    """The name with its first letter that may be escaped so."""
    letter = next(c for c in name if c in LETTERS)
    return name.replace(letter, LETTERS[letter], 1)


# Families ---------------------------------------------------------------------------------------------------------------------------

def duplicates(d: Drafts) -> Iterator[Case]:
    for what, (value, path, other, claims) in d.places.items():
        for order, first in ORDERS.items():
            yield Case(f"another {what} {order}", beside(value, path, path.split("|")[-1], other, first).encode(), claims=claims)
    for path, other in {"jsonrpc": '"1.0"', "id": "8", "params|arguments|a": "2"}.items():
        for order, first in ORDERS.items():
            body = beside(d.get, path, path.split("|")[-1], other, first)
            yield Case(f"another {path} {order}", body.encode())
    meta = '{"io.modelcontextprotocol/protocolVersion":"2025-06-18"}'
    inner = draft("tools/call", {"name": "get_one", "_meta": {"io.modelcontextprotocol/protocolVersion": d.revision}}, d.revision)
    version = "params|_meta|io.modelcontextprotocol/protocolVersion"
    for order, first in ORDERS.items():
        yield Case(f"another _meta {order}", beside(inner, "params|_meta", "_meta", meta, first).encode())
        yield Case(f"another revision {order}", beside(inner, version, version.split("|")[-1], '"2024-11-05"', first).encode())
    yield Case("the same name twice", beside(d.get, "params|name", "name", '"get_one"', False).encode())
    far = text(d.get)[:-1] + ',"x":1' * 40 + ',"params":{"name":"delete_all"}}'
    yield Case("another params among many members", far.encode())


def escapes(d: Drafts) -> Iterator[Case]:
    for what, (value, path, other, claims) in d.places.items():
        for order, first in ORDERS.items():
            body = beside(value, path, escaped(path.split("|")[-1]), other, first)
            yield Case(f"another {what} with an escape {order}", body.encode(), claims=claims)
    both = text(d.get).replace('"name":"get_one"', '"n\\u0061me":"get_one","na\\u006de":"delete_all"')
    yield Case("two names with different escapes", both.encode())
    everything = "".join(f"\\u{ord(c):04x}" for c in "name")
    yield Case("every letter of a second name escaped", beside(d.get, "params|name", everything, '"delete_all"', False).encode())
    for path in ("method", "params", "params|name"):
        name = escaped(path.split("|")[-1])
        yield Case(f"{path} only with an escape", changed(d.delete, path, name=name).encode(), DENIED, ("tools/call", "delete_all"))
        yield Case(f"{path} only with an escape, open", changed(d.get, path, name=name).encode(), FORWARDED)
    for value in ("d\\u0065lete_all", "\\u0064elete_all", "delete\\u005fall"):
        yield Case(f"the value {value}", changed(d.get, "params|name", to=f'"{value}"').encode(), DENIED, ("tools/call", "delete_all"))
    yield Case("an escaped value that is open", changed(d.get, "params|name", to='"\\u0067et_one"').encode(), FORWARDED)
    yield Case("an escaped solidus", changed(d.delete, "method", to='"tools\\/call"').encode(), DENIED, ("tools/call", "delete_all"))
    yield Case("an escaped method value", changed(d.delete, "method", to='"tools/c\\u0061ll"').encode(), DENIED, ("tools/call", "delete_all"))
    for wrong in ("\\x61", "\\u00", "\\U00000061", "\\u{61}", "\\141", "\\a"):
        yield Case(f"the escape {wrong}", changed(d.get, "params|name", name=f"n{wrong}me").encode())


TWINS = {
    "method": ["Method", "METHOD", "mEthod"], "params": ["Params", "PARAMS", "paramS"], "name": ["Name", "NAME", "namE"],
    "uri": ["Uri", "URI"], "arguments": ["Arguments", "ARGUMENTS"], "environment": ["Environment", "ENVIRONMENT"], "ref": ["Ref"],
}


def twin_verdict(path: str) -> str:
    """A tool's arguments are its own affair: there a twin only fails the condition."""
    return DENIED if path.startswith("params|arguments|") else REFUSED


def twins(d: Drafts, spellings: dict[str, list[str]], what: str) -> Iterator[Case]:
    for place_name, (value, path, other, claims) in d.places.items():
        for twin in spellings.get(path.split("|")[-1], []):
            for order, first in ORDERS.items():
                shown = ascii(twin)[1:-1]
                yield Case(f"{what} {shown} {order} {place_name}", beside(value, path, twin, other, first).encode(), twin_verdict(path), claims)


def case_twins(d: Drafts) -> Iterator[Case]:
    yield from twins(d, TWINS, "the twin")
    for path, twin in {"method": "Method", "params": "Params", "params|name": "Name", "id": "ID", "jsonrpc": "JsonRPC"}.items():
        yield Case(f"{twin} alone", changed(d.delete, path, name=twin).encode(), claims=("tools/call", "delete_all"))
    for twin, other in {"Id": "8", "JSONRPC": '"1.0"', "Result": "{}", "ERROR": '{"code":1,"message":"x"}'}.items():
        yield Case(f"{twin} beside", beside(d.get, "id", twin, other, False).encode())
    yield Case("_Meta beside", beside(d.get, "params|name", "_Meta", "{}", True).encode())


FOLDED = {
    "params": ["param\u017f", "PARAM\u017f", "param\\u017f"], "arguments": ["argument\u017f"], "uri": ["ur\u0131", "ur\u0130", "UR\u0131"],
    "environment": ["env\u0131ronment", "env\\u0130ronment"],
}
LOOK_ALIKES = {
    "method": ["\uff4dethod", "m\u0435thod", "met\u0127od", "method\u0301"], "name": ["\uff4eame", "n\u0430me", "name\u0301", "\u1d0eame"],
    "params": ["para\u217ds", "\u03c1arams"],
}


def folding_twins(d: Drafts) -> Iterator[Case]:
    yield from twins(d, FOLDED, "the folded twin")
    for what, twin, other in [("jsonrpc", "j\u017fonrpc", '"1.0"'), ("id", "\u0131d", "8"), ("id", "\u0130D", "8")]:
        shown = ascii(twin)[1:-1]
        yield Case(f"{shown} beside {what}", beside(d.get, what, twin, other, False).encode())
    task = draft("tasks/get", {"taskId": "1"}, d.revision)
    yield Case("a Kelvin sign in taskId", beside(task, "params|taskId", "tas\u212aId", '"2"', False).encode(), claims=("tasks/get", None))
    # Nobody folds these: they are other names, and pass as they are.
    for what in LOOK_ALIKES:
        value, path, other, claims = d.places[what]
        for twin in LOOK_ALIKES[what]:
            shown = ascii(twin)[1:-1]
            yield Case(f"the look-alike {shown}", beside(value, path, twin, other, False).encode(), FORWARDED, claims)


def marks_and_zeros(d: Drafts) -> Iterator[Case]:
    get, delete = text(d.get).encode(), text(d.delete).encode()
    mark = b"\xef\xbb\xbf"
    yield Case("a byte order mark", mark + delete)
    yield Case("two byte order marks", mark * 2 + delete)
    yield Case("a byte order mark behind", get + mark)
    yield Case("a byte order mark before a second message", get + mark + delete)
    yield Case("a byte order mark in a name", beside(d.get, "params|name", "\ufeffname", '"delete_all"', False).encode(), FORWARDED)
    yield Case("a zero before", b"\0" + delete)
    yield Case("a zero behind", get + b"\0")
    yield Case("a zero and a second message", get + b"\0" + delete)
    yield Case("a zero that ends the text early", delete.replace(b',"params"', b'\0,"params"'))
    yield Case("a zero between tokens", delete.replace(b":{", b":\0{", 1))
    yield Case("a zero in a string", get.replace(b"get_one", b"delete_all\0get_one"))
    for place_name in ("method", "params", "name", "uri", "name of a prompt", "argument", "arguments"):
        value, path, other, claims = d.places[place_name]
        for order, first in ORDERS.items():
            twin = path.split("|")[-1] + "\\u0000x"
            name = f"an escaped zero in a twin {order} {place_name}"
            yield Case(name, beside(value, path, twin, other, first).encode(), twin_verdict(path), claims)
    zero = base64.b64encode(b"delete_all\0_safe").decode()
    body = changed(d.delete, "params|name", to='"delete_all\\u0000_safe"').encode()
    yield Case("an escaped zero in a tool's name", body, DENIED, ("tools/call", f"=?base64?{zero}?="))
    yield Case("an escaped zero in a method", changed(d.delete, "method", to='"tools/call\\u0000"').encode(), DENIED, ("=?base64?dG9vbHMvY2FsbAA=?=", None))
    uri = changed(d.read, "params|uri", to='"note://public/1\\u0000"').encode()
    yield Case("an escaped zero in a URI", uri, DENIED, ("resources/read", "=?base64?bm90ZTovL3B1YmxpYy8xAA==?="))


def surrogates(d: Drafts) -> Iterator[Case]:
    for name, half in {"high": "\\ud800", "low": "\\udc00", "reversed pair": "\\udc00\\ud800", "half and letter": "\\ud83dx"}.items():
        yield Case(f"a {name} in a value", changed(d.get, "params|name", to=f'"get_{half}"').encode())
        yield Case(f"a {name} in a name", beside(d.get, "params|name", f"name{half}", '"delete_all"', False).encode())
    pair = text(d.get).encode().replace(b"get_one", b"get_\xed\xa0\xbd\xed\xb8\x80")
    yield Case("a pair in CESU-8", pair)
    yield Case("a whole pair", changed(d.get, "params|name", to='"get_\\ud83d\\ude00"').encode(), FORWARDED,
               ("tools/call", "=?base64?Z2V0X/CfmIA=?="))


def invalid_utf8(d: Drafts) -> Iterator[Case]:
    get = text(d.get).encode()
    for name, data in {"a lone byte": b"\xff", "a lone continuation": b"\x80", "a cut sequence": b"\xe2\x82", "five bytes": b"\xf8\x88\x80\x80\x80",
                       "beyond U+10FFFF": b"\xf4\x90\x80\x80", "a surrogate": b"\xed\xa0\x80", "Latin-1": b"\xe9", "Windows-1252": b"\x93"}.items():
        yield Case(f"{name} in a value", get.replace(b"get_one", b"get_" + data))
        twin = get.replace(b'"name":"get_one"', b'"name":"get_one","name' + data + b'":"delete_all"')
        yield Case(f"{name} in a name", twin)
    for name, letter in {"two bytes": b"\xc1\xae", "three bytes": b"\xe0\x81\xae", "four bytes": b"\xf0\x80\x81\xae"}.items():
        twin = get.replace(b'"name":"get_one"', b'"name":"get_one","' + letter + b'ame":"delete_all"')
        yield Case(f"an overlong letter of {name}", twin)
    closing = get.replace(b'"get_one"', b'"get_one\xc0\xa2,\xc0\xa2name\xc0\xa2:\xc0\xa2delete_all"')
    yield Case("overlong quotation marks", closing)
    yield Case("an overlong solidus", text(d.delete).encode().replace(b"tools/call", b"tools\xc0\xafcall"))
    yield Case("a noncharacter", changed(d.get, "params|name", to='"get_\ufffe"').encode(), FORWARDED,
               ("tools/call", "=?base64?Z2V0X++/vg==?="))


def other_encodings(d: Drafts) -> Iterator[Case]:
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp037"):
        yield Case(f"a body in {name}", text(d.delete).encode(name))
    yield Case("a body in UTF-16 that is said to be", text(d.delete).encode("utf-16"), fields=[("Content-Type", "application/json; charset=utf-16")])
    seven = text(d.get).replace('"name"', '"name":"get_one","+AG4-ame":"delete_all","nam"', 1).replace('"nam":"get_one"', '"x":1')
    yield Case("a twin in UTF-7", seven.encode(), fields=[("Content-Type", "application/json; charset=utf-7")])
    for charset in ("utf-16", "UTF-16LE", '"utf-16"', "utf-32", "iso-8859-1", "windows-1252", "us-ascii", "utf-8; charset=utf-16", "utf-16; charset=utf-8"):
        yield Case(f"the charset {charset}", text(d.get).encode(), fields=[("Content-Type", f"application/json; charset={charset}")])
    for charset in ("utf-8", "UTF-8", '"utf-8"'):
        yield Case(f"the charset {charset}", text(d.get).encode(), FORWARDED, fields=[("Content-Type", f"application/json;charset={charset}")])


def numbers(d: Drafts) -> Iterator[Case]:
    long = "9" * 400
    for number in ("1.0", "1e0", "1E+2", "1.5", "0.0", "1e400", "-1e999", "1e-999", "18446744073709551616", "-9223372036854775809", long,
                   "1e99999999999", "01", "+1", "0x1", ".5", "1.", "1_000", "--1", "1e", "Infinity", "1n"):
        yield Case(f"the id {number[:22]}", changed(d.get, "id", to=number).encode())
    yield Case("the id -0", changed(d.get, "id", to="-0").encode(), FORWARDED)
    for number in ("9007199254740993", "9223372036854775807", "-5"):
        yield Case(f"the id {number}", changed(d.get, "id", to=number).encode(), FORWARDED)
    for number in ("1e400", "-0.0", "1E-7", long, "0." + long):
        yield Case(f"the argument {number[:8]}", changed(d.get, "params|arguments", to=f'{{"a":{number}}}').encode(), FORWARDED)
    for version in ("2.0", "2", '"2"', '"2.0 "', '"02.0"', "null"):
        yield Case(f"jsonrpc {version}", changed(d.delete, "jsonrpc", to=version).encode(), claims=("tools/call", "delete_all"))


def nesting(d: Drafts) -> Iterator[Case]:
    deep = text(d.get).replace('{"a":1}', '{"a":' * 65 + "1" + "}" * 65)
    yield Case("65 levels", deep.encode())
    yield Case("60 levels", text(d.get).replace('{"a":1}', '{"a":' * 60 + "1" + "}" * 60).encode(), FORWARDED)
    yield Case("90 arrays around a message", b"[" * 90 + text(d.delete).encode() + b"]" * 90)
    yield Case("20,000 open brackets", b"[" * 20_000)
    yield Case("20,000 open braces", b'{"a":' * 20_000)
    yield Case("a message in an envelope", b'{"message":' + text(d.delete).encode() + b"}")
    yield Case("a whole message as an argument", changed(d.get, "params|arguments", to=text(d.delete)).encode(), FORWARDED)
    yield Case("params in params", changed(d.get, "params|arguments", to='{"params":{"name":"delete_all"}}').encode(), FORWARDED)
    yield Case("a message that is a JSON text", json.dumps(text(d.delete)).encode())


def second_documents(d: Drafts) -> Iterator[Case]:
    get, delete = text(d.get), text(d.delete)
    for name, between in {"nothing": "", "a line feed": "\n", "CRLF": "\r\n", "a comma": ",", "RS": "\x1e", "a blank line": "\n\n", "a semicolon": ";",
                          "a form feed": "\f", "a no-break space": "\xa0", "a line separator": "\u2028", "NEL": "\x85"}.items():
        yield Case(f"a second message behind {name}", (get + between + delete).encode())
        yield Case(f"a second message in front, then {name}", (delete + between + get).encode(), claims=("tools/call", "delete_all"))
    yield Case("a JSON text sequence", f"\x1e{get}\n\x1e{delete}\n".encode())
    yield Case("a length before the message", f"Content-Length: {len(delete)}\r\n\r\n{delete}".encode())
    yield Case("an event stream", f"data: {delete}\n\n".encode())
    yield Case("a prefix against inclusion", f")]}}',\n{delete}".encode())
    yield Case("a closing brace too many", (get + "}" + delete).encode())
    yield Case("a form", f"request={delete}".encode())


def comments(d: Drafts) -> Iterator[Case]:
    get = text(d.get)
    hidden = get.replace('"name":"get_one"', '"name":"get_one"/*,*/,"name":"delete_all"')
    yield Case("a comment between two names", hidden.encode())
    for name, comment in {"a block": "/*{}*/", "a line": "//{}\n", "a hash": "#{}\n", "markup": "<!--{}\n"}.items():
        open_name = comment.format('"name":"get_one",')
        yield Case(f"the open name in {name} comment", get.replace('"name":"get_one",', f'{open_name}"name":"delete_all",').encode())
        yield Case(f"{name} comment at the start", (comment.format("x") + text(d.delete)).encode())
        closed = comment.format(',"name":"delete_all"')
        yield Case(f"the closed name in {name} comment", get.replace('"name":"get_one"', f'"name":"get_one"{closed}').encode())
    yield Case("a comment that looks like a string", get.replace("{\"a\":1}", '{"a":"/*"},"x":"*/"').encode(), FORWARDED)


def quotes(d: Drafts) -> Iterator[Case]:
    get, delete = text(d.get), text(d.delete)
    yield Case("single quotes", delete.replace('"', "'").encode())
    yield Case("a twin in single quotes", get.replace('"name":"get_one"', "\"name\":\"get_one\",'name':'delete_all'").encode())
    yield Case("a value in single quotes", get.replace('"get_one"', "'delete_all'").encode())
    yield Case("a twin without quotes", get.replace('"name":"get_one"', '"name":"get_one",name:"delete_all"').encode())
    yield Case("names without quotes", delete.replace('"method"', "method").replace('"params"', "params").replace('"name"', "name").encode())
    yield Case("a value without quotes", get.replace('"get_one"', "delete_all").encode())
    yield Case("backticks", get.replace('"get_one"', "`delete_all`").encode())
    yield Case("typographic quotes", get.replace('"get_one"', "\u201cdelete_all\u201d").encode())


def commas(d: Drafts) -> Iterator[Case]:
    delete = text(d.delete)
    for name, body in {
        "a comma at the end": delete[:-1] + ",}", "a comma at the end of params": delete[:-2] + ",}}", "two commas": delete.replace(",", ",,", 1),
        "a comma at the start": "{," + delete[1:], "no comma": delete.replace(',"method"', ' "method"'), "a missing brace": delete[:-1],
        "two missing braces": delete[:-2], "a wrong bracket": delete[:-1] + "]", "equals signs": delete.replace(":", "=", 1),
    }.items():
        yield Case(name, body.encode())


def words(d: Drafts) -> Iterator[Case]:
    for word in ("NaN", "Infinity", "-Infinity", "undefined", "None", "True", "TRUE", "nul", "nulll", "0x1F", "1,5", "''"):
        body = changed(d.get, "params|arguments", to=f'{{"a":{word}}}')
        yield Case(f"the word {word}", body.encode())
        twin = text(d.get).replace('"name":"get_one"', f'"x":{word},"name":"delete_all"')
        yield Case(f"the word {word} before a closed name", twin.encode())


def control_characters(d: Drafts) -> Iterator[Case]:
    get = text(d.get)
    for name, control in {"tab": "\t", "line feed": "\n", "carriage return": "\r", "escape": "\x1b", "backspace": "\b", "vertical tab": "\v"}.items():
        yield Case(f"a {name} in a value", get.replace("get_one", f"get_{control}one").encode())
        yield Case(f"a {name} in a second name", beside(d.get, "params|name", f"name{control}", '"delete_all"', False).encode())
    for name, space in {"vertical tab": "\v", "form feed": "\f", "no-break space": "\xa0", "NEL": "\x85", "ideographic space": "\u3000"}.items():
        yield Case(f"a {name} as white space", text(d.delete).replace(":", f":{space}", 1).encode())
    spaced = get.replace(",", " ,\r\n").replace("}", "\t}")
    yield Case("all white space that is allowed", f" \n{spaced}\t\r".encode(), FORWARDED)


def arrays(d: Drafts) -> Iterator[Case]:
    get, delete = text(d.get), text(d.delete)
    note = '{"jsonrpc":"2.0","method":"notifications/cancelled"}'
    for body in ("[]", "[[]]", "[1]", "[null]"):
        yield Case(f"the array {body}", body.encode())
    for name, body in {
        "one element": f"[{delete}]", "one open element": f"[{get}]", "nested": f"[[{delete}]]", "open then closed": f"[{get},{delete}]",
        "closed then open": f"[{delete},{get}]", "a notification, then closed": f"[{note},{delete}]", "an empty array, then closed": f"[[],{delete}]",
        "open and nested closed": f"[{get},[{delete}]]", "white space around": f" \n[ {delete} ] ",
    }.items():
        yield Case(f"an array with {name}", body.encode())
    yield Case("an object with numbered messages", f'{{"0":{get},"1":{delete}}}'.encode())
    yield Case("an array behind a message", f"{get}[{delete}]".encode())
    yield Case("an array of name and arguments", b'["tools/call",{"name":"delete_all"}]')


def mixtures(d: Drafts) -> Iterator[Case]:
    for name, other in {"result": "{}", "error": '{"code":1,"message":"x"}'}.items():
        for order, first in ORDERS.items():
            yield Case(f"{name} {order} method", beside(d.delete, "method", name, other, first).encode(), claims=("tools/call", "delete_all"))
    both = beside(d.delete, "method", "result", '{},"error":{"code":1,"message":"x"}', False)
    yield Case("method, result and error", both.encode(), claims=("tools/call", "delete_all"))
    yield Case("result null beside method", beside(d.delete, "method", "result", "null", False).encode(), claims=("tools/call", "delete_all"))
    yield Case("a response with a method in other case", b'{"jsonrpc":"2.0","id":7,"result":{},"Method":"tools/call","params":{"name":"delete_all"}}')
    yield Case("a response with a method of zero", b'{"jsonrpc":"2.0","id":7,"result":{},"method\\u0000":"tools/call","params":{"name":"delete_all"}}')
    yield Case("result and error", b'{"jsonrpc":"2.0","id":7,"result":{},"error":{"code":1,"message":"x"}}')


def kinds(d: Drafts) -> Iterator[Case]:
    params = dict(d.delete_members)["params"]
    for name, value in {"an array": '["delete_all",{}]', "an array with an object": f"[{params}]", "a JSON text": json.dumps(params), "a number": "1",
                        "null": "null", "true": "true", "a text": '"delete_all"'}.items():
        yield Case(f"params that are {name}", changed(d.delete, "params", to=value).encode(), claims=("tools/call", "delete_all"))
    for name, value in {"an array": '["delete_all"]', "null": "null", "a number": "1", "an object": '{"name":"delete_all"}', "true": "true"}.items():
        yield Case(f"a name that is {name}", changed(d.get, "params|name", to=value).encode())
        yield Case(f"a uri that is {name}", changed(d.read, "params|uri", to=value).encode(), claims=("resources/read", "note://public/1"))
    for name, value in {"an array": '["tools/call"]', "null": "null", "an object": '{"a":"tools/call"}'}.items():
        yield Case(f"a method that is {name}", changed(d.delete, "method", to=value).encode(), claims=("tools/call", "delete_all"))
    for value in ("[]", '"environment"', "1", "true", '["production"]'):
        yield Case(f"the arguments {value}", changed(d.deploy, "params|arguments", to=value).encode(), claims=("tools/call", "deploy"))


def identifiers(d: Drafts) -> Iterator[Case]:
    for value in ("null", "true", "false", "[]", "[7]", "{}"):
        yield Case(f"the id {value}", changed(d.delete, "id", to=value).encode(), claims=("tools/call", "delete_all"))
    yield Case("no id", text([m for m in d.delete if m[0] != '"id"']).encode(), claims=("tools/call", "delete_all"))
    note = draft("notifications/cancelled", {"requestId": 1}, d.revision)
    yield Case("a notification with an id", text(note).encode(), claims=("notifications/cancelled", None))
    yield Case("an empty text", changed(d.get, "id", to='""').encode(), FORWARDED)
    yield Case("an escaped text", changed(d.get, "id", to='"\\u0061\\n\\"é"').encode(), FORWARDED)


def content_codings(d: Drafts) -> Iterator[Case]:
    get, delete = text(d.get).encode(), text(d.delete).encode()
    raw = zlib.compressobj(wbits=-15)
    deflated = raw.compress(delete) + raw.flush()
    for name, body in {"gzip": gzip.compress(delete), "deflate": zlib.compress(delete), "deflate without a header": deflated}.items():
        coding = name.split(" ")[0]
        yield Case(f"content in {name}", body, fields=[("Content-Encoding", coding)])
        yield Case(f"content in {name} that says nothing", body)
        yield Case(f"content in {name} that says identity", body, fields=[("Content-Encoding", "identity")])
    for coding in ("gzip", "x-gzip", "br", "zstd", "compress", "identity, gzip", "gzip, identity", "GZIP", "utf-16", "", "aes128gcm"):
        yield Case(f"plain content that says {coding or 'nothing'}", get, fields=[("Content-Encoding", coding)])
    yield Case("two codings", gzip.compress(delete), fields=[("Content-Encoding", "identity"), ("Content-Encoding", "gzip")])
    yield Case("two codings, the other order", gzip.compress(delete), fields=[("Content-Encoding", "gzip"), ("Content-Encoding", "identity")])
    yield Case("a coding under another name", gzip.compress(delete), fields=[("Content_Encoding", "gzip")])
    yield Case("the coding identity", get, FORWARDED, fields=[("Content-Encoding", "identity")])


def field_twins(d: Drafts) -> Iterator[Case]:
    get, delete, ping = text(d.get).encode(), text(d.delete).encode(), text(d.ping).encode()
    method, name = ("Mcp-Method", "tools/call"), ("Mcp-Name", "get_one")
    closed = ("Mcp-Name", "delete_all")
    yield Case("an open body, a closed name", get, fields=[method, closed])
    yield Case("a closed body, an open name", delete, fields=[method, name])
    yield Case("a ping that claims a call", ping, fields=[method, closed])
    yield Case("a closed call that claims a ping", delete, fields=[("Mcp-Method", "ping")])
    yield Case("a closed call that claims a list", delete, fields=[("Mcp-Method", "tools/list"), closed])
    yield Case("an open call that claims a read", get, fields=[("Mcp-Method", "resources/read"), ("Mcp-Name", "note://secret/1")])
    yield Case("two names", get, fields=[method, name, closed])
    yield Case("two names, the other order", get, fields=[method, closed, name])
    yield Case("two methods", ping, fields=[("Mcp-Method", "ping"), method, closed])
    yield Case("names in a list", get, fields=[method, ("Mcp-Name", "get_one, delete_all")])
    yield Case("a name in other case", get, fields=[method, ("Mcp-Name", "GET_ONE")])
    yield Case("a method in other case", get, fields=[("Mcp-Method", "Tools/Call"), name])
    for kind, value in {
        "of a closed name": "=?base64?ZGVsZXRlX2FsbA==?=", "without its end": "=?base64?ZGVsZXRlX2FsbA==", "in upper case": "=?BASE64?ZGVsZXRlX2FsbA==?=",
        "without padding": "=?base64?Z2V0X29uZQ?=", "with slack bits": "=?base64?Z2V0X29uZR==?=", "that is not base64": "=?base64?get_one?=",
        "of invalid UTF-8": "=?base64?/w==?=", "with white space": "=?base64? Z2V0X29uZQ==?=", "in Q encoding": "=?utf-8?Q?get=5Fone?=",
        "with padding in the middle": "=?base64?Z2V0==X29uZQ==?=", "of the URL alphabet": "=?base64?Z2V0X_-_?=",
    }.items():
        yield Case(f"a wrapped name {kind}", get, fields=[method, ("Mcp-Name", value)])
    yield Case("a wrapped name that agrees", get, FORWARDED, fields=[method, ("Mcp-Name", "=?base64?Z2V0X29uZQ==?=")])
    for spelling in ("Mcp_Name", "mcp.name", "MCP-NAME", "Mcp-Name "):
        yield Case(f"a second name as {spelling!r}", get, fields=[method, name, (spelling, "delete_all")])
    yield Case("two types", get, fields=[("Content-Type", "application/json"), ("Content-Type", "application/json; charset=utf-16")])
    yield Case("two types, the other order", get, fields=[("Content-Type", "text/plain"), ("Content-Type", "application/json")])
    yield Case("types in a list", get, fields=[("Content-Type", "application/json, text/plain")])
    versions = [("MCP-Protocol-Version", "2025-06-18"), ("MCP-Protocol-Version", "2026-07-28")]
    yield Case("two revisions", get, fields=versions)
    yield Case("two revisions, the other order", get, fields=versions[::-1])
    yield Case("a revision that nobody knows", get, fields=[("MCP-Protocol-Version", "2099-01-01")])


def content_types(d: Drafts) -> Iterator[Case]:
    for kind in ("text/json", "application/json5", "application/json-seq", "application/x-ndjson", "application/jsonl", "application/json-rpc",
                 "application/ld+json", "application/vnd.api+json", "application/jsonp", "text/plain", "text/plain; application/json",
                 "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application /json", "application/ json", "application",
                 "json", "*/*", "", "application/json/x", "application/json;charset", "application/json; charset=", "application/json; x=\"",
                 "application/json charset=utf-8"):
        yield Case(f"the type {kind or 'nothing'}", text(d.get).encode(), fields=[("Content-Type", kind)])
    for kind in ("APPLICATION/JSON", "application/json; x=y"):
        yield Case(f"the type {kind}", text(d.get).encode(), FORWARDED, fields=[("Content-Type", kind)])


def resources(d: Drafts) -> Iterator[Case]:
    for uri in ("note://public/../secret/1", "note://public/%2e%2e/secret/1", "note://public/..%2fsecret/1", "note://public/.%2E/secret/1",
                "note://public/\\\\..\\\\secret", "note://public/%5c..%5csecret", "note://user@public/1", "NOTE://secret/1", "note://Public/1",
                "note:/public/1", "note://secret/1", "note://secret/1#note://public/1", "note://secret/1?note://public/1", "note://public%00/1",
                "note://public/a%0Ab", "note://public/\\u000a1", "note://public/%252e%252e/secret/1", "note://public/./1", " note://public/1"):
        body = changed(d.read, "params|uri", to=f'"{uri}"').encode()
        claim = base64.b64encode(json.loads(f'"{uri}"').encode()).decode()
        yield Case(f"the resource {uri}", body, DENIED, ("resources/read", f"=?base64?{claim}?="))


def look_alike_values(d: Drafts) -> Iterator[Case]:
    for name in ("delete_all", " delete_all", "delete_all ", "DELETE_ALL", "Get_one", "\uff47et_one", "g\u0435t_one", "get\\u200b_one", "delete_all\\n", "",
                 "*", "get", "xget_one", "%67et_one"):
        claim = base64.b64encode(json.loads(f'"{name}"').encode()).decode()
        yield Case(f"the tool {name!r}", changed(d.get, "params|name", to=f'"{name}"').encode(), DENIED, ("tools/call", f"=?base64?{claim}?="))
    for method in ("Tools/Call", "TOOLS/CALL", "tools/call ", " tools/call", "tools//call", "tools/call/", "tools.call", "tools/call\\n", "tools\\u2215call",
                   "tool/call", "rpc.tools/call", "notifications/../tools/call"):
        value = json.loads(f'"{method}"')
        claim = value if value.isascii() and value == value.strip() else f"=?base64?{base64.b64encode(value.encode()).decode()}?="
        verdict = REFUSED if method.startswith("notifications/") else DENIED
        yield Case(f"the method {method!r}", changed(d.delete, "method", to=f'"{method}"').encode(), verdict, (claim, "delete_all"))


FAMILIES: list[Callable[[Drafts], Iterator[Case]]] = [
    duplicates, escapes, case_twins, folding_twins, marks_and_zeros, surrogates, invalid_utf8, other_encodings, numbers, nesting, second_documents,
    comments, quotes, commas, words, control_characters, arrays, mixtures, kinds, identifiers, content_codings, field_twins, content_types, resources,
    look_alike_values,
]


def cases(revision: str) -> dict[str, Case]:
    """All cases by `family: name`."""
    drafts, found = Drafts(revision), {}
    for family in FAMILIES:
        for case in family(drafts):
            key = f"{family.__name__.replace('_', ' ')}: {case.name}"
            assert key not in found, key
            found[key] = case
    return found
