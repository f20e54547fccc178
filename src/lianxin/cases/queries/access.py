"""Fetching one case and authorising it are one call; hidden and missing look the same."""

import re
from collections.abc import Collection
from uuid import UUID

from django.db.models import Model, Prefetch
from django.utils.translation import gettext as _

from lianxin.cases.models import About, Case, Category, CoHandling, Extension, Unsealing
from lianxin.cases.policies import relations_of
from lianxin.cases.workflow import Actor, ReceiptHolder
from lianxin.kernel import clock
from lianxin.kernel.errors import NotFound
from lianxin.kernel.rows import columns, instances, keep, keep_lists, prepared
from lianxin.kernel.seal import keyed_hash
from lianxin.org.queries import UNIT_TODAY, Person, Unit

RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 20


_READ = """
    SELECT {columns}
    FROM cases_case read
    JOIN org_unit place ON place.id = read.place_unit_id
    LEFT JOIN org_unit lead ON lead.id = read.lead_unit_id
    LEFT JOIN org_unit inspection ON inspection.id = read.inspection_unit_id
    LEFT JOIN cases_category category ON category.id = read.category_id
    LEFT JOIN org_person handler ON handler.id = read.handler_id
    LEFT JOIN org_person person ON person.id = read.requester_id
    LEFT JOIN {unit_today}
    LEFT JOIN cases_extension extension ON extension.case_id = read.id
    LEFT JOIN cases_case first ON first.id = read.primary_id
    LEFT JOIN org_unit first_lead ON first_lead.id = first.lead_unit_id
    LEFT JOIN cases_about about ON about.case_id = read.id
    LEFT JOIN org_unit about_unit ON about_unit.id = about.unit_id
    LEFT JOIN org_person about_person ON about_person.id = about.person_id
    LEFT JOIN cases_cohandling part ON part.case_id = read.id
    LEFT JOIN org_unit part_unit ON part_unit.id = part.unit_id
    LEFT JOIN cases_unsealing unsealing ON unsealing.case_id = read.id
    WHERE read.id = %(id)s
    ORDER BY about_person.name, about_unit.path, about.id, part.round, part_unit.path, unsealing.at, unsealing.id
"""
"""A case and all that is read with it, in one statement that is planned once: whom it is about, who handles a part of
it and who unsealed it are few, so that a row for each combination of them costs less than three statements more.
"""
_ONE: dict[str, type[Model]] = {
    "read": Case,
    "place": Unit,
    "lead": Unit,
    "inspection": Unit,
    "category": Category,
    "handler": Person,
    "person": Person,
    "extension": Extension,
    "first": Case,
    "first_lead": Unit,
    "unit": Unit,
}
_MANY: dict[str, type[Model]] = {
    "about": About,
    "about_unit": Unit,
    "about_person": Person,
    "part": CoHandling,
    "part_unit": Unit,
    "unsealing": Unsealing,
}
_BESIDE = ("place_unit", "lead_unit", "inspection_unit", "category", "handler", "requester", "extension", "primary")


def _read(case_id: UUID | str) -> Case | None:
    read = {**_ONE, **_MANY}
    with prepared() as cursor:
        listed = ", ".join(columns(model, alias) for alias, model in read.items())
        read_all = _READ.format(columns=listed, unit_today=UNIT_TODAY)
        cursor.execute(read_all, {"id": case_id, "today": clock.today()})
        rows = [instances(row, *read.values()) for row in cursor.fetchall()]
    if not rows:
        return None
    case, *beside, first_lead, requester_unit = rows[0][: len(_ONE)]
    keep(case, **dict(zip(_BESIDE, beside, strict=True)))
    if case.primary is not None:
        keep(case.primary, lead_unit=first_lead)
    if case.requester is not None:
        case.requester.unit = requester_unit
    about: dict[UUID, About] = {}
    parts: dict[UUID, CoHandling] = {}
    unsealings: dict[UUID, Unsealing] = {}
    for named, named_unit, named_person, part, part_unit, unsealing in (row[len(_ONE) :] for row in rows):
        if named is not None and about.setdefault(named.pk, named) is named:
            keep(named, unit=named_unit, person=named_person)
        if part is not None and parts.setdefault(part.pk, part) is part:
            keep(part, unit=part_unit)
        if unsealing is not None:
            unsealings[unsealing.pk] = unsealing
    keep_lists(case, about=about.values(), co_handlings=parts.values(), unsealings=unsealings.values())
    return case


def lock_idle(case_ids: Collection[UUID]) -> list[Case]:
    """For the clock, which sees all: those of some cases at which nobody is at work now, locked, in this order.

    With what it takes to say who somebody is to one.
    """
    cases = Case.objects.select_related("place_unit", "lead_unit", "inspection_unit").prefetch_related(
        Prefetch("about", About.objects.select_related("unit", "person")),
        Prefetch("co_handlings", CoHandling.objects.select_related("unit").order_by("round", "unit__path")),
    )
    found = cases.select_for_update(of=("self",), skip_locked=True, no_key=True).in_bulk(case_ids)
    return [found[case_id] for case_id in case_ids if case_id in found]


def get_case_for(viewer: Actor, case_id: UUID | str) -> Case:
    """The case, if it exists within the viewer's sight.

    Raises:
        NotFound: there is no such case, or it is not for the viewer.
    """
    return _seen(viewer, _read(case_id))


def lock_case_for(viewer: Actor, case_id: UUID | str) -> Case:
    """As `get_case_for`, and locked until the transaction ends: read only then, when whoever was at work is done."""
    with prepared() as cursor:
        cursor.execute("SELECT FROM cases_case WHERE id = %s FOR UPDATE", [case_id])
    return get_case_for(viewer, case_id)


def _seen(viewer: Actor, case: Case | None) -> Case:
    if case is None or not relations_of(viewer, case):
        raise NotFound(_("There is no such case, or it is not for you."))
    return case


def receipt_hash(code: str) -> bytes:
    """What is kept of a receipt. Spaces, dashes and small letters make no difference."""
    plain = re.sub(r"[\s\-–—·]", "", code).upper()
    return keyed_hash("receipt", plain)


def find_by_receipt(code: str) -> UUID | None:
    """The id of the case to which a receipt belongs, or None."""
    return Case.objects.filter(receipt_hash=receipt_hash(code)).values_list("pk", flat=True).first()


def open_receipt(code: str) -> ReceiptHolder:
    """Whoever shows a right receipt may act as the requester of its case.

    Raises:
        NotFound: no case has this receipt.
    """
    case_id = find_by_receipt(code)
    if case_id is None:
        raise NotFound(_("This receipt is not known. Please check each character."))
    return ReceiptHolder(case_id)
