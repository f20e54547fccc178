"""What a row comes to, and the names by which rows speak of places."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianxin.kernel.spreadsheets import Cell, plain
from lianxin.org.enums import RosterOutcome, RosterPart, RosterReason
from lianxin.org.roster.fields import Reason, Refused, because
from lianxin.org.roster.parser import Row
from lianxin.org.roster.snapshot import Node

_BETWEEN = re.compile(r"\s*[/\\>→|]\s*")
_MOST_ROWS_NAMED = 5


@dataclass(slots=True)
class Line:
    """What one row comes to; `act` is what applying it needs, and is not stored."""

    part: RosterPart
    sheet: str
    row: int
    key: str = ""
    name: str = ""
    place: str = ""
    outcome: RosterOutcome = RosterOutcome.SAME
    changes: list[list[str]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    act: Any = None
    whole: Mapping[int, Cell] = field(default_factory=dict)
    """The row as it stands in the file, by column."""

    def refuse(self, reason: Reason) -> None:
        """Reject the row."""
        self.outcome, self.act, self.changes, self.reasons = RosterOutcome.REJECT, None, [], [reason]

    @property
    def stands(self) -> bool:
        """Whether it has not been rejected."""
        return self.outcome != RosterOutcome.REJECT


def line_of(part: RosterPart, row: Row) -> Line:
    """An empty line for a row."""
    return Line(part, row.sheet, row.number, whole=row.whole)


def refuse_repeated(rows: Iterable[tuple[Line, Row]], key: Callable[[Line], Any] = lambda line: line.key) -> None:
    """Of rows with one key and the same content all but the first are passed over; with different content, all fall."""
    by_key: dict[Any, list[tuple[Line, Row]]] = {}
    for line, row in rows:
        if line.key and line.stands:
            by_key.setdefault(key(line), []).append((line, row))
    for together in by_key.values():
        if len(together) == 1:
            continue
        (first, content), *others = together
        if all(row.cells == content.cells for _line, row in others):
            for line, _row in others:
                line.outcome, line.act, line.changes = RosterOutcome.SAME, None, []
                line.reasons = [because(RosterReason.REPEATED, rows=first.row)]
        else:
            numbers = ", ".join(str(line.row) for line, _row in together[:_MOST_ROWS_NAMED])
            for line, _row in together:
                line.refuse(because(RosterReason.DUPLICATE, rows=numbers))


class Places:
    """Units, or Party organisations, found by code, by name or by the path of their names."""

    def __init__(self, nodes: Mapping[str, Node], *, also: Iterable[Node] = (), rejected: Iterable[str] = ()) -> None:
        self._nodes = nodes
        self._by_code = {plain(code): code for code in nodes}
        self._by_name: dict[str, set[str]] = {}
        for node in (*nodes.values(), *(old for old in also if old.code in nodes)):
            self._by_name.setdefault(plain(node.name), set()).add(node.code)
        self._rejected = {plain(text) for text in rejected}
        self._found: dict[str, str | Refused] = {}

    def find(self, text: str) -> str:
        """The code of the living place that a text means; of a merged one, that of its successor.

        Raises:
            Refused: there is none, there are several, it has been ended or rejected.
        """
        if text not in self._found:
            try:
                self._found[text] = self._look_up(text)
            except Refused as refused:
                self._found[text] = refused
        found = self._found[text]
        if isinstance(found, Refused):
            raise Refused(RosterReason(found.reason[0]), **found.reason[1])
        return found

    def _look_up(self, text: str) -> str:
        folded = plain(text)
        code = self._by_code.get(folded, "")
        if code in self._nodes:
            return self._living(code)
        named = {code for code in self._by_name.get(folded) or self._along(text) if code in self._nodes}
        if not named and (code or folded in self._rejected):
            raise Refused(RosterReason.PLACE_REJECTED, value=text)
        living = {code for code in named if self._goes_on(code)}
        if len(living) > 1:
            raise Refused(RosterReason.AMBIGUOUS, value=text)
        if named:
            return self._living(next(iter(living or named)))
        raise Refused(RosterReason.UNKNOWN_PLACE, value=text)

    def onward(self, code: str) -> str:
        """A place, or the one it is merged into."""
        node = self._nodes[code]
        return (node.merged_into or code) if node.ended else code

    def _goes_on(self, code: str) -> bool:
        node = self._nodes[code]
        return not node.ended or bool(node.merged_into)

    def _living(self, code: str) -> str:
        node = self._nodes[code]
        successor = self._nodes.get(node.merged_into)
        if node.ended and (successor is None or successor.ended):
            raise Refused(RosterReason.PLACE_ENDED, value=node.name)
        return successor.code if node.ended and successor else code

    def _along(self, text: str) -> set[str]:
        """Those at the end of a path of names; levels may be left out, the fullest match wins."""
        names = [plain(name) for name in _BETWEEN.split(text) if name]
        if not names or len(names) == 1:
            return set()
        whole, part = set(), set()
        for code in self._by_name.get(names[-1], set()) & self._nodes.keys():
            above = [plain(self._nodes[name].name) for name in above_of(self._nodes, code)]
            if above[: len(names) - 1] == names[-2::-1]:
                whole.add(code)
            rest = iter(above)
            if all(name in rest for name in names[-2::-1]):
                part.add(code)
        return whole or part


def above_of(nodes: Mapping[str, Node], code: str) -> list[str]:
    """The codes above a place, the nearest first; stops where it would go in a circle."""
    found: list[str] = []
    parent = nodes[code].parent
    while parent in nodes and parent not in found and parent != code:
        found.append(parent)
        parent = nodes[parent].parent
    return found
