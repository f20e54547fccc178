"""A form as a browser sends it: every field of the page, as multipart/form-data."""

import gzip
import http.client
import re
from html.parser import HTMLParser
from typing import NamedTuple

BOUNDARY = "----WebKitFormBoundaryLianxinBenchmark"
PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile "
    "Safari/537.36",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip, deflate",
    "Upgrade-Insecure-Requests": "1",
}


class Request(NamedTuple):
    """What goes over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


class Fields(HTMLParser):
    """The fields that a browser would send of the form that holds the field `marked`, untouched by anybody."""

    def __init__(self, page: str, *, marked: str) -> None:
        super().__init__()
        self._marked = marked
        self._all: list[dict[str, str]] = []
        self._files: set[str] = set()
        self._select = ""
        self.feed(page)

    @property
    def values(self) -> dict[str, str]:
        """Name to value; empty for what was left empty."""
        return next(form for form in self._all if self._marked in form)

    @property
    def files(self) -> set[str]:
        """The names of fields that take files."""
        return self._files

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._all.append({})
        if not self._all:
            return
        form, name = self._all[-1], given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in form):
            form[self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            form[name] = ""
        elif tag == "input" and name:
            self._input(form, name, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    def _input(self, form: dict[str, str], name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in {"submit", "button"} or (kind in {"radio", "checkbox"} and "checked" not in given):
            return
        if kind == "file":
            self._files.add(name)
        form[name] = given.get("value", "on" if kind == "checkbox" else "")


def multipart(fields: dict[str, str], files: set[str]) -> bytes:
    """The body; a field for files is there with none chosen."""
    parts = []
    for name, value in fields.items():
        file = '; filename=""\r\nContent-Type: application/octet-stream' if name in files else ""
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{value}\r\n')
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def filled(connection: http.client.HTTPConnection, path: str, cookies: dict[str, str], said: dict[str, str]) -> Request:
    """Load the page at `path` as whoever holds the cookies, and make the request that sends its form with `said`."""
    connection.request("GET", path, headers=with_cookies(cookies))
    response = connection.getresponse()
    content = response.read()
    page = (gzip.decompress(content) if response.headers.get("Content-Encoding") == "gzip" else content).decode()
    fresh = dict(re.findall(r"(\w+)=([^;,\s]+);", "; ".join(response.headers.get_all("Set-Cookie") or [])))
    fields = Fields(page, marked=next(iter(said)))
    headers = with_cookies({**cookies, **{name: value for name, value in fresh.items() if "csrf" in name.lower()}})
    host = f"{connection.host}:{connection.port}"
    headers |= {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Host": host,
        "Origin": f"http://{host}",
        "Referer": f"http://{host}{path}",
    }
    return Request("POST", path, headers, multipart(fields.values | said, fields.files))


def with_cookies(cookies: dict[str, str]) -> dict[str, str]:
    """The headers of a phone that holds these cookies."""
    return PHONE | ({"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {})
