from datetime import timedelta

import pytest

from lianxin.kernel import timezone
from lianxin.org.enums import Role
from lianxin.org.models import Unit
from lianxin.org.queries import (
    grants_at,
    holders,
    holders_at_or_below,
    holders_known,
    in_reach,
    nearest_holders,
    role_paths,
    unheld_roles,
    unit_path,
    units_below,
    unreached_units,
)
from tests.factories.org import PersonFactory, UnitFactory, grant

TODAY = timezone.today()


@pytest.fixture
def leaders(company, east, line_team):
    """A leader at each of three levels."""
    return [
        PersonFactory(name=f"{unit.name}负责人", roles={Role.UNIT_LEADER: unit}).pk
        for unit in (company, east, line_team)
    ]


def test_the_nearest_is_found_and_then_one_level_up(leaders, line_team, west):
    top, middle, near = leaders
    assert nearest_holders(Role.UNIT_LEADER, line_team.path) == [near]
    assert nearest_holders(Role.UNIT_LEADER, line_team.path, above=1) == [middle]
    assert nearest_holders(Role.UNIT_LEADER, line_team.path, above=9) == [top]
    assert nearest_holders(Role.UNIT_LEADER, line_team.path, strictly_above=True) == [middle]
    assert nearest_holders(Role.UNIT_LEADER, west.path) == [top]


def test_whoever_is_concerned_is_passed_over(leaders, line_team, company):
    top, middle, near = leaders
    assert nearest_holders(Role.UNIT_LEADER, line_team.path, excluding=[near]) == [middle]
    assert nearest_holders(Role.UNIT_LEADER, line_team.path, excluding=[near, middle]) == [top]
    assert nearest_holders(Role.UNIT_LEADER, line_team.path, excluding=leaders) == []
    assert nearest_holders(Role.UNIT_LEADER, company.path, strictly_above=True) == []
    assert holders(Role.UNIT_LEADER, line_team.path, excluding=[middle]) == [near, top]


def test_only_who_holds_it_today_counts(east):
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    past, present, coming, gone = PersonFactory.create_batch(4)
    grant(past, Role.HANDLER, east, ended_on=yesterday)
    grant(present, Role.HANDLER, east, ended_on=TODAY)
    grant(coming, Role.HANDLER, east, started_on=tomorrow)
    grant(gone, Role.HANDLER, east)
    type(gone).objects.filter(pk=gone.pk).update(left_on=yesterday)
    assert holders(Role.HANDLER, east.path) == [present.pk]
    assert [present.holds(Role.HANDLER), coming.holds(Role.HANDLER)] == [True, False]


def test_a_sibling_whose_path_begins_alike_is_not_reached(company):
    siblings = [UnitFactory(parent=company) for _ in range(11)]
    leader = PersonFactory(roles={Role.UNIT_LEADER: siblings[0]})
    assert [unit for unit in siblings if nearest_holders(Role.UNIT_LEADER, unit.path)] == [siblings[0]]
    assert list(Unit.objects.filter(in_reach(role_paths(leader, Role.UNIT_LEADER), "path"))) == [siblings[0]]


def test_reach_is_where_the_roles_begin(li_na, east, west):
    grant(li_na, Role.HANDLER, east)
    grant(li_na, Role.SUPERVISOR, west)
    assert role_paths(li_na, Role.HANDLER) == [east.path]
    assert role_paths(li_na, Role.HANDLER, Role.SUPERVISOR) == [east.path, west.path]
    assert not Unit.objects.filter(in_reach([], "path")).exists()


def test_units_below_leave_out_what_has_ended(company, east, west, line_team):
    Unit.objects.filter(pk=west.pk).update(ended_on=TODAY)
    assert list(units_below()) == [company, east, line_team]
    assert list(units_below(unit_path(east.pk))) == [east, line_team]


def test_who_holds_anything_in_a_subtree(li_na, company, east, line_team):
    grant(li_na, Role.HANDLER, line_team)
    PersonFactory(roles={Role.SUPERVISOR: company})
    assert holders_at_or_below([east.path]) == {li_na.pk}


def test_lists_of_roles_are_for_administrators_of_the_place(xu_jing, li_na, east, west):
    held = grant(li_na, Role.HANDLER, east)
    western = PersonFactory(roles={Role.SECURITY_ADMIN: west})
    assert list(grants_at(viewer=xu_jing, unit=east)) == [held]
    assert list(grants_at(viewer=western, unit=east)) == []
    assert list(grants_at(viewer=li_na)) == []
    assert unheld_roles(viewer=xu_jing, roles=[Role.HANDLER, Role.INSPECTOR]) == [Role.INSPECTOR]


def test_holders_that_are_known_are_the_same_without_asking_again(
    leaders, east, west, line_team, django_assert_num_queries
):
    gone = PersonFactory(name="离职的人", roles={Role.UNIT_LEADER: line_team})
    type(gone).objects.filter(pk=gone.pk).update(left_on=TODAY - timedelta(days=1))
    asked = [
        (unit.path, excluding, above)
        for unit in (east, line_team)
        for excluding in ((), (leaders[1],), leaders)
        for above in (0, 1, 5)
    ]

    def found():
        nearest = [nearest_holders(Role.UNIT_LEADER, path, excluding=some, above=n) for path, some, n in asked]
        return nearest, [holders(Role.UNIT_LEADER, path, excluding=some) for path, some, _n in asked]

    expected = found()
    with holders_known([Role.UNIT_LEADER], [line_team, east]):
        with django_assert_num_queries(0):
            assert found() == expected
            assert holders(Role.UNIT_LEADER, line_team.path) == leaders[::-1]
        with django_assert_num_queries(1):  # of whom nobody asked before
            assert holders(Role.UNIT_LEADER, west.path) == leaders[:1]


def test_units_that_nobody_reaches_by_a_role(company, east, west, line_team):
    assert list(unreached_units(Role.DISPATCHER)) == [company, east, line_team, west]
    grant(PersonFactory(name="林东"), Role.DISPATCHER, east)
    assert list(unreached_units(Role.DISPATCHER)) == [company, west]
    assert list(unreached_units(Role.HANDLER)) == [company, east, line_team, west]


def test_who_left_or_whose_role_ended_reaches_nothing(company):
    gone = PersonFactory(name="何走", roles={Role.DISPATCHER: company})
    gone.left_on = TODAY - timedelta(days=1)
    gone.save()
    assert list(unreached_units(Role.DISPATCHER)) == [company]
    grant(PersonFactory(name="林中"), Role.DISPATCHER, company)
    assert list(unreached_units(Role.DISPATCHER)) == []
