"""A browser without a screen: keeps cookies, follows redirects, reads forms and fills them in."""

from __future__ import annotations

import dataclasses
import html.parser
import http.client
import urllib.parse


@dataclasses.dataclass
class Form:
    """A form of a page, with what it would send."""

    action: str
    method: str
    fields: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    boxes: list[tuple[str, str, bool]] = dataclasses.field(default_factory=list)
    buttons: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {name for name, *_ in [*self.fields, *self.boxes, *self.buttons]}

    def value(self, name: str) -> str:
        return next(value for other, value in self.fields if other == name)

    def filled(self, **values: str | list[str] | None) -> list[tuple[str, str]]:
        """What is sent with these values; a list ticks just those boxes, None leaves the field out."""
        sent = [(name, value) for name, value in self.fields if name not in values]
        ticked = {name for name, *_ in self.boxes}
        for name, value, checked in self.boxes:
            wanted = values.get(name)
            if value in wanted if isinstance(wanted, list) else checked:
                sent.append((name, value))
        for name, value in values.items():
            if name not in ticked and value is not None:
                sent.extend((name, v) for v in ([value] if isinstance(value, str) else value))
        return sent


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.hidden = 0
        self.title = ""
        self.in_title = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        name, value = values.get("name"), values.get("value") or ""
        if tag == "form":
            self.forms.append(Form(values.get("action") or "", (values.get("method") or "get").upper()))
        elif tag in ("style", "script"):
            self.hidden += 1
        elif tag == "title":
            self.in_title = True
        elif self.forms and name:
            form, kind = self.forms[-1], values.get("type") or "text"
            if tag == "button" or kind == "submit":
                form.buttons.append((name, value))
            elif kind == "checkbox":
                form.boxes.append((name, value or "on", "checked" in values))
            elif tag in ("input", "textarea", "select"):
                form.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self.hidden -= 1
        elif tag == "title":
            self.in_title = False

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.title += data
        elif not self.hidden:
            self.text.append(data)


@dataclasses.dataclass
class Page:
    """What a request was answered with."""

    url: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __post_init__(self) -> None:
        reader = _Reader()
        if (self.header("content-type") or "").startswith("text/html"):
            reader.feed(self.body.decode())
        self.forms = reader.forms
        self.text = " ".join(" ".join(reader.text).split())
        self.title = reader.title

    def header(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    def form(self, *names: str) -> Form:
        """The form that has fields of all these names."""
        for form in self.forms:
            if set(names) <= form.names:
                return form
        raise AssertionError(f"no form with {names} on {self.url} ({self.status}): {self.text or self.body[:500]}")


class Browser:
    """One browser with its cookies. Redirects are followed within the origin; elsewhere the walk ends."""

    def __init__(self, **headers: str) -> None:
        self.cookies: dict[str, dict[str, str]] = {}
        self.headers = headers
        self.pages: list[Page] = []
        self.address: str | None = None        # of 127.0.0.0/8, where the browser is to seem another machine

    def request(self, method: str, url: str, data: list[tuple[str, str]] | None = None, raw: bytes | None = None, **headers: str) -> Page:
        """One request, no redirect followed; `raw` is JSON."""
        parts = urllib.parse.urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname, parts.port, timeout=30, source_address=(self.address, 0) if self.address else None)
        jar = self.cookies.setdefault(parts.netloc, {})
        sent = {"Accept": "text/html"} | self.headers | headers
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        body = None
        if data is not None:
            body = urllib.parse.urlencode(data)
            sent |= {"Content-Type": "application/x-www-form-urlencoded"}
            sent.setdefault("Origin", f"{parts.scheme}://{parts.netloc}")
        elif raw is not None:
            body = raw
            sent |= {"Content-Type": "application/json"}
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        try:
            connection.request(method, target, body, {k: v for k, v in sent.items() if v is not None})
            answer = connection.getresponse()
            page = Page(url, answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()
        for name, value in page.headers:
            if name.lower() == "set-cookie":
                self._keep(jar, value)
        self.pages.append(page)
        return page

    @staticmethod
    def _keep(jar: dict[str, str], line: str) -> None:
        first, *attributes = [part.strip() for part in line.split(";")]
        name, _, value = first.partition("=")
        if any(a.lower() in ("max-age=0", "max-age=-1") for a in attributes) or not value:
            jar.pop(name, None)
        else:
            jar[name] = value

    def follow(self, page: Page) -> Page | str:
        """Where a page leads: another page, or the URL of another origin."""
        for _ in range(10):
            location = page.header("location")
            if page.status not in (301, 302, 303, 307, 308) or not location:
                return page
            there = urllib.parse.urljoin(page.url, location)
            here, target = urllib.parse.urlsplit(page.url), urllib.parse.urlsplit(there)
            if (here.scheme, here.netloc) != (target.scheme, target.netloc):
                return there
            page = self.request("GET", there)
        raise AssertionError("too many redirects")

    def open(self, url: str, **headers: str) -> Page | str:
        return self.follow(self.request("GET", url, **headers))

    def submit(self, page: Page, form: Form, headers: dict[str, str] | None = None, **values) -> Page | str:
        url = urllib.parse.urljoin(page.url, form.action or page.url)
        return self.follow(self.request(form.method, url, form.filled(**values), **(headers or {})))
