from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.org.enums import ADMINISTRATORS, Role
from lianxin.org.models import Person, RoleGrant
from lianxin.org.services import end_role, end_unit, grant_role, record_departure
from tests.factories.org import PersonFactory, UnitFactory, grant
from tests.org.stories import record_of

TODAY = timezone.today()
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


def roles_of(person):
    return [(held.role, held.unit.name, held.started_on, held.ended_on) for held in person.role_grants.all()]


def test_xu_jing_makes_li_na_a_handler(xu_jing, li_na, east):
    grant_role(actor=xu_jing, person_id=li_na.pk, role=Role.HANDLER, unit_id=east.pk)
    assert roles_of(li_na) == [("handler", "东区供电所", TODAY, None)]
    assert record_of(li_na) == [("grant_role", "许静")]


def test_only_the_security_administrator_charges_with_roles(zhou_min, gao_yuan, li_na, east):
    for actor in (zhou_min, gao_yuan, li_na):
        with pytest.raises(PermissionDenied):
            grant_role(actor=actor, person_id=li_na.pk, role=Role.HANDLER, unit_id=east.pk)


def test_nobody_charges_or_releases_themselves(xu_jing, company):
    with pytest.raises(PermissionDenied):
        grant_role(actor=xu_jing, person_id=xu_jing.pk, role=Role.SUPERVISOR, unit_id=company.pk)
    with pytest.raises(PermissionDenied):
        end_role(actor=xu_jing, grant_id=xu_jing.role_grants.get().pk)


def test_a_security_administrator_of_the_east_has_no_say_in_the_west(east, west, li_na):
    guard = PersonFactory(unit=east, roles={Role.SECURITY_ADMIN: east})
    with pytest.raises(PermissionDenied):
        grant_role(actor=guard, person_id=li_na.pk, role=Role.HANDLER, unit_id=west.pk)
    grant_role(actor=guard, person_id=li_na.pk, role=Role.HANDLER, unit_id=east.pk)


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", Role)
def test_an_administrator_holds_no_other_role(company, east, xu_jing, first, second):
    person = PersonFactory(name="孙磊", unit=company, roles={first: company})
    if first == second:
        grant_role(actor=xu_jing, person_id=person.pk, role=second, unit_id=east.pk)
        return
    with pytest.raises(ValidationFailed) as refusal:
        grant_role(actor=xu_jing, person_id=person.pk, role=second, unit_id=east.pk)
    assert list(refusal.value.fields) == ["role"]
    assert "孙磊" in refusal.value.fields["role"]


@pytest.mark.parametrize("administrator", ADMINISTRATORS)
@pytest.mark.parametrize("other", [role for role in Role if role is not Role.SYSTEM_ADMIN])
def test_the_database_keeps_administrators_apart_by_itself(company, east, administrator, other):
    if administrator == other:
        return
    for first, second in ((administrator, other), (other, administrator)):
        person = PersonFactory(roles={first: company})
        with pytest.raises(IntegrityError, match="no other role"), transaction.atomic():
            grant(person, second, east)


def test_one_role_after_the_other_is_allowed_to_the_day(company, east):
    person = PersonFactory()
    held = grant(person, Role.HANDLER, east, ended_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        grant(person, Role.AUDIT_ADMIN, company, started_on=TODAY)
    audit = grant(person, Role.AUDIT_ADMIN, company, started_on=TOMORROW)
    for change in ({"ended_on": None}, {"ended_on": TOMORROW}, {"role": Role.SUPERVISOR, "ended_on": TOMORROW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoleGrant.objects.filter(pk=held.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.filter(pk=audit.pk).update(started_on=TODAY)


def test_roles_without_administration_go_together(company, east, li_na, xu_jing):
    for role in (Role.HANDLER, Role.BRANCH_SECRETARY, Role.INSPECTOR):
        grant_role(actor=xu_jing, person_id=li_na.pk, role=role, unit_id=east.pk)
    assert li_na.holds(Role.INSPECTOR)


def test_what_a_grant_cannot_be(xu_jing, zhou_min, li_na, east, west):
    grant_role(actor=xu_jing, person_id=li_na.pk, role=Role.HANDLER, unit_id=east.pk, ended_on=TOMORROW)
    end_unit(actor=zhou_min, unit_id=west.pk)
    for given, field in (
        ({"unit_id": east.pk}, "role"),
        ({"unit_id": west.pk}, "unit"),
        ({"unit_id": east.pk, "role": Role.SUPERVISOR, "started_on": YESTERDAY}, "started_on"),
        ({"unit_id": east.pk, "role": Role.SUPERVISOR, "ended_on": YESTERDAY}, "ended_on"),
    ):
        with pytest.raises(ValidationFailed) as refusal:
            grant_role(**{"actor": xu_jing, "person_id": li_na.pk, "role": Role.HANDLER, **given})
        assert list(refusal.value.fields) == [field]
    record_departure(actor=zhou_min, person_id=li_na.pk)
    with pytest.raises(ValidationFailed):
        grant_role(actor=xu_jing, person_id=li_na.pk, role=Role.SUPERVISOR, unit_id=east.pk)


def test_a_role_ends_at_once_or_on_a_day_to_come(xu_jing, li_na, east):
    held = grant(li_na, Role.HANDLER, east)
    end_role(actor=xu_jing, grant_id=held.pk, last_day=TOMORROW)
    assert Person.objects.get(pk=li_na.pk).holds(Role.HANDLER)
    with pytest.raises(ValidationFailed, match="本来"):
        end_role(actor=xu_jing, grant_id=held.pk, last_day=TOMORROW + timedelta(days=9))
    end_role(actor=xu_jing, grant_id=held.pk)
    assert not Person.objects.get(pk=li_na.pk).holds(Role.HANDLER)
    with pytest.raises(ValidationFailed):
        end_role(actor=xu_jing, grant_id=held.pk)


def test_a_role_given_and_taken_on_one_day_stands_in_the_record_alone(xu_jing, li_na, east):
    held = grant_role(actor=xu_jing, person_id=li_na.pk, role=Role.HANDLER, unit_id=east.pk)
    end_role(actor=xu_jing, grant_id=held.pk)
    assert roles_of(li_na) == []
    assert record_of(li_na) == [("grant_role", "许静"), ("end_role", "许静")]


def test_the_enterprise_keeps_one_of_each_administrator(xu_jing, gao_yuan, company):
    with pytest.raises(ValidationFailed, match="审计管理员"):
        end_role(actor=xu_jing, grant_id=gao_yuan.role_grants.get().pk)
    PersonFactory(roles={Role.AUDIT_ADMIN: company})
    end_role(actor=xu_jing, grant_id=gao_yuan.role_grants.get().pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(5))
def test_of_two_clashing_grants_made_at_once_one_stands(together, attempt):
    company = UnitFactory()
    person = PersonFactory()

    def give(role):
        with transaction.atomic():
            return grant(person, role, company)

    outcomes = together(lambda: give(Role.AUDIT_ADMIN), lambda: give(Role.SYSTEM_ADMIN), lambda: give(Role.HANDLER))
    assert sum(isinstance(outcome, RoleGrant) for outcome in outcomes) == 1
    assert person.role_grants.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_security_administrators_ended_at_once_one_stays(together):
    company = UnitFactory()
    grants = [grant(PersonFactory(), Role.SECURITY_ADMIN, company) for _ in range(2)]
    outcomes = together(*[lambda held=held: end_role(actor=None, grant_id=held.pk) for held in grants])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "ValidationFailed"]


@pytest.mark.django_db(transaction=True)
def test_through_the_services_the_second_is_told_why(together):
    company = UnitFactory()
    person = PersonFactory()
    outcomes = together(
        lambda: grant_role(actor=None, person_id=person.pk, role=Role.AUDIT_ADMIN, unit_id=company.pk),
        lambda: grant_role(actor=None, person_id=person.pk, role=Role.SECURITY_ADMIN, unit_id=company.pk),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["RoleGrant", "ValidationFailed"]
