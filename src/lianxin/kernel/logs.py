"""What may stand in a log: what happened and where in the program, never who, from which address, or with what text.

And when: of pages that do not know who asks (`unidentified_request`) nothing finer than the hour. Whatever collects our
output puts its own time to each line, so that it is not enough to write another one into it: what such requests log is
kept in memory, and told at the next full hour.
"""

import json
import logging
import re
import threading
import time
import traceback
from collections import Counter
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,}[0-9a-fA-F]{0,4}")
_IDS = re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
"""Of cases and what belongs to them: beside an exact time they would tell when somebody was at an anonymous one."""
_QUERY = re.compile(r"\?\S*")
_NUMBERS = re.compile(r"\b\d{8,}\b")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def scrubbed(text: str) -> str:
    """Text without addresses, query strings, ids of cases and long numbers."""
    return _NUMBERS.sub("-", _QUERY.sub("", _ADDRESS.sub("-", _IDS.sub("-", text))))


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
        if record.name.startswith("django.security"):
            record.exc_info = None  # a wrong Host header or the like: where we found out says nothing
        if record.exc_info:
            record.exc_text = _told(record.exc_info[1])
            record.exc_info = None
        return True


_HOUR = 3600
_MOST_HELD = 1000
"""Different lines of one hour that are kept; more are counted only."""
_unidentified: ContextVar[bool] = ContextVar("unidentified", default=False)


def unidentified_request(*, is_one: bool) -> None:
    """Say at the beginning of each request whether it is for a page that does not know who asks."""
    _unidentified.set(is_one)


class Unidentified(logging.Filter):
    """Marks what comes of requests for pages that do not know who asks; stands before `NoPersonalData`.

    What Django logs of a response is logged when all middleware is done, and by the thread of the request still.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.is_unidentified = _unidentified.get()
        return True


class HourlyForUnidentified(logging.StreamHandler):  # type: ignore[type-arg] # generic in the stubs alone
    """A stream handler that tells what is marked by `Unidentified` at the next full hour: each line once, with how
    often it came, in the order of the alphabet, with the time of that hour.

    What is held when the process ends in order is told then.
    """

    def __init__(self, stream: Any = None) -> None:
        super().__init__(stream)
        self._held: Counter[tuple[str, int, str, str]] = Counter()
        self._waiting: threading.Thread | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or hold it."""
        if not getattr(record, "is_unidentified", False):
            super().emit(record)
            return
        line = (record.name, record.levelno, record.getMessage(), record.exc_text or "")
        if line not in self._held and len(self._held) >= _MOST_HELD:
            line = (__name__, logging.WARNING, "More errors than are kept, of pages that do not know who asks.", "")
        self._held[line] += 1
        if self._waiting is None:
            self._waiting = threading.Thread(target=self._wait, daemon=False)
            self._waiting.start()

    def _wait(self) -> None:
        # Web processes are forked and end without `atexit`; a thread that is no daemon is waited for all the same.
        threading.main_thread().join(_HOUR - time.time() % _HOUR)
        self.tell()

    def tell(self) -> None:
        """Write what is held."""
        self.acquire()
        try:
            lines, self._held, self._waiting = sorted(self._held.items()), Counter(), None
            for (name, level, message, error), count in lines:
                times = f" ({count} times)" if count > 1 else ""
                told = f"{message}{times} [within an hour; the moment is not kept]"
                record = logging.LogRecord(name, level, "", 0, told, None, None)
                record.created, record.msecs = time.time() // _HOUR * _HOUR, 0.0
                record.exc_text = error or None
                super().emit(record)
        finally:
            self.release()

    def close(self) -> None:
        """Tell what is held, and end."""
        self.tell()
        super().close()
