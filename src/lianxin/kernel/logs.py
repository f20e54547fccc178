"""What may stand in a log: what happened and where in the program, never who, from which address, or with what text."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,}[0-9a-fA-F]{0,4}")
_QUERY = re.compile(r"\?\S*")
_NUMBERS = re.compile(r"\b\d{8,}\b")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def scrubbed(text: str) -> str:
    """Text without addresses, query strings and long numbers."""
    return _NUMBERS.sub("-", _QUERY.sub("", _ADDRESS.sub("-", text)))


def without_values(error: BaseException) -> str:
    """An error's kind and the first line of its message without what it quotes: the database adds whole rows below."""
    lines = str(error).splitlines() or [""]
    return f"{type(error).__name__}: {scrubbed(_NOT_ASCII.sub('-', _QUOTED.sub('-', lines[0])))}"


def _told(error: BaseException | None) -> str:
    """Where an error arose, and what led to it."""
    parts: list[str] = []
    while error is not None and len(parts) < 10:  # noqa: PLR2004 - a chain of causes may be a circle
        parts.append("".join(traceback.format_tb(error.__traceback__)) + without_values(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(parts)


class JsonLines(logging.Formatter):
    """One JSON object a line, for programs that collect logs: when, how bad, where, what, and a request's figures."""

    _figures = ("route", "method", "status", "ms")

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        # Whatever else a library hangs on a record stays out: nobody knows what is in it.
        told |= {name: record.__dict__[name] for name in self._figures if name in record.__dict__}
        if record.exc_text:
            told["error"] = record.exc_text
        return json.dumps(told, ensure_ascii=False, default=str)


class NoPersonalData(logging.Filter):
    """Drops a record's request, and from its text addresses, query strings, long numbers and what errors quote."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__.pop("request", None)
        # An error among the arguments would bring its whole message with it.
        if isinstance(record.args, tuple):
            record.args = tuple(without_values(a) if isinstance(a, BaseException) else a for a in record.args)
        record.msg, record.args = scrubbed(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = _told(record.exc_info[1])
            record.exc_info = None
        return True
