"""Rosters: those uploaded, one of them, and what its rows come to, readable."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.kernel.errors import NotFound
from lianxin.org.enums import (
    ADMINISTRATORS,
    MembershipKind,
    PartyOrganisationKind,
    Role,
    RosterOutcome,
    RosterPart,
    RosterProblem,
    RosterReason,
    RosterState,
    UnitKind,
)
from lianxin.org.models import Person, RosterImport, RosterLine
from lianxin.org.policies import may

WORKING = (RosterState.READING, RosterState.APPLYING)
"""States in which a job is at it."""


@dataclass(frozen=True)
class RosterRow:
    """One row of a roster and what it comes to, in words."""

    part: str
    outcome: str
    tone: str
    where: str
    key: str
    name: str
    place: str
    changes: list[str]
    reasons: list[str]
    news: bool


def rosters_for(*, viewer: Person) -> QuerySet[RosterImport]:
    """The rosters that an administrator has uploaded; whoever is charged with the whole enterprise sees all."""
    rosters = RosterImport.objects.defer("file").select_related("actor", "progress")
    if not may(viewer, "import_roster"):
        return rosters.none()
    return rosters if may(viewer, "keep_rosters") else rosters.filter(actor=viewer)


def roster_for(*, viewer: Person, roster_id: int) -> RosterImport:
    """One of `rosters_for`.

    Raises:
        NotFound: there is none such.
    """
    roster = rosters_for(viewer=viewer).filter(pk=roster_id).first()
    if roster is None:
        raise NotFound(_("There is no such roster."))
    return roster


def roster_problem(roster: RosterImport) -> str:
    """Why it could not be read or applied, in words; empty where it could."""
    return str(RosterProblem(roster.problem).label) if roster.problem else ""


def roster_lines(
    roster: RosterImport, *, outcome: str = "", part: str = "", text: str = "", news: bool = False
) -> QuerySet[RosterLine]:
    """The rows of a roster that the viewer may see, in the order of the file, narrowed down."""
    lines = RosterLine.objects.filter(roster=roster).order_by("id")
    if outcome in RosterOutcome.values:
        lines = lines.filter(outcome=outcome)
    if part in RosterPart.values:
        lines = lines.filter(part=part)
    if news:
        lines = lines.filter(news=True)
    if text:
        lines = lines.filter(Q(key__icontains=text) | Q(name__icontains=text) | Q(place__icontains=text))
    return lines


def rejected_rows(roster: RosterImport) -> Iterator[tuple[str, int, str, str, str]]:
    """Of each rejected row: sheet, row, number or code, name, and the reasons."""
    for line in roster_lines(roster, outcome=RosterOutcome.REJECT).iterator(2000):
        yield line.sheet, line.row, line.key, line.name, " ".join(reasons_of(line.reasons))


def readable(lines: Iterable[RosterLine]) -> list[RosterRow]:
    """Rows in words."""
    return [
        RosterRow(
            part=str(RosterPart(line.part).label),
            outcome=str(RosterOutcome(line.outcome).label),
            tone=_TONES.get(line.outcome, "neutral"),
            where=_("%(sheet)s, row %(row)d") % {"sheet": line.sheet, "row": line.row} if line.row else "",
            key=line.key,
            name=line.name,
            place=line.place,
            changes=[_change(*change) for change in line.changes],
            reasons=reasons_of(line.reasons),
            news=line.news,
        )
        for line in lines
    ]


def reasons_of(reasons: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """Stored reasons in the reader's language."""
    return [str(RosterReason(reason).label) % {k: _role(v) for k, v in said.items()} for reason, said in reasons]


def _role(value: str) -> str:
    return str(Role(value).label) if value in ADMINISTRATORS else value


def _change(field: str, before: str, after: str) -> str:
    words = _WORDS.get(field, {})
    label = str(_FIELDS.get(field, field))
    told = [str(words.get(value, value)) or "–" for value in (before, after)]
    if field == "left_on":
        day = after or _("the day of applying")
        return f"{label} {day}"
    return f"{label} {told[0]} → {told[1]}" if before else f"{label} {told[1]}"


_TONES = {
    RosterOutcome.ADD.value: "success",
    RosterOutcome.CHANGE.value: "info",
    RosterOutcome.MOVE.value: "info",
    RosterOutcome.RETURN.value: "success",
    RosterOutcome.END.value: "warning",
    RosterOutcome.REJECT.value: "danger",
}

_FIELDS = {
    "name": gettext_lazy("name"),
    "kind": gettext_lazy("kind"),
    "unit": gettext_lazy("unit"),
    "parent": gettext_lazy("below"),
    "merged_into": pgettext_lazy("roster", "merged into"),
    "phone": gettext_lazy("phone"),
    "job_title": gettext_lazy("job title"),
    "left_on": gettext_lazy("last day"),
    "party_organisation": gettext_lazy("Party organisation"),
    "membership": pgettext_lazy("roster", "membership"),
    "post": gettext_lazy("post"),
    "party_post": pgettext_lazy("roster", "Party post"),
}

_WORDS: Mapping[str, Mapping[str, Any]] = {
    "kind": dict([*UnitKind.choices, *PartyOrganisationKind.choices]),
    "membership": dict(MembershipKind.choices),
}
