"""Names of files: what people may see of them, and how a browser is told."""

import re
import unicodedata
from urllib.parse import quote

from django.http import HttpResponse

MAX_NAME = 100

# Control, format (zero-width, bidirectional overrides), surrogate and private characters; what file systems forbid.
_UNWANTED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_RESERVED = re.compile(r'[<>:"|?*%]')


def clean_stem(declared: str) -> str:
    """The name without folders, extension and characters that deceive; empty if nothing is left."""
    base = re.split(r"[/\\]", declared)[-1]
    shown = "".join(c for c in base if unicodedata.category(c) not in _UNWANTED_CATEGORIES)
    stem = shown.rpartition(".")[0] or shown
    return " ".join(_RESERVED.sub(" ", stem).split()).strip(". ")


def safe_name(declared: str, extension: str) -> str:
    """A name to show and to download under: the declared stem with the extension of what the content really is."""
    stem = clean_stem(declared)[: MAX_NAME - len(extension) - 1].rstrip(". ")
    return f"{stem or 'file'}.{extension}"


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The `Content-Disposition` header for a name from `safe_name` (RFC 6266: a plain fallback and the real name)."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def downloaded_page(page: str, name: str) -> HttpResponse:
    """An HTML page that is kept and never shown here, as it has a script of its own."""
    response = HttpResponse(page, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = content_disposition(name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
