"""What people decided about cases, as rules that every regrouping keeps; and which group is which issue.

Plain arithmetic on keys: no database here.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K")


@dataclass
class Pins(Generic[K]):
    """What follows from all decisions in their order; the later one holds.

    Whoever decides about an issue has looked at its cases: all of them are `held` there from then on. `barred`: the
    issues to which a case does not belong.
    """

    held: dict[K, int] = field(default_factory=dict)
    barred: dict[K, set[int]] = field(default_factory=lambda: defaultdict(set))

    def together(self, cases: Collection[K], issue: int) -> None:
        """All of these are the matter `issue`."""
        for case in cases:
            self.held[case] = issue
            self.barred[case].discard(issue)

    def apart(self, these: Collection[K], those: Collection[K], issue: int, other: int | None = None) -> None:
        """`those` are the matter `issue`, and `these` are not; they are the matter `other`, if any."""
        self.together(those, issue)
        for case in these:
            self.held.pop(case, None)
            self.barred[case].add(issue)
        if other is not None:
            self.together(these, other)

    def bars(self, case: K, issue: int) -> bool:
        """Whether a person said that the case does not belong there."""
        return issue in self.barred.get(case, ())


@dataclass(frozen=True)
class Placed(Generic[K]):
    """Cases of one issue; `issue` is None for one that is new."""

    issue: int | None
    cases: list[K]


def regrouped(groups: Sequence[Sequence[K]], pins: Pins[K], old: Mapping[K, int]) -> list[Placed[K]]:
    """Found groups become issues: as people decided, and else with the numbers that they had.

    Cases that a person put somewhere stay there, and draw along the others of their group. What is left of the groups
    is given to the issues of `old`, greatest overlap first, one to one; what overlaps with none is new.
    """
    held: dict[int, list[K]] = defaultdict(list)
    for case, issue in pins.held.items():
        held[issue].append(case)
    free = []
    for group in groups:
        issues = Counter(pins.held[case] for case in group if case in pins.held)
        rest: list[K] = []
        for case in group:
            if case in pins.held:
                continue
            issue_of_it = _drawn(case, issues, pins, old)
            (rest if issue_of_it is None else held[issue_of_it]).append(case)
        if len(rest) > 1:
            free.append(rest)
    found: list[Placed[K]] = [Placed(issue, cases) for issue, cases in held.items()]
    for group, number in zip(free, identified(free, old=old, taken=held), strict=True):
        cases = group if number is None else [case for case in group if not pins.bars(case, number)]
        if len(cases) > 1:
            found.append(Placed(number, cases))
    return found


def _drawn(case: K, issues: Mapping[int, int], pins: Pins[K], old: Mapping[K, int]) -> int | None:
    """The issue to which others of its group draw a case: where it was before, else where most of them are."""
    open_to = [issue for issue in issues if not pins.bars(case, issue)]
    if old.get(case) in open_to:
        return old[case]
    return min(open_to, key=lambda issue: (-issues[issue], issue), default=None)


def identified(groups: Sequence[Sequence[K]], *, old: Mapping[K, int], taken: Collection[int] = ()) -> list[int | None]:
    """Which issue each group is: greatest overlap first, one to one, none of `taken`; None for a new one."""
    overlaps = [
        (-shared, issue, number)
        for number, group in enumerate(groups)
        for issue, shared in Counter(old[case] for case in group if case in old).items()
        if issue not in taken
    ]
    found: list[int | None] = [None] * len(groups)
    given: set[int] = set()
    for _shared, issue, number in sorted(overlaps):
        if found[number] is None and issue not in given:
            found[number] = issue
            given.add(issue)
    return found


def joined(groups: Sequence[Sequence[K]], pairs: Sequence[tuple[K, K]]) -> list[list[K]]:
    """The groups, with those put together that hold the two cases of a pair."""
    group_of: dict[K, list[K]] = {}
    for group in groups:
        members = list(group)
        group_of |= dict.fromkeys(members, members)
    for first, second in pairs:
        one, two = group_of.setdefault(first, [first]), group_of.setdefault(second, [second])
        if one is not two:
            one.extend(two)
            group_of |= dict.fromkeys(two, one)
    return sorted({id(members): members for members in group_of.values()}.values(), key=len, reverse=True)


def sundered(groups: Sequence[Sequence[K]], pairs: Sequence[tuple[K, K]]) -> list[list[K]]:
    """The groups, without those cases of which a person said that they are not the matter of an earlier one in it."""
    against: dict[K, set[K]] = defaultdict(set)
    for first, second in pairs:
        against[first].add(second)
        against[second].add(first)
    found = []
    for group in groups:
        members: list[K] = []
        for case in group:
            if against.get(case, set()).isdisjoint(members):
                members.append(case)
        found.append(members)
    return found
