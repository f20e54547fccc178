import pytest

from lianxin.cases.models import Case
from lianxin.org.models import Person, Unit
from tests.factories.cases import found_enterprise, submit
from tests.factories.org import PersonFactory, UnitFactory


@pytest.fixture
def house(db):
    return found_enterprise()


def test_rows_are_found_by_many_ids_in_one_value(db):
    first, second, _third = UnitFactory(), UnitFactory(), UnitFactory()
    found = Unit.objects.filter(pk__among=[second.pk, first.pk])
    assert set(found) == {first, second}
    assert str(found.query).count("ANY") == 1
    assert not Unit.objects.filter(pk__among=[]).exists()


def test_keys_of_other_tables_and_of_other_kinds_are_found_too(house):
    case = submit(house.li_na).case
    assert set(Case.objects.filter(pk__among=[case.pk])) == {case}
    assert set(Case.objects.filter(requester__among=[house.li_na.pk])) == {case}


def test_what_is_not_among_them_may_have_none(house):
    """As with `__in`: a case without a lead unit is not led by any of these."""
    case = submit(house.li_na).case
    assert set(Case.objects.exclude(lead_unit__among=[house.workshop.pk])) == {case}
    assert set(Case.objects.exclude(lead_unit__in=[house.workshop.pk])) == {case}


def test_people_are_found_by_where_they_are(db):
    li_na = PersonFactory()
    assert list(Person.objects.filter(pk__among=(li_na.pk, -1))) == [li_na]
