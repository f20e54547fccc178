"""Comparing units and Party organisations with the register: what would be added, changed, moved and ended."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lianxin.org.enums import PartyOrganisationKind, RosterOutcome, RosterPart, RosterReason, UnitKind
from lianxin.org.roster.columns import ENDED
from lianxin.org.roster.diff_rows import Line, Places, above_of, line_of, refuse_repeated
from lianxin.org.roster.fields import ROWS, Numbers, Refused, RowForm, because
from lianxin.org.roster.parser import Row
from lianxin.org.roster.snapshot import Node


@dataclass(slots=True)
class Wish:
    """What a row says of a place."""

    name: str
    kind: str
    parent: str
    unit: str
    merged_into: str
    ends: bool


@dataclass
class Forest:
    """The places as the register has them, and as they will be."""

    part: RosterPart
    before: Mapping[str, Node]
    within: Callable[[str], bool]
    """Whether the actor's charge reaches a place, by code (for Party organisations: of the unit)."""
    units: "Forest | None" = None
    """Where Party organisations stand."""
    after: dict[str, Node] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def places(self) -> Places:
        """By what names they are found, old ones and new ones."""
        rejected = [text for line in self.lines if not line.stands for text in (line.key, line.name)]
        return Places(self.after, also=self.before.values(), rejected=rejected)

    @property
    def root(self) -> str:
        """The enterprise itself, empty where there is none yet."""
        return next((code for code, node in self.after.items() if not node.parent and not node.ended), "")

    def title(self, code: str) -> str:
        """A place's name as it will be."""
        node = self.after.get(code) or self.before.get(code)
        return node.name if node else ""


def plan_forest(forest: Forest, rows: list[Row]) -> None:
    """Fill `after` and `lines`; whether something may end is settled later by `endings`."""
    known = Numbers(forest.before, (row.cells.get("code") for row in rows))
    forest.after = {code: node.copy() for code, node in forest.before.items()}
    form = ROWS[forest.part](known)
    forest.lines = [_parse(forest, row, form) for row in rows]
    refuse_repeated(zip(forest.lines, rows, strict=True))
    for line in _wishing(forest):
        _foresee(forest, line)
    places = forest.places()
    units = forest.units.places() if forest.units else None
    for line in _wishing(forest):
        _trying(forest, line, lambda line: _place(forest, line, places, units))
    _settle(forest)
    for line in _wishing(forest):
        _describe(forest, line)


def _wishing(forest: Forest) -> list[Line]:
    return [line for line in forest.lines if isinstance(line.act, Wish)]


def _parse(forest: Forest, row: Row, form: RowForm) -> Line:
    line = line_of(forest.part, row)
    form.take(row.cells)
    line.key, line.name = form.cleaned_data.get("code", ""), form.cleaned_data.get("name", "")
    try:
        cells = form.read()
        line.act = Wish(
            name=line.name,
            kind=cells["kind"],
            parent=cells["parent"],
            unit=cells.get("unit", ""),
            merged_into=cells.get("merged_into", ""),
            ends=bool(cells.get("merged_into")) or cells["status"] == ENDED,
        )
    except Refused as refused:
        line.refuse(refused.reason)
    return line


def _foresee(forest: Forest, line: Line) -> None:
    """Enter the place as the row names it, so that other rows find it."""
    wish: Wish = line.act
    old = forest.before.get(line.key)
    if old is None and wish.ends:
        line.act, line.reasons = None, [because(RosterReason.NEVER_HERE)]
    elif old and old.ended:
        if wish.ends:
            line.act = None
        else:
            line.refuse(because(RosterReason.PLACE_ENDED, value=old.name))
    elif old is None:
        usual = UnitKind.DEPARTMENT if forest.part == RosterPart.UNITS else PartyOrganisationKind.BRANCH
        forest.after[line.key] = Node(line.key, wish.name, wish.kind or usual.value)
    else:
        node = forest.after[line.key]
        node.name, node.kind = wish.name, wish.kind or node.kind


def _trying(forest: Forest, line: Line, act: Callable[[Line], None]) -> None:
    try:
        act(line)
    except Refused as refused:
        reject(forest, line, refused)


def reject(forest: Forest, line: Line, refused: Refused) -> None:
    """Reject a row, and have its place as it was before."""
    line.refuse(refused.reason)
    if line.key in forest.before:
        forest.after[line.key] = forest.before[line.key].copy()
    else:
        forest.after.pop(line.key, None)


def _place(forest: Forest, line: Line, places: Places, units: Places | None) -> None:
    """Settle what the place lies below, where it stands, and what it goes into."""
    wish: Wish = line.act
    node, old = forest.after[line.key], forest.before.get(line.key)
    if units and forest.units:
        node.unit = units.find(wish.unit) if wish.unit else node.unit
    if wish.parent:
        node.parent = places.find(wish.parent)
    elif old is None and forest.part == RosterPart.UNITS:
        node.parent = forest.root if forest.root != line.key else ""
        if not node.parent:
            node.kind = wish.kind or UnitKind.ENTERPRISE.value
    if node.parent == line.key:
        raise Refused(RosterReason.CYCLE)
    if old and not old.parent and forest.part == RosterPart.UNITS and (node.parent or wish.ends):
        raise Refused(RosterReason.ROOT_STAYS)
    if wish.ends:
        node.ended = True
        if wish.merged_into:
            node.merged_into = places.find(wish.merged_into)
            if node.merged_into == line.key:
                raise Refused(RosterReason.CYCLE)


def _settle(forest: Forest) -> None:
    """Reject what hangs on rejected or ended places, in a circle, or out of reach, until nothing more falls."""
    fallen = True
    while fallen:
        standing = _wishing(forest)
        for line in [line for line in standing if _in_a_circle(forest, line)]:
            reject(forest, line, Refused(RosterReason.CYCLE))
        for line in _wishing(forest):
            _trying(forest, line, lambda line: _hang(forest, line))
        fallen = len(_wishing(forest)) < len(standing)


def _in_a_circle(forest: Forest, line: Line) -> bool:
    chain = above_of(forest.after, line.key)
    return bool(chain) and forest.after[chain[-1]].parent == line.key


def _hang(forest: Forest, line: Line) -> None:
    node = forest.after[line.key]
    if node.parent:
        above = forest.after.get(node.parent)
        if above is None:
            raise Refused(RosterReason.PLACE_REJECTED, value=node.parent)
        if above.ended and above.merged_into:
            node.parent = above.merged_into
        elif above.ended and not node.ended:
            raise Refused(RosterReason.PLACE_ENDED, value=above.name)
    if node.merged_into and (node.merged_into not in forest.after or forest.after[node.merged_into].ended):
        raise Refused(RosterReason.PLACE_ENDED, value=forest.title(node.merged_into))
    if node.merged_into and line.key in above_of(forest.after, node.merged_into):
        raise Refused(RosterReason.CYCLE)
    if forest.units:
        _stand(forest, forest.units, node)
    touched = [line.key, node.parent] if forest.part == RosterPart.UNITS else [line.key]
    if not all(forest.within(code) for code in (*touched, node.merged_into) if code):
        raise Refused(RosterReason.OUT_OF_REACH)


def _stand(forest: Forest, units: Forest, node: Node) -> None:
    """A Party organisation stands where the one above it does, or at the enterprise, unless it is said."""
    if not node.unit:
        node.unit = forest.after[node.parent].unit if node.parent else ""
        node.unit = node.unit or units.root
    if node.unit not in units.after:
        raise Refused(RosterReason.UNIT_MISSING)


def _describe(forest: Forest, line: Line) -> None:
    """Say what the row comes to."""
    wish: Wish = line.act
    node, old = forest.after[line.key], forest.before.get(line.key)
    line.place = forest.title(node.parent)
    if old is None:
        line.outcome = RosterOutcome.ADD
        return
    line.changes = [
        [name, getattr(old, name), getattr(node, name)]
        for name in ("name", "kind")
        if getattr(old, name) != getattr(node, name)
    ]
    if forest.units and old.unit != node.unit:
        line.changes.append(["unit", forest.units.title(old.unit), forest.units.title(node.unit)])
    if old.parent != node.parent:
        line.changes.append(["parent", forest.title(old.parent), forest.title(node.parent)])
    if wish.ends:
        line.outcome = RosterOutcome.END
        if node.merged_into:
            line.changes.append(["merged_into", "", forest.title(node.merged_into)])
    elif old.parent != node.parent:
        line.outcome = RosterOutcome.MOVE
    elif line.changes:
        line.outcome = RosterOutcome.CHANGE
    else:
        line.act = None
