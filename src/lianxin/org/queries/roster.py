"""Rosters: those uploaded, one of them, and what its rows come to, readable."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.kernel.errors import NotFound
from lianxin.nlp.simplified import in_either_script
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
from lianxin.ui.formatting import full_date

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

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


def rosters_for(*, viewer: Person, for_roles: bool | None = None) -> QuerySet[RosterImport]:
    """The rosters that an administrator has uploaded; whoever is charged with the whole enterprise sees all.

    A system administrator sees those of units and people, a security administrator those of roles (`for_roles`).
    """
    rosters = RosterImport.objects.defer("file").select_related("actor", "progress")
    kinds = [kind for kind, action in ((False, "import_roster"), (True, "import_roles")) if may(viewer, action)]
    if for_roles is not None:
        kinds = [kind for kind in kinds if kind == for_roles]
    rosters = rosters.filter(for_roles__in=kinds)
    whole = may(viewer, "keep_role_rosters" if True in kinds else "keep_rosters")
    return rosters if whole else rosters.filter(actor=viewer)


def roster_for(*, viewer: Person, roster_id: int) -> RosterImport:
    """One of `rosters_for`.

    Raises:
        NotFound: there is none such.
    """
    roster = rosters_for(viewer=viewer).filter(pk=roster_id).first()
    if roster is None:
        raise NotFound(_("Roster not found."))
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
        named = Q(name__iregex=in_either_script(text))
        lines = lines.filter(named | Q(key__icontains=text) | Q(place__icontains=text))
    return lines


def rejected_rows(roster: RosterImport) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """For each sheet with rejected rows: its title, its headings and one for the reason, and the whole rows.

    The columns stand where they stand in the file, so that the rows can be mended and sent again.
    """
    lines = list(roster_lines(roster, outcome=RosterOutcome.REJECT).exclude(row=0))
    for sheet in roster.sheets:
        here = [line for line in lines if line.sheet == sheet["title"]]
        headings = {int(place): heading for place, heading in sheet.get("headings", {}).items()}
        if not here or not headings:
            continue
        places = range(1, max(*headings, *(int(place) for line in here for place in line.cells)) + 1)
        rows = [[*(line.cells.get(str(at), "") for at in places), " ".join(reasons_of(line.reasons))] for line in here]
        yield sheet["title"], [*(headings.get(at, "") for at in places), pgettext("roster", "Reason rejected")], rows


def unrecognised(roster: RosterImport) -> list[str]:
    """What of the file was not read: columns without a meaning, and sheets that were passed over."""
    columns = [f"{sheet['title']}: {name}" for sheet in roster.sheets if sheet["part"] for name in sheet["unknown"]]
    return columns + [sheet["title"] for sheet in roster.sheets if not sheet["part"] and sheet["columns"]]


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
    return [str(RosterReason(reason).label) % {k: _value(v) for k, v in said.items()} for reason, said in reasons]


def _value(value: str) -> str:
    if value in ADMINISTRATORS:
        return str(Role(value).label)
    return full_date(date.fromisoformat(value)) if DAY.fullmatch(value) else value


def _change(field: str, before: str, after: str) -> str:
    words = _WORDS.get(field, {})
    label = str(_FIELDS.get(field, field))
    said = [str(words.get(value, value)) or "–" for value in (_value(before), _value(after))]
    if field == "left_on":
        last = said[1] if after else _("date applied")
        return f"{label} {last}"
    return f"{label} {said[0]} → {said[1]}" if before else f"{label} {said[1]}"


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
    "parent": gettext_lazy("parent"),
    "merged_into": pgettext_lazy("roster", "merged into"),
    "phone": gettext_lazy("phone"),
    "email": gettext_lazy("work email"),
    "job_title": gettext_lazy("job title"),
    "left_on": gettext_lazy("last day"),
    "party_organisation": gettext_lazy("Party organisation"),
    "membership": pgettext_lazy("roster", "membership"),
    "post": gettext_lazy("post"),
    "party_post": pgettext_lazy("roster", "Party post"),
    "role": gettext_lazy("role"),
    "ended_on": gettext_lazy("last day"),
}

_WORDS: Mapping[str, Mapping[str, Any]] = {
    "kind": dict([*UnitKind.choices, *PartyOrganisationKind.choices]),
    "membership": dict(MembershipKind.choices),
    "role": dict(Role.choices),
}
