"""Who may be meant by words that name nobody for certain, and so who receives the case.

Such a case is never left to the desk nearest to its place: whoever would receive it there may be meant as long as
somebody further up can receive it. Those few who could receive, settle, handle or lead it are compared with the words
besides (`nlp.resemblance`). Nobody is marked as a person, only by the mark of their name (`PossibleSubject`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lianxin.cases.enums import DEPUTY_ROLES, CaseKind
from lianxin.cases.models import Case
from lianxin.cases.services.subject_recognition import Subjects
from lianxin.cases.workflow import routing
from lianxin.cases.workflow.desks import mark_of
from lianxin.nlp.resemblance import Known, may_mean, sounds_named
from lianxin.nlp.subjects import marks_of, name_key, names_in_prose, segments
from lianxin.org.enums import Role
from lianxin.org.queries import InLine, Person, Unit, people_in_line, people_with_marks

CALLINGS: Mapping[Role, Sequence[str]] = {
    Role.DISPATCHER: ("受理", "派单", "接单", "诉求"),
    Role.HANDLER: ("承办", "经办", "办理", "办事"),
    Role.UNIT_LEADER: (
        "领导",
        "负责人",
        "一把手",
        "主任",
        "班长",
        "所长",
        "经理",
        "部长",
        "科长",
        "站长",
        "厂长",
        "队长",
    ),
    Role.SUPERVISOR: ("督办", "督查", "监督", "领导"),
    Role.INSPECTOR: ("纪检", "纪委", "监察", "巡察"),
    Role.BRANCH_SECRETARY: ("书记", "支部"),
}
"""What people call those who hold a role, whatever their post."""


@dataclass(frozen=True)
class Recipients:
    """Who is kept from a case, and who receives it.

    Attributes:
        marks: of the names of all who may be meant.
        units: those named in full from whose people it is kept.
        unsettled: somebody has to say who is meant.
        desk_role: who receives it instead of the dispatchers (`Case.desk_role`).
    """

    marks: frozenset[str]
    units: tuple[Unit, ...]
    unsettled: bool
    desk_role: str = ""


def recipients_of(case: Case, subjects: Subjects, people: Sequence[Person], units: Sequence[Unit]) -> Recipients:
    """Who is to be kept from a case that is not stored yet, and who receives it.

    Args:
        case: with place, requester, danger, kind and text.
        subjects: what its words about whom it is were taken to mean.
        people: those whom it names.
        units: those that it names.
    """
    found = _Search(case, subjects, people, units)
    if not (found.unsettled or people or units):
        return Recipients(frozenset(), (), unsettled=False)
    for way in found.ways():
        role = found.receives(way)
        if role is not None:
            return Recipients(way.marks, way.units, way.unsettled, "" if role in found.usual else role)
    return Recipients(subjects.marks, tuple(units), unsettled=found.unsettled)


@dataclass(frozen=True)
class _Way:
    """One choice of whom to keep from the case; `deputies`: who may receive it where its usual desk cannot."""

    marks: frozenset[str]
    units: tuple[Unit, ...]
    unsettled: bool
    deputies: tuple[Role, ...] = ()


class _Search:
    """Goes through the ways from the strictest to the one that leaves out only those who are named in full."""

    def __init__(self, case: Case, subjects: Subjects, people: Sequence[Person], units: Sequence[Unit]) -> None:
        self.case, self.subjects = case, subjects
        self.people, self.units = people, tuple(units)
        self.named = {person.pk for person in people} | ({case.requester_id} if case.requester_id else set())
        self.usual = (Role.INSPECTOR,) if case.sealed else (Role.DISPATCHER,)
        start = self._inspected_from(()) if case.sealed else case.place_unit
        self.line = people_in_line(start, tuple(CALLINGS))
        self.in_text = {one.pk for one in self._named_in_text()}
        self.meant = {one.pk for one in self._meant()} | self.in_text
        self.unsettled = subjects.unsettled or bool(self.meant)

    def _meant(self) -> list[InLine]:
        """Those of the line who may be meant; where all is named in full, those whose name only sounds like it."""
        text = self.case.about_text
        others = [one for one in self.line if one.pk not in self.named]
        if not self.case.about_text:
            return []
        if not self.subjects.unsettled:
            written = {person.name for person in self.people}
            return [one for one in others if one.name not in written and sounds_named(text, one.name)]
        for recognised in self.subjects.recognised:
            text = text.replace(recognised, "、")
        return [one for one in others if may_mean(text, _known(one), self.subjects.marks)]

    def _named_in_text(self) -> list[InLine]:
        """Those of the line whose full name stands in what was written: nobody is asked whether it is about them.

        Not in praise, where whoever is named is thanked.
        """
        if self.case.kind == CaseKind.PRAISE:
            return []
        written = names_in_prose(segments(f"{self.case.title}\n{self.case.body}"))
        return [one for one in self.line if one.pk not in self.named and name_key(one.name) in written]

    def ways(self) -> Iterator[_Way]:
        """The ways to choose from."""
        danger, deputies = bool(self.case.danger), () if self.case.sealed else DEPUTY_ROLES
        waiting = () if danger else deputies  # danger goes to a dispatcher before anything else
        by_words = self.subjects.marks
        if self.unsettled:
            if self.subjects.unsettled or self.meant - self.in_text:
                yield from self._further_up(waiting)
            yield _Way(by_words | self._marks(self.meant), self.units, unsettled=True, deputies=waiting)
        yield _Way(by_words, self.units, self.unsettled, deputies if not by_words else waiting)
        if danger:
            # Danger waits for nobody: where all who could act may be meant, only those named in full are left out.
            yield _Way(frozenset(), self.units, self.unsettled, deputies)
            yield _Way(frozenset(), (), unsettled=True, deputies=deputies)

    def _further_up(self, deputies: Sequence[Role]) -> Iterator[_Way]:
        """Leave out whoever would receive it at the nearest level. Where nobody else is left, it goes to deputies above
        that level, or else at it, and to none nearer; or else to the desk further up, which is less likely meant.
        """
        held = {one.pk: [path for role, path in one.roles if role in self.usual] for one in self.line}
        nearest = max((path for paths in held.values() for path in paths), default="", key=len)
        there = {pk for pk, paths in held.items() if nearest in paths}
        marks = self.subjects.marks | self._marks(self.meant | there)
        yield _Way(marks, self.units, unsettled=True)
        for lowest in (len(nearest) - 1, len(nearest)):
            for role in deputies:
                nearer = {one.pk for one in self.line if any(r == role and len(p) > lowest for r, p in one.roles)}
                yield _Way(marks | self._marks(nearer), self.units, unsettled=True, deputies=(role,))
        likely = {pk for pk in self.meant if not held[pk]}
        yield _Way(self.subjects.marks | self._marks(likely | there), self.units, unsettled=True)

    def _marks(self, people: Collection[int]) -> frozenset[str]:
        return frozenset(mark_of(one.name) for one in self.line if one.pk in people)

    def receives(self, way: _Way) -> Role | None:
        """By which role somebody receives it, if it is kept from those whom the way leaves out."""
        paths = [unit.path for unit in way.units]
        left = [
            one
            for one in self.line
            if one.pk not in self.named and not one.is_in(paths) and marks_of(one.name).isdisjoint(way.marks)
        ]
        at = self._inspected_from(way.marks).path if self.case.sealed else self.case.place_unit.path
        for role in (*self.usual, *way.deputies):
            if any(held == role and at.startswith(path) for one in left for held, path in one.roles):
                return role
        return None

    def _inspected_from(self, marks: Collection[str]) -> Unit:
        meant: Iterable[Person] = people_with_marks(marks, around=self.case.place_unit)
        about = [*self.units, self.case.place_unit] if self.subjects.unsettled else self.units
        return routing.inspection_unit_for(self.case.place_unit, [*self.people, *meant], about)


def _known(one: InLine) -> Known:
    callings = {word for role, _path in one.roles for word in CALLINGS[role]}
    return Known(one.name, one.numbers, one.posts, one.units, callings)
