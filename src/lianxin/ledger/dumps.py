"""The tables of the record as text, in which PostgreSQL copies rows: of a database, or of a dump of it."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

TABLES = ("batch", "checkpoint", "erased", "event", "origin", "pending", "tile")
"""Without their prefix."""
_COPY = re.compile(rb"COPY (?:public\.)?ledger_(\w+) \((.*)\) FROM stdin;\n")
_END = b"\\.\n"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

Values = dict[str, str | None]


class Table(NamedTuple):
    """One of `TABLES`, and its rows, to be read before the next table."""

    name: str
    rows: Iterator[Values]


def tables_in(script: Iterable[bytes]) -> Iterator[Table]:
    """The record's tables in a dump in plain text."""
    lines = iter(script)
    for line in lines:
        if (found := _COPY.fullmatch(line)) and (name := found[1].decode()) in TABLES:
            columns = [column.strip().strip('"') for column in found[2].decode().split(",")]
            yield Table(name, rows_in(lines, columns))


def rows_in(lines: Iterable[bytes], columns: list[str]) -> Iterator[Values]:
    """Rows up to the end of their table."""
    for line in lines:
        if line == _END:
            return
        yield dict(zip(columns, map(_unescaped, line.decode().removesuffix("\n").split("\t")), strict=True))


def _unescaped(value: str) -> str | None:
    if "\\" not in value:
        return value
    return None if value == r"\N" else _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), value)


def text(value: str | None) -> str:
    return value or ""


def number(value: str | None) -> int:
    return int(value or "")


def octets(value: str | None) -> bytes:
    return bytes.fromhex((value or "").removeprefix("\\x"))


def moment(value: str | None) -> datetime:
    return datetime.fromisoformat(value or "")


def truth(value: Any) -> bool:
    return bool(value == "t")
