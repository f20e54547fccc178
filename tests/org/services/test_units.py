import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed
from lianxin.org.enums import Role, UnitKind
from lianxin.org.models import Unit
from lianxin.org.services import add_person, add_unit, end_unit, found_enterprise, move_person, move_unit, rename_unit
from tests.factories.org import PartyOrganisationFactory, UnitFactory, grant
from tests.org.stories import children_of, record_of


@pytest.mark.django_db
def test_the_system_founds_the_enterprise_once():
    enterprise = found_enterprise(actor=None, name=" 临江 供电公司 ", code="LJ")
    assert (enterprise.name, enterprise.kind, enterprise.is_root()) == ("临江 供电公司", UnitKind.ENTERPRISE, True)
    assert record_of(enterprise) == [("found", None)]
    with pytest.raises(ValidationFailed, match="已经建立"):
        found_enterprise(actor=None, name="另一家", code="X")


def test_zhou_min_adds_a_team(zhou_min, east):
    team = add_unit(actor=zhou_min, parent_id=east.pk, name="抢修班", code="LJ-E-9", kind=UnitKind.TEAM)
    assert children_of(east) == ["抢修班"]
    assert record_of(team) == [("add", "周敏")]


def test_a_code_is_given_once(zhou_min, east, west):
    with pytest.raises(ValidationFailed) as refusal:
        add_unit(actor=zhou_min, parent_id=east.pk, name="抢修班", code=" LJ-W ")
    assert list(refusal.value.fields) == ["code"]


def test_a_unit_needs_a_name(zhou_min, east):
    with pytest.raises(ValidationFailed) as refusal:
        add_unit(actor=zhou_min, parent_id=east.pk, name="   ", code="N")
    assert list(refusal.value.fields) == ["name"]


def test_an_administrator_acts_only_within_their_reach(east_admin, east, west, line_team):
    add_unit(actor=east_admin, parent_id=line_team.pk, name="一组", code="LJ-E-1-1")
    for act in (
        lambda: add_unit(actor=east_admin, parent_id=west.pk, name="一组", code="LJ-W-1"),
        lambda: rename_unit(actor=east_admin, unit_id=west.pk, name="西"),
        lambda: move_unit(actor=east_admin, unit_id=line_team.pk, parent_id=west.pk),
        lambda: move_unit(actor=east_admin, unit_id=west.pk, parent_id=east.pk),
        lambda: end_unit(actor=east_admin, unit_id=west.pk),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_who_grants_roles_does_not_shape_units(xu_jing, gao_yuan, li_na, east):
    for actor in (xu_jing, gao_yuan, li_na):
        with pytest.raises(PermissionDenied):
            add_unit(actor=actor, parent_id=east.pk, name="一组", code="N")


def test_renaming_keeps_what_it_was_called(zhou_min, east):
    rename_unit(actor=zhou_min, unit_id=east.pk, name="江东供电所")
    rename_unit(actor=zhou_min, unit_id=east.pk, name="江东供电所")
    assert Unit.objects.get(pk=east.pk).name == "江东供电所"
    assert record_of(east) == [("rename", "周敏")]


def test_moving_takes_everything_below_along_and_is_kept(zhou_min, east, west, line_team):
    moved = move_unit(actor=zhou_min, unit_id=east.pk, parent_id=west.pk)
    assert children_of(west) == ["东区供电所"]
    assert Unit.objects.get(pk=line_team.pk).path.startswith(moved.path)
    move = moved.moves.get()
    assert (move.from_parent, move.to_parent, move.moved_on) == (Unit.objects.get_parent(east), west, timezone.today())
    assert record_of(east) == [("move", "周敏")]


def test_roles_reach_along_after_a_move(zhou_min, east, west, line_team, li_na):
    grant(li_na, Role.SUPERVISOR, west)
    move_unit(actor=zhou_min, unit_id=east.pk, parent_id=west.pk)
    assert li_na.grants[0].reaches(Unit.objects.get(pk=line_team.pk).path)


def test_a_unit_never_lies_below_itself(zhou_min, company, east, line_team):
    for unit, parent, field in (
        (east, line_team, "parent"),
        (east, east, "parent"),
        (east, company, "parent"),
        (company, east, ""),
    ):
        with pytest.raises(ValidationFailed) as refusal:
            move_unit(actor=zhou_min, unit_id=unit.pk, parent_id=parent.pk)
        assert list(refusal.value.fields) == [field]
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def test_a_unit_ends_only_when_nothing_is_left_there(zhou_min, xu_jing, east, west, line_team, li_na):
    organisation = PartyOrganisationFactory(unit=west)
    for unit, obstacle in ((east, "下面"), (line_team, "有人"), (west, "党组织")):
        with pytest.raises(ValidationFailed, match=obstacle):
            end_unit(actor=zhou_min, unit_id=unit.pk)
    organisation.ended_on = timezone.today()
    organisation.save()
    grant(li_na, Role.HANDLER, west)
    with pytest.raises(ValidationFailed, match="角色"):
        end_unit(actor=zhou_min, unit_id=west.pk)
    move_person(actor=zhou_min, person_id=li_na.pk, unit_id=west.pk)
    assert end_unit(actor=zhou_min, unit_id=line_team.pk).ended_on == timezone.today()
    assert record_of(line_team) == [("end", "周敏")]


def test_nothing_is_done_to_an_ended_unit(zhou_min, east, west):
    end_unit(actor=zhou_min, unit_id=west.pk)
    for act in (
        lambda: add_unit(actor=zhou_min, parent_id=west.pk, name="一组", code="N"),
        lambda: rename_unit(actor=zhou_min, unit_id=west.pk, name="西"),
        lambda: move_unit(actor=zhou_min, unit_id=east.pk, parent_id=west.pk),
        lambda: end_unit(actor=zhou_min, unit_id=west.pk),
    ):
        with pytest.raises(ValidationFailed, match="西区供电所"):
            act()


def test_there_is_no_such_unit(zhou_min):
    with pytest.raises(NotFound):
        rename_unit(actor=zhou_min, unit_id=987654, name="没有")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parents=st.lists(st.integers(0, 30), min_size=1, max_size=12),
    moves=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=12),
)
def test_whatever_is_moved_where_it_stays_a_tree_with_its_whole_history(transactional_root, parents, moves):
    units = [transactional_root()]
    for number, parent in enumerate(parents):
        units.append(UnitFactory(parent=units[parent % len(units)], code=f"{units[0].pk}-{number}"))
    expected = {unit.pk: Unit.objects.get_parent(Unit.objects.get(pk=unit.pk)).pk for unit in units[1:]}
    history = {unit.pk: [expected[unit.pk]] for unit in units[1:]}
    for what, where in moves:
        unit, parent = units[what % len(units)], units[where % len(units)]
        try:
            move_unit(actor=None, unit_id=unit.pk, parent_id=parent.pk)
        except ValidationFailed:
            assert unit is units[0] or expected[unit.pk] == parent.pk or _is_below(parent.pk, unit.pk, expected)
        else:
            expected[unit.pk] = parent.pk
            history[unit.pk].append(parent.pk)
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    for unit in Unit.objects.filter(pk__in=expected):
        assert Unit.objects.get_parent(unit).pk == expected[unit.pk]
        steps = list(unit.moves.values_list("from_parent_id", "to_parent_id"))
        assert steps == list(zip(history[unit.pk], history[unit.pk][1:], strict=False))


def _is_below(node, above, parent_of):
    while node is not None and node != above:
        node = parent_of.get(node)
    return node == above


@pytest.fixture
def transactional_root(db):
    """Each example gets a root of its own beside the others."""
    return lambda: UnitFactory(kind=UnitKind.ENTERPRISE)


@pytest.mark.django_db(transaction=True)
def test_two_units_moved_below_each_other_at_once_do_not_leave_the_tree(together):
    company = UnitFactory(kind=UnitKind.ENTERPRISE)
    east, west = UnitFactory(parent=company), UnitFactory(parent=company)
    outcomes = together(
        lambda: move_unit(actor=None, unit_id=east.pk, parent_id=west.pk),
        lambda: move_unit(actor=None, unit_id=west.pk, parent_id=east.pk),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Unit", "ValidationFailed"]
    assert Unit.objects.find_problems() == ([], [], [], [], [])


@pytest.mark.django_db(transaction=True)
def test_nobody_is_left_in_a_unit_that_ends_in_the_same_moment(together):
    company = UnitFactory(kind=UnitKind.ENTERPRISE)
    team = UnitFactory(parent=company)
    together(
        lambda: end_unit(actor=None, unit_id=team.pk),
        lambda: add_person(actor=None, name="王刚", employee_no="10024", unit_id=team.pk),
    )
    assert (Unit.objects.get(pk=team.pk).ended_on is None) == team.employments.exists()
