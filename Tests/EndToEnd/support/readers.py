"""What servers that read more leniently than the standards allow would make of a request: every call that any of them would carry out.

Each reader is a decoder of bytes, a reader of documents and a rule for choosing among members, and each part is the behaviour of some
parser in use: the last or the first of two equal names, names without regard to case by ASCII, by Unicode's simple folding (Go's
encoding/json) or letter by letter (Java's equalsIgnoreCase), strings that end at NUL (C), comments and trailing commas (JSON5), documents
one after another, arrays element by element, bytes as UTF-16 or Latin-1, overlong UTF-8, compressed bodies, names out of header fields.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import gzip
import json
import re
import unicodedata
import urllib.parse
import zlib
from collections.abc import Callable, Iterator


class Pairs(list):
    """The members of an object, all of them, in the order of the text."""


class Number(str):
    """A number as it was written."""


@dataclasses.dataclass(frozen=True)
class Call:
    """What a reader would carry out."""

    method: str
    target: str | None
    argument: str | None = None     # of the one argument that a condition reads, `environment`
    reader: str = dataclasses.field(default="", compare=False)


# Bytes ------------------------------------------------------------------------------------------------------------------------------

def inflated(data: bytes) -> Iterator[bytes]:
    """The content, and what it holds compressed."""
    yield data
    for inflate in (gzip.decompress, zlib.decompress, lambda d: zlib.decompress(d, -15)):
        try:
            yield inflate(data)
        except (OSError, EOFError, zlib.error):
            pass


def overlong(data: bytes) -> str:
    """UTF-8 as the textbook decodes it: nothing is too long, too large, or half of a pair."""
    text, index = [], 0
    while index < len(data):
        first = data[index]
        count = 0 if first < 0xC0 else 1 if first < 0xE0 else 2 if first < 0xF0 else 3
        value = first if count == 0 else first & (0x3F >> count)
        for byte in data[index + 1 : index + 1 + count]:
            value = value << 6 | byte & 0x3F
        text.append(chr(value) if value < 0x110000 else "\ufffd")
        index += 1 + count
    return "".join(text)


DECODERS: dict[str, Callable[[bytes], str]] = {
    "UTF-8": lambda d: d.decode("utf-8", "surrogatepass"),
    "UTF-8 with replacement": lambda d: d.decode("utf-8", "replace"),
    "UTF-8 without what is invalid": lambda d: d.decode("utf-8", "ignore"),
    "overlong UTF-8": overlong,
    "Latin-1": lambda d: d.decode("latin-1"),
    "bytes up to NUL": lambda d: d.split(b"\0")[0].decode("utf-8", "replace"),
    "bytes without NUL": lambda d: d.replace(b"\0", b"").decode("utf-8", "replace"),
    "seven bits": lambda d: bytes(b & 0x7F for b in d).decode("ascii"),
    "UTF-16": lambda d: d.decode("utf-16"),
    "UTF-16LE": lambda d: d.decode("utf-16-le"),
    "UTF-16BE": lambda d: d.decode("utf-16-be"),
    "UTF-32": lambda d: d.decode("utf-32"),
    "UTF-32LE": lambda d: d.decode("utf-32-le"),
    "UTF-32BE": lambda d: d.decode("utf-32-be"),
    "UTF-7": lambda d: d.decode("utf-7"),
    "EBCDIC": lambda d: d.decode("cp037"),
}


# Documents --------------------------------------------------------------------------------------------------------------------------

PYTHON = json.JSONDecoder(object_pairs_hook=Pairs, strict=False, parse_int=Number, parse_float=Number, parse_constant=Number)
START = re.compile(r"[\[{\"]")
NAME_WITH_ESCAPE = re.compile(r'"((?:[^"\\]|\\.)*\\(?:[^"\\]|\\.)*)"(?=\s*:)')
TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\u201c[^\u201d]*\u201d)|(?P<comment>/\*.*?\*/|//[^\r\n]*|\#[^\r\n]*|<!--[^\r\n]*)
    |(?P<mark>[{}\[\]:,])|(?P<word>[^\s{}\[\]:,"'`/\#\0\x0b\x0c\xa0\ufeff]+)|(?P<nothing>.)""", re.VERBOSE | re.DOTALL)
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\Z")


def relaxed(text: str) -> str:
    """The text as JSON5 and its like take it: comments, any quotes or none, needless commas, brackets that are missing at the end."""
    tokens, open_brackets = [], []
    for match in TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind in ("comment", "nothing"):
            continue
        if kind == "string" and token[0] != '"':
            token = '"' + token[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
        elif kind == "word" and token not in ("true", "false", "null") and not NUMBER.match(token):
            token = "null" if token in ("undefined", "None", "nil") else json.dumps(token)
        elif token in ("}", "]"):
            if tokens and tokens[-1] == ",":
                tokens.pop()
            if open_brackets:
                open_brackets.pop()
        elif token in ("{", "["):
            open_brackets.append("}" if token == "{" else "]")
        if token == "," and (not tokens or tokens[-1] in (",", "{", "[")):
            continue
        tokens.append(token)
    return " ".join(tokens + open_brackets[::-1])


def stream(text: str) -> Iterator:
    """Every document, one after another, whatever stands between and before them."""
    index = 0
    while start := START.search(text, index):
        value, index = PYTHON.raw_decode(text, start.start())
        yield value


def whole(text: str) -> Iterator:
    yield PYTHON.decode(text)


def lines(text: str) -> Iterator:
    for line in re.split(r"[\r\n\x1e]+", text):
        if line.strip():
            yield PYTHON.decode(line)


DOCUMENTS: dict[str, Callable[[str], Iterator]] = {
    "one document": whole,
    "every document": stream,
    "every line": lines,
    "relaxed": lambda text: stream(relaxed(text)),
    "names not unescaped": lambda text: stream(NAME_WITH_ESCAPE.sub(lambda m: '"' + m[1].replace("\\", "\\\\") + '"', text)),
}


def messages(value, depth: int = 0) -> Iterator[Pairs]:
    """The objects that would be taken for messages; arrays are flattened, a text that holds JSON is read."""
    if isinstance(value, Pairs):
        yield value
    elif depth > 100:
        return
    elif isinstance(value, list):
        for element in value:
            yield from messages(element, depth + 1)
    elif isinstance(value, str) and value[:1] in ("{", "["):
        for inner in quietly(whole, value):
            yield from messages(inner, depth + 1)


def quietly(read: Callable, *arguments) -> list:
    """What the reader gives before it gives up."""
    found = []
    try:
        for value in read(*arguments):
            found.append(value)
    except (ValueError, RecursionError, OverflowError):
        pass
    return found


# Members ----------------------------------------------------------------------------------------------------------------------------

def simple_fold(text: str) -> str:
    """Unicode's simple case folding, one letter for one letter, as Go's EqualFold has it."""
    return "".join(f if len(f := c.casefold()) == 1 else c for c in text)


def letter_fold(text: str) -> str:
    """Upper case, then lower case, letter by letter."""
    return "".join({"\u0130": "i", "\u0131": "i"}.get(c) or simple_fold(c.upper() if len(c.upper()) == 1 else c) for c in text)


def printable(text: str) -> str:
    """Without spaces, controls and what has no width."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Zs", "Cc", "Cf", "Zl", "Zp"))


FOLDS: dict[str, Callable[[str], str]] = {
    "exact": lambda name: name,
    "ASCII case": lambda name: re.sub("[A-Z]+", lambda m: m[0].lower(), name),
    "simple folding": simple_fold,
    "letter by letter": letter_fold,
    "C strings": lambda name: re.sub("[A-Z]+", lambda m: m[0].lower(), name.split("\0")[0]),
}


@dataclasses.dataclass
class Choice:
    """Which member a reader takes for a name."""

    fold: Callable[[str], str]
    takes_last: bool

    def get(self, pairs, name: str):
        if not isinstance(pairs, Pairs):
            return None
        name = self.fold(name)
        found = [value for key, value in pairs if self.fold(key) == name]
        return found[-1 if self.takes_last else 0] if found else None


CHOICES = {
    f"{name}, {'last' if last else 'first'} wins": Choice(fold, last) for name, fold in FOLDS.items() for last in (False, True)
}


# Calls ------------------------------------------------------------------------------------------------------------------------------

def texts_of(value) -> list[str]:
    """The text that a value is, in languages that convert: an array of one, a number, a C string, without space around it."""
    while isinstance(value, list) and not isinstance(value, Pairs) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return []
    return list(dict.fromkeys([value, value.split("\0")[0], printable(value).strip()]))


def resolved(uri: str) -> str:
    """The URI as an eager reader resolves it: decoded to the last, without user, in lower case, its dot segments followed."""
    for _ in range(3):
        uri = urllib.parse.unquote(uri)
    scheme, separator, rest = uri.split("\0")[0].strip().replace("\\", "/").partition("://")
    if not separator:
        return uri
    authority, slash, path = rest.partition("/")
    depth: list[str] = []
    for segment in ([authority.rpartition("@")[2].lower()] if authority else []) + path.split("/"):
        if segment == "..":
            depth[-1:] = []
        elif segment != ".":
            depth.append(segment)
    return f"{scheme.lower()}://{'/'.join(depth)}"


def objects_of(value) -> list:
    """The members that a value has: itself, the JSON that a text holds, or what stands in an array by its position."""
    if isinstance(value, str):
        return [v for v in quietly(whole, value) if isinstance(v, Pairs)]
    if isinstance(value, list) and not isinstance(value, Pairs):
        named = Pairs([("name", value[0]), ("uri", value[0])] + [("arguments", v) for v in value[1:2]]) if value else Pairs()
        return [named, *(v for v in value if isinstance(v, Pairs))]
    return [value] if isinstance(value, Pairs) else []


def calls_of(message: Pairs, choice: Choice, reader: str) -> Iterator[Call]:
    for method in texts_of(choice.get(message, "method")):
        method = method.replace("\\/", "/")
        named = {"tools/call": "name", "prompts/get": "name", "completion/complete": "ref"}.get(method.lower())
        if method.lower().startswith("resources/") and not method.lower().endswith("list"):
            named = "uri"
        if named is None:
            yield Call(method, None, None, reader)
            continue
        for params in objects_of(choice.get(message, "params")):
            source = params if named != "ref" else choice.get(params, "ref")
            names = ["name", "uri"] if named == "ref" else [named]
            condition = texts_of(choice.get(choice.get(params, "arguments"), "environment"))
            targets = [t for name in names for t in texts_of(choice.get(source, name))]
            if "uri" in names:
                targets += [resolved(t) for t in targets]
            for target in targets:
                yield from (Call(method.lower(), target, value, reader) for value in condition or [None])


def unwrapped(value: str) -> list[str]:
    """A header value as it stands, or what an eager reader takes out of `=?base64?…?=`, however it is written."""
    if match := re.match(r"\s*=\?base64\?([^?]*)", value, re.IGNORECASE):
        try:
            return texts_of(base64.b64decode(match[1] + "==").decode("utf-8", "replace"))
        except (binascii.Error, ValueError):
            pass
    return [value.strip()]


def field_values(fields: list[tuple[str, str]], name: str) -> list[str]:
    """The values of a field, whatever stands between the words of its name."""
    values = [v for n, v in fields if re.sub("[^a-z0-9]", "-", n.lower()) == name]
    return [text for value in values for text in unwrapped(value)]


def calls(body: bytes, fields: list[tuple[str, str]]) -> Iterator[Call]:
    """Every call that any of the readers sees in a body and in the fields that came with it, some more than once."""
    found: set[Call] = set()
    seen: set[str] = set()
    for data in inflated(body):
        for decoder, decode in DECODERS.items():
            try:
                text = decode(data)
            except (UnicodeError, ValueError):
                continue
            if text not in seen:
                seen.add(text)
                for call in calls_in(text, decoder):
                    found.add(call)
                    yield call
    methods, names = field_values(fields, "mcp-method"), field_values(fields, "mcp-name")
    for method in methods:
        yield from (Call(method, call.target, call.argument, "method of the fields") for call in found if call.target)
        for condition in {call.argument for call in found} or {None}:
            yield from (Call(method, name, condition, "header fields") for name in names)
    for name in names:
        yield from (Call(call.method, name, call.argument, "name of the fields") for call in found if call.target)


def calls_in(text: str, decoder: str) -> Iterator[Call]:
    read: list = []
    for documents, reader in DOCUMENTS.items():
        if (values := quietly(reader, text)) in read:
            continue
        read.append(values)
        for message in (m for value in values for m in messages(value)):
            for choice, rule in CHOICES.items():
                yield from calls_of(message, rule, f"{decoder}; {documents}; {choice}")
