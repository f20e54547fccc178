"""What a phone loads to see the form: everything included, compressed as a plain-HTTP intranet does it; the first
and the second time.
"""

import http.client
import re
from urllib.parse import urljoin

from bench.site import serving

REACH_FIRST, REACH_SECOND = 150, 15
_LINKED = re.compile(r'<(?:link|script|img)[^>]+(?:href|src)="(/[^"#]+)|<use href="(/[^"#]+)')


def measure() -> None:
    """Print the kilobytes of each part and their sum."""
    with serving("lianxin.config.wsgi:application", "lianxin.config.settings") as (port, _server):
        page, text, _headers = _get(port, "/say/")
        sizes, second = {"/say/": page}, page
        for path in sorted({a or b for a, b in _LINKED.findall(text)}):
            size, _text, headers = _get(port, urljoin("/say/", path))
            sizes[path] = size
            if "immutable" not in headers.get("Cache-Control", ""):
                second += size
    print("\nthe employee's form, compressed with gzip, headers included")
    for path, size in sizes.items():
        print(f"  {path:60}{size / 1024:8.1f} KB")
    first = sum(sizes.values())
    print(f"first load  {first / 1024:6.1f} KB (reach: at most {REACH_FIRST})")
    print(f"second load {second / 1024:6.1f} KB (reach: at most {REACH_SECOND})")


def _get(port: int, path: str) -> tuple[int, str, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    content = response.read()
    headers = response.headers
    size = len(content) + sum(len(name) + len(value) + 4 for name, value in headers.items())
    if headers.get("Content-Encoding") == "gzip":
        import gzip  # noqa: PLC0415

        content = gzip.decompress(content)
    return size, content.decode(errors="replace"), headers
