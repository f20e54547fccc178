"""Many places added at once are the same as one after the other."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.kernel.errors import Invalid, NotAllowed, NotFound
from lianxin.ledger.models import Event
from lianxin.org import services
from lianxin.org.enums import PartyOrganisationKind, UnitKind
from lianxin.org.models import PartyOrganisation, Unit
from lianxin.org.services.party import NewPartyOrganisation, add_party_organisations
from lianxin.org.services.units import NewUnit, add_units

KIND = UnitKind.DEPARTMENT
BRANCH = PartyOrganisationKind.BRANCH
parents = st.lists(st.integers(0, 100), max_size=12)
"""For each new place the number of the one above it, among all that are there by then."""


def taken_back(act):
    """What an act leaves behind, by code; nothing of it stays."""
    with transaction.atomic():
        before = list(Event.objects.values_list("pk", flat=True))
        act()
        codes = {**{f"u{pk}": code for pk, code in Unit.objects.values_list("pk", "code")}, None: ""}
        codes |= {f"p{pk}": code for pk, code in PartyOrganisation.objects.values_list("pk", "code")}
        shape = [
            (row.code, row.name, row.kind, row.path, row.depth, row.numchild, getattr(row, "unit_id", None))
            for model in (Unit, PartyOrganisation)
            for row in model.objects.order_by("path")
        ]
        said = sorted(
            (event.action, event.subject_type, event.data["code"], codes[_key(event, event.data["parent"])], event.role)
            for event in Event.objects.exclude(pk__in=before)
        )
        transaction.set_rollback(True)
    return shape, said


def _key(event, pk):
    return pk and f"{'u' if event.subject_type == 'org.unit' else 'p'}{pk}"


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(above=parents)
def test_units(zhou_min, line_team, west, above):
    codes = list(Unit.objects.order_by("path").values_list("code", flat=True))
    wanted = []
    for n, number in enumerate(above):
        wanted.append(NewUnit(f" 第{n}班 ", f"N{n}", KIND, codes[number % len(codes)]))
        codes.append(f"N{n}")

    def one_by_one():
        for unit in wanted:
            parent = Unit.objects.get(code=unit.parent)
            services.add_unit(actor=zhou_min, parent_id=parent.pk, name=unit.name, code=unit.code, kind=unit.kind)

    assert taken_back(lambda: add_units(actor=zhou_min, units=wanted)) == taken_back(one_by_one)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(above=parents)
def test_party_organisations(zhou_min, line_team, west, above):
    units, codes, wanted = list(Unit.objects.values_list("pk", flat=True)), [""], []
    for n, number in enumerate(above):
        unit_id = units[number % len(units)]
        wanted.append(NewPartyOrganisation(f"第{n}支部", f"P{n}", BRANCH, unit_id, codes[number % len(codes)]))
        codes.append(f"P{n}")

    def one_by_one():
        for row in wanted:
            parent = PartyOrganisation.objects.filter(code=row.parent).first()
            services.add_party_organisation(
                actor=zhou_min,
                name=row.name,
                code=row.code,
                kind=row.kind,
                unit_id=row.unit_id,
                parent_id=parent.pk if parent else None,
            )

    assert taken_back(lambda: add_party_organisations(actor=zhou_min, organisations=wanted)) == taken_back(one_by_one)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (NewUnit("又一个", "N0", KIND, "{east}"), Invalid),
        (NewUnit("又一个", "{east}", KIND, "{east}"), Invalid),
        (NewUnit("  ", "N1", KIND, "{east}"), Invalid),
        (NewUnit("没有上级", "N1", KIND, "NONE"), NotFound),
        (NewUnit("在别处", "N1", KIND, "{west}"), NotAllowed),
    ],
)
def test_one_that_is_refused_keeps_all_out(east_admin, east, west, wrong, refusal):
    there = {"east": east.code, "west": west.code}
    wrong = wrong._replace(code=wrong.code.format(**there), parent=wrong.parent.format(**there))
    before = Unit.objects.count()
    with pytest.raises(refusal):
        add_units(actor=east_admin, units=[NewUnit("新班", "N0", KIND, east.code), wrong])
    assert Unit.objects.count() == before


def test_hundreds_cost_a_few_statements(zhou_min, east):
    for number in (10, 300):
        wanted = [
            NewUnit(f"第{n}班", f"N{n}", KIND, east.code if n % 7 == 0 else f"N{n // 7 * 7}") for n in range(number)
        ]
        with transaction.atomic():
            with CaptureQueriesContext(connection) as asked:
                add_units(actor=zhou_min, units=wanted)
            transaction.set_rollback(True)
        assert len(asked) <= 14
