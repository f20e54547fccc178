"""What somebody typed into a form that could not be taken, so that the page that says so can give it back."""

import re

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

_SECRET = re.compile(r"password|code|token|secret|credential", re.IGNORECASE)
_BARE_KEY = re.compile(r"[\w:.-]*", re.ASCII)
"""Ids, choices, numbers and dates: chosen, not written."""


def posted_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field of the form that was sent, in its order; empty if it holds a password or code, or is unreadable."""
    try:
        fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    except (SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return []
    fields = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
    return [] if any(_SECRET.search(name) for name, _value in fields) else fields


def typed_texts(request: HttpRequest) -> list[str]:
    """The texts that were written into the form, to be copied from the page."""
    return [value for _name, value in posted_fields(request) if not _BARE_KEY.fullmatch(value.strip())]
