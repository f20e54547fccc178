"""The audit trail: who changed what in the organisation, the calendar and the accounts. Never a case's events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.kernel import timezone
from lianxin.ledger.queries import Event, events_of, events_of_kinds
from lianxin.org.enums import ADMINISTRATORS, MembershipKind, OwnNameKind, PartyOrganisationKind, Role, UnitKind
from lianxin.org.models import PartyOrganisation, Person, Unit
from lianxin.org.policies import may
from lianxin.org.queries.people import people_for
from lianxin.org.queries.units import party_organisations_for, units_for
from lianxin.ui.formatting import full_date

Names = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """A kind of subject that the trail tells about.

    label: what it is called; actions: what may have been done to it; names: subject ids to names, in one query;
    of_person: the subject ids that stand for a person (their account, say).
    """

    label: str | Promise
    actions: Mapping[str, str | Promise]
    names: Callable[[list[str]], Names]
    of_person: Callable[[int], list[str]] = lambda _person_id: []


_kinds: dict[str, Kind] = {}


def register_kind(subject_type: str, kind: Kind) -> None:
    """Have the trail tell about a further kind of subject; for contexts above, in their `apps.ready()`."""
    _kinds[subject_type] = kind


def kinds() -> list[tuple[str, str]]:
    """The kinds of subjects, for a filter."""
    return [(subject_type, str(kind.label)) for subject_type, kind in _kinds.items()]


@dataclass(frozen=True)
class Line:
    """One event, readable."""

    at: datetime
    who: str
    acting_role: str
    kind: str
    subject: str
    action: str
    details: list[str] = field(default_factory=list)


def trail_for(
    *,
    viewer: Person,
    subject_type: str = "",
    person: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Event]:
    """The events that an audit administrator may read, newest first.

    Of a part of the enterprise its administrator reads what was done to units, Party organisations and people there.
    `person` is who acted or to whom something was done; the days are the enterprise's, both included.
    """
    if not may(viewer, "read_audit_trail"):
        return Event.objects.none()
    events = events_of_kinds([subject_type] if subject_type in _kinds else list(_kinds))
    if not may(viewer, "read_whole_audit_trail"):
        events = events.filter(_within(viewer))
    if person is not None:
        events = events.filter(_concerns(person))
    if since is not None:
        events = events.filter(at__gte=_midnight(since))
    if until is not None:
        events = events.filter(at__lt=_midnight(until + timedelta(days=1)))
    return events


def _concerns(person_id: int) -> Q:
    concerns = Q(actor_id=person_id)
    for subject_type, kind in _kinds.items():
        if ids := kind.of_person(person_id):
            concerns |= Q(subject_type=subject_type, subject_id__in=ids)
    return concerns


def _within(viewer: Person) -> Q:
    def ids(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by().values_list(Cast("pk", CharField()), flat=True)

    people = people_for(viewer=viewer) | people_for(viewer=viewer, left=True)
    return (
        Q(subject_type="org.unit", subject_id__in=ids(units_for(viewer=viewer)))
        | Q(subject_type="org.partyorganisation", subject_id__in=ids(party_organisations_for(viewer=viewer)))
        | Q(subject_type="org.person", subject_id__in=ids(people))
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.zone())


def history_of(subject: Person | Unit | PartyOrganisation) -> list[Line]:
    """What was done to somebody or something that the viewer may see, newest first."""
    return describe(events_of(subject._meta.label_lower, subject.pk).reverse())


def describe(events: Iterable[Event]) -> list[Line]:
    """Events as lines to read. Names are looked up once for all of them."""
    events = list(events)
    names = {
        subject_type: kind.names(_mentioned(events, subject_type))
        for subject_type, kind in _kinds.items()
        if _mentioned(events, subject_type)
    }
    return [_line(event, names) for event in events]


def _line(event: Event, names: Mapping[str, Names]) -> Line:
    kind = _kinds[event.subject_type]
    return Line(
        at=event.at,
        who=event.actor.name if event.actor else _("the system"),
        acting_role=str(Role(event.role).label) if event.role in ADMINISTRATORS else "",
        kind=str(kind.label),
        subject=names.get(event.subject_type, {}).get(event.subject_id, event.subject_id),
        action=str(kind.actions.get(event.action, event.action)),
        details=[said for key, value in event.data.items() if (said := _detail(event, key, value, names))],
    )


def _reference(event: Event, key: str) -> str:
    """The kind of subject whose id stands in an event's data under a key."""
    if key == "parent":
        return event.subject_type
    return {"unit": "org.unit", "party_organisation": "org.partyorganisation"}.get(key, "")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _mentioned(events: Iterable[Event], subject_type: str) -> list[str]:
    found = {event.subject_id for event in events if event.subject_type == subject_type}
    for event in events:
        for key, value in event.data.items():
            if _reference(event, key) == subject_type:
                found |= {str(one) for one in _listed(value) if one is not None}
    return sorted(found)


def _detail(event: Event, key: str, value: Any, names: Mapping[str, Names]) -> str:
    if value in (None, "", []) or key not in _DETAILS:
        return ""
    known = names.get(_reference(event, key), {})
    said = [_say(key, one, known) for one in _listed(value)]
    joined = (", " if key in {"fields", "hours", "names"} else " → ").join(said)
    return f"{_DETAILS[key]} {joined}".strip()


def _say(key: str, value: Any, names: Names) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("a working day") if value else _("a day off")
    if key in _DATES:
        return full_date(date.fromisoformat(value))
    words = {str(choice): str(label) for choice, label in _WORDS.get(key, ())}
    return words.get(str(value), names.get(str(value), str(value)))


_WORDS: Mapping[str, list[tuple[Any, Any]]] = {
    "role": Role.choices,
    "kind": [*UnitKind.choices, *PartyOrganisationKind.choices, *MembershipKind.choices],
    "fields": [
        ("name", pgettext_lazy("person", "name")),
        ("employee_no", gettext_lazy("employee number")),
        ("phone", gettext_lazy("phone")),
        ("email", gettext_lazy("work email")),
    ],
}

_DATES = {"started_on", "ended_on", "last_day"}

_DETAILS = {
    "name": gettext_lazy("name"),
    "names": "",
    "code": gettext_lazy("code"),
    "kind": gettext_lazy("kind"),
    "parent": gettext_lazy("parent"),
    "unit": gettext_lazy("unit"),
    "party_organisation": gettext_lazy("Party organisation"),
    "role": gettext_lazy("role"),
    "started_on": gettext_lazy("from"),
    "ended_on": gettext_lazy("to"),
    "last_day": gettext_lazy("last day"),
    "fields": gettext_lazy("changed"),
    "working": "",
    "hours": gettext_lazy("hours"),
    "numbers": gettext_lazy("count"),
    "ground": gettext_lazy("ground"),
}


def _names_of(model: type[Person | Unit | PartyOrganisation]) -> Callable[[list[str]], Names]:
    def names(ids: list[str]) -> Names:
        return {str(pk): name for pk, name in model._base_manager.filter(pk__in=ids).values_list("pk", "name")}

    return names


_SHAPED = {
    "found": pgettext_lazy("in the record", "set up"),
    "add": pgettext_lazy("in the record", "added"),
    "rename": pgettext_lazy("in the record", "name, code or kind changed"),
    "move": pgettext_lazy("in the record", "moved"),
    "end": pgettext_lazy("in the record", "closed"),
    "merge": pgettext_lazy("in the record", "merged into another unit"),
    "phones": pgettext_lazy("in the record", "duty phones set"),
    "place": pgettext_lazy("in the record", "host unit changed"),
}

register_kind("org.unit", Kind(gettext_lazy("unit"), _SHAPED, _names_of(Unit)))
register_kind("org.partyorganisation", Kind(gettext_lazy("Party organisation"), _SHAPED, _names_of(PartyOrganisation)))
register_kind(
    "org.person",
    Kind(
        gettext_lazy("person"),
        {
            "add": pgettext_lazy("in the record", "added"),
            "correct": pgettext_lazy("in the record", "corrected"),
            "move": pgettext_lazy("in the record", "transferred"),
            "leave": pgettext_lazy("in the record", "departure recorded"),
            "return": pgettext_lazy("in the record", "rehired"),
            "give_post": pgettext_lazy("in the record", "post assigned"),
            "end_post": pgettext_lazy("in the record", "post ended"),
            "enrol": pgettext_lazy("in the record", "Party membership recorded"),
            "end_membership": pgettext_lazy("in the record", "Party membership ended"),
            "grant_role": pgettext_lazy("in the record", "role granted"),
            "end_role": pgettext_lazy("in the record", "role ended"),
        },
        _names_of(Person),
        of_person=lambda person_id: [str(person_id)],
    ),
)
register_kind(
    "org.rosterimport",
    Kind(
        gettext_lazy("roster"),
        {
            "upload": pgettext_lazy("in the record", "uploaded"),
            "apply": pgettext_lazy("in the record", "applied"),
            "discard": pgettext_lazy("in the record", "discarded"),
        },
        lambda ids: {pk: f"#{pk}" for pk in ids},
    ),
)
register_kind(
    "org.own_names",
    Kind(
        gettext_lazy("places and equipment"),
        {
            "add": pgettext_lazy("in the record", "added"),
            "change": pgettext_lazy("in the record", "changed"),
            "remove": pgettext_lazy("in the record", "removed from the list"),
        },
        lambda ids: {kind: str(OwnNameKind(kind).label) for kind in ids},
    ),
)
register_kind(
    "org.calendar",
    Kind(
        gettext_lazy("working calendar"),
        {
            "set_day": pgettext_lazy("in the record", "day set"),
            "remove_day": pgettext_lazy("in the record", "day reset"),
            "set_hours": pgettext_lazy("in the record", "business hours set"),
        },
        lambda ids: {pk: _("business hours") if pk == "hours" else full_date(date.fromisoformat(pk)) for pk in ids},
    ),
)
