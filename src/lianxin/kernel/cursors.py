"""The cursor of statements whose words are the same each time (`kernel.rows.prepared`)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Self

from psycopg import RawCursor

Values = Sequence[Any] | Mapping[str, Any]

_PLACE = re.compile(r"%(?:\((\w+)\))?([s%])")


class PreparedCursor(RawCursor[Any]):
    """Takes `%s` or `%(name)s`, as any other, and sends what PostgreSQL has for them: `$1`.

    The places of a text are looked for once. psycopg's own cursor does so each time where there are more than fifty
    values or 4096 characters, as in the statements that are worth keeping.
    """

    def execute(self, query: Any, params: Values | None = None, **options: Any) -> Self:
        if params is None:
            return super().execute(query, **options)
        words, names = _numbered(query)
        return super().execute(words, _in_order(names, params), **options)

    def executemany(self, query: Any, params_seq: Iterable[Values], **options: Any) -> None:
        words, names = _numbered(query)
        super().executemany(words, [_in_order(names, params) for params in params_seq], **options)


@lru_cache(maxsize=1024)
def _numbered(text: str) -> tuple[bytes, tuple[str, ...]]:
    """The words with numbered places, and the names of these; no names where values come in their order."""
    names: dict[str, int] = {}
    count = 0

    def number(place: re.Match[str]) -> str:
        nonlocal count
        name, kind = place.groups()
        if kind == "%":
            return "%"
        if name is not None:
            return f"${names.setdefault(name, len(names) + 1)}"
        count += 1
        return f"${count}"

    return _PLACE.sub(number, text).encode(), tuple(names)


def _in_order(names: tuple[str, ...], given: Values) -> Sequence[Any]:
    return [given[name] for name in names] if isinstance(given, Mapping) else given
