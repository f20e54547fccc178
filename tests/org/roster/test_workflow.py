"""What a roster comes to, row by row, and what applying it leaves behind."""

from datetime import timedelta

import pytest

from lianxin.accounts.models import User
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, ValidationFailed, VersionConflict
from lianxin.org import roster as roster_workflow
from lianxin.org import services
from lianxin.org.enums import Role, RosterState
from lianxin.org.models import Employment, PartyOrganisation, Person, RosterImport, RosterLine, Unit, UnitMove
from lianxin.org.roster import apply_roster, start_applying
from tests.factories.accounts import account_of
from tests.factories.org import LONG_AGO, PersonFactory, UnitFactory, employ, grant
from tests.org.rosters import applied, compared, outcomes, workbook
from tests.org.stories import children_of, record_of
from tests.queries import count_queries


def test_an_empty_system_is_filled_from_one_workbook(db):
    content = workbook(
        units=[("DD", "东电", "公司", ""), ("YJ", "运检部", "部门", "DD"), ("YJ1", "变电一班", "班组", "运检部")],
        party=[("DW", "公司党委", "党委", "", "DD"), ("ZB", "运检党支部", "", "公司党委", "运检部")],
        people=[
            ("0012", "赵一", "139 0000 0001", "东电/运检部/变电一班", "班长", "中共党员", "运检党支部", "2015/7/1"),
            ("0013", "钱二", "", "YJ", "", "群众", "运检党支部", ""),
        ],
    )
    roster = applied(content)
    assert (roster.state, roster.counts["add"]) == (RosterState.APPLIED, 7)
    assert children_of(Unit.objects.get(code="YJ")) == ["变电一班"]
    zhao, qian = Person.objects.order_by("employee_no")
    assert (zhao.phone, zhao.unit.code, zhao.employments.get().started_on.isoformat()) == (
        "13900000001",
        "YJ1",
        "2015-07-01",
    )
    assert zhao.memberships.get().party_organisation.name == "运检党支部"
    assert (qian.unit.code, qian.memberships.count()) == ("YJ", 0)
    assert record_of(zhao) == [("add", None), ("enrol", None)]
    assert set(outcomes(compared(content)).values()) == {"same"}


def test_newcomers_are_applied_together(db):
    """What a roster of 20,000 people costs is measured in `bench.roster`; here, that it does not grow by statements."""

    def fill(first, count):
        people = [
            (f"{n:06}", f"职工{n}", f"139{n:08}", "DD", "技工", "中共党员", "DW") for n in range(first, first + count)
        ]
        content = workbook(
            units=[("DD", "东电", "公司", "")], party=[("DW", "公司党委", "党委", "", "DD")], people=people
        )
        roster = compared(content)
        start_applying(actor=None, roster_id=roster.pk, digest=roster.digest, later=False)
        return count_queries(lambda: apply_roster(roster_id=roster.pk))

    fill(0, 1)
    few = fill(1, 2)
    assert fill(3, 40) == few
    assert (Person.objects.count(), Person.objects.filter(memberships__ended_on=None).count()) == (43, 43)


def test_moves_corrections_and_departures_keep_their_history(zhou_min, li_na, line_team, west):
    account_of(li_na)
    wang = PersonFactory(name="王强", employee_no="10024", phone="13900000002", unit=line_team)
    grant(wang, Role.HANDLER, line_team)
    user = account_of(wang)
    yesterday = timezone.today() - timedelta(days=1)
    content = workbook(
        people=[
            ("10023", "李娜", "13800000009", "西区供电所", "技术员"),
            ("10024", "王强", "", "", "", "", "", "", yesterday),
        ]
    )
    roster = applied(content, actor=zhou_min)
    assert outcomes(roster) == {"10023": "move", "10024": "end"}
    before, now = li_na.employments.order_by("started_on")
    assert (before.unit, before.ended_on, now.unit, now.job_title) == (line_team, yesterday, west, "技术员")
    assert [action for action, who in record_of(li_na) if who == "周敏"] == ["correct", "move"]
    wang.refresh_from_db()
    assert (wang.left_on, wang.role_grants.filter(ended_on=None).count()) == (yesterday, 0)
    assert User.objects.get(pk=user.pk).is_active is False
    assert set(outcomes(compared(content, actor=zhou_min)).values()) == {"same"}


def test_who_comes_back_is_employed_again(zhou_min, li_na, east):
    services.record_departure(actor=zhou_min, person_id=li_na.pk, last_day=timezone.today() - timedelta(days=9))
    assert outcomes(applied(workbook(people=[("10023", "李娜", "", "LJ-E")]), actor=zhou_min)) == {"10023": "return"}
    assert Person.objects.get(pk=li_na.pk).unit == east


def test_units_move_rename_merge_and_end_by_the_rules_of_the_pages(zhou_min, li_na, line_team, west, east, company):
    empty = UnitFactory(parent=company, name="筹备组", code="LJ-X")
    content = workbook(
        units=[
            ("LJ-E-1", "线路检修一班", "班组", "西区供电所"),
            ("LJ-E", "东区供电所", "", "", "LJ-W"),
            ("LJ-X", "筹备组", "", "", "", "撤销"),
        ]
    )
    roster = applied(content, actor=zhou_min)
    assert outcomes(roster) == {"LJ-E-1": "move", "LJ-E": "end", "LJ-X": "end"}
    assert UnitMove.objects.get(unit=line_team).to_parent == west
    gone = Unit.objects.get(pk=east.pk)
    assert (gone.ended_on, gone.merged_into) == (timezone.today(), west)
    assert PartyOrganisation.objects.get(code="DW-E").unit == west
    assert Unit.objects.get(pk=empty.pk).ended_on == timezone.today()
    assert set(outcomes(compared(content, actor=zhou_min)).values()) == {"same"}


def test_people_of_a_merged_unit_go_along(zhou_min, east, west):
    ma = PersonFactory(name="马超", unit=east)
    applied(workbook(units=[("LJ-E", "东区供电所", "", "", "西区供电所")]), actor=zhou_min)
    assert [stay.unit for stay in ma.employments.order_by("started_on")] == [east, west]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("", "甲", "", "LJ"), "number_missing"),
        (("1", "", "", "LJ"), "name_missing"),
        (("1", "甲", "", "没有的单位"), "unknown_place"),
        (("1", "甲", "", ""), "unit_missing"),
        (("1", "甲", "电话不详", "LJ"), "bad_phone"),
        (("1", "甲", 1.38e10, "LJ"), ""),
        (("1", "甲", "13900000001", "LJ"), "phone_taken"),
        (("1", "甲", "10023", "LJ"), "phone_taken"),
        (("1", "甲", "", "LJ", "", "", "", "去年"), "bad_date"),
        (("1", "甲", "", "LJ", "", "", "", 2015.1), "bad_date"),
        (("1", "甲", "", "LJ", "", "", "", "2015.10"), ""),
        (("1", "甲", "", "LJ", "", "", "", "", "2020-01-01", "在职"), "contradiction"),
        (("1", "甲", "", "LJ", "", "", "", "", "", "外星人"), "unknown_word"),
        (("1", "甲" * 51, "", "LJ"), "too_long"),
        (("1", "甲", "", "LJ", "", "党员", "没有的支部"), "unknown_place"),
        (("10023", "张三", "13911112222", ""), "another_person"),
        (("10023", "李娜", "", "", "", "", "", "", "2001-01-01"), "before_start"),
        (("S001", "周敏", "", "", "", "", "", "", "", "离职"), "own_account"),
        (("S003", "高远", "", "", "", "", "", "", "", "离职"), "last_administrator"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(zhou_min, gao_yuan, li_na, row, reason):
    told = next(iter(outcomes(compared(workbook(people=[row]), actor=zhou_min)).values()))
    assert told == (f"reject: {reason}" if reason else "add")


def test_a_unit_by_a_name_that_two_bear_needs_its_path(zhou_min, east, west):
    for code, parent in (("A", east), ("B", west)):
        UnitFactory(parent=parent, name="综合班", code=code)
    people = [("1", "甲", "", "综合班"), ("2", "乙", "", "西区供电所/综合班")]
    roster = applied(workbook(people=people), actor=zhou_min)
    assert outcomes(roster) == {"1": "reject: ambiguous", "2": "add"}
    assert Person.objects.get(employee_no="2").unit.code == "B"


def test_circles_missing_parents_and_what_hangs_on_them_are_rejected(zhou_min, east, west):
    units = [
        ("LJ-E", "东区供电所", "", "西区供电所"),
        ("LJ-W", "西区供电所", "", "东区供电所"),
        ("N1", "新一班", "", "哪里都没有"),
        ("N2", "新二班", "", "N1"),
        ("LJ", "临江供电公司", "", "LJ-W"),
    ]
    found = outcomes(compared(workbook(units=units, people=[("1", "甲", "", "新二班")]), actor=zhou_min))
    assert found == {
        "LJ-E": "reject: cycle",
        "LJ-W": "reject: cycle",
        "N1": "reject: unknown_place",
        "N2": "reject: place_rejected",
        "LJ": "reject: root_stays",
        "1": "reject: place_rejected",
    }


def test_two_units_may_change_places(zhou_min, east, line_team):
    units = [("LJ-E", "东区供电所", "", "线路一班"), ("LJ-E-1", "线路一班", "", "LJ")]
    assert outcomes(applied(workbook(units=units), actor=zhou_min)) == {"LJ-E": "move", "LJ-E-1": "move"}
    assert children_of(line_team) == ["东区供电所"]


def test_what_is_still_in_use_does_not_end(zhou_min, li_na, east, line_team):
    units = [("LJ-E", "东区供电所", "", "", "", "撤销"), ("LJ-E-1", "线路一班", "", "", "", "撤销")]
    found = outcomes(compared(workbook(units=units), actor=zhou_min))
    assert found == {"LJ-E": "reject: still_party", "LJ-E-1": "reject: still_people"}


def test_numbers_twice_in_the_file(zhou_min, east):
    people = [("1", "甲", "", "LJ-E"), ("1", "乙", "", "LJ-E"), ("2", "丙", "", "LJ-E"), ("2", "丙", "", "LJ-E")]
    roster = compared(workbook(people=people), actor=zhou_min)
    told = [(line.row, line.outcome, [r for r, _s in line.reasons]) for line in roster.lines.order_by("id")]
    assert told == [
        (2, "reject", ["duplicate"]),
        (3, "reject", ["duplicate"]),
        (4, "add", []),
        (5, "same", ["repeated"]),
    ]


def test_phones_may_change_hands_within_a_file(zhou_min, east):
    for number, phone in (("1", "13900000011"), ("2", "13900000012")):
        PersonFactory(name=f"人{number}", employee_no=number, phone=phone, unit=east)
    applied(workbook(people=[("1", "人1", "13900000012"), ("2", "人2", "13900000011")]), actor=zhou_min)
    assert list(
        Person.objects.filter(employee_no__in=["1", "2"]).order_by("employee_no").values_list("phone", flat=True)
    ) == [
        "13900000012",
        "13900000011",
    ]


def test_a_phone_goes_to_a_newcomer_while_its_owner_gets_another(zhou_min, east):
    PersonFactory(name="人1", employee_no="1", phone="13900000011", unit=east)
    content = workbook(people=[("1", "人1", "13900000012"), ("2", "新人", "13900000011", "LJ-E")])
    assert outcomes(applied(content, actor=zhou_min)) == {"1": "change", "2": "add"}
    people = Person.objects.filter(employee_no__in=["1", "2"]).order_by("employee_no")
    assert list(people.values_list("phone", flat=True)) == ["13900000012", "13900000011"]


def test_lost_zeros_are_found_again_or_refused(zhou_min, east):
    PersonFactory(name="甲", employee_no="00045", unit=east)
    people = [(45, "甲", "", "", "组长"), (46, "乙", "", "LJ-E")]
    assert outcomes(compared(workbook(people=people), actor=zhou_min)) == {"00045": "change", 3: "reject: lost_zeros"}


def test_people_missing_from_the_file_leave_only_when_it_is_said_and_counted(zhou_min, xu_jing, gao_yuan, li_na, east):
    wang = PersonFactory(name="王强", employee_no="10024", unit=east)
    content = workbook(people=[("S001", "周敏"), ("S002", "许静"), ("S003", "高远"), ("10023", "李娜")])
    assert compared(content, actor=zhou_min).counts == {"same": 4, "missing": 1}
    roster = applied(content, actor=zhou_min, missing_left=True)
    assert outcomes(roster)["10024"] == "end"
    wang.refresh_from_db()
    assert wang.left_on == timezone.today()
    few = compared(
        workbook(people=[("S001", "周敏"), ("S002", "许静"), ("S003", "高远")]), actor=zhou_min, missing_left=True
    )
    few_applied = {"actor": zhou_min, "roster_id": few.pk, "digest": few.digest, "later": False}
    with pytest.raises(ValidationFailed):
        roster_workflow.start_applying(**few_applied)
    roster_workflow.start_applying(**few_applied, confirmed=1)


def test_a_file_without_people_says_nothing_of_anybody(zhou_min, li_na, west):
    roster = compared(workbook(units=[("LJ-N", "新站", "LJ")]), actor=zhou_min, missing_left=True)
    assert "end" not in outcomes(roster).values()
    assert roster.counts["missing"] == 0


def test_a_preview_made_stale_is_not_applied_but_shown_anew(zhou_min, li_na, west):
    content = workbook(people=[("10023", "李娜", "13800000009"), ("7", "新人", "", "LJ-W")])
    roster = compared(content, actor=zhou_min)
    services.correct_person(actor=zhou_min, person_id=li_na.pk, name="李娜", employee_no="10023", phone="13800000009")
    roster_workflow.start_applying(actor=zhou_min, roster_id=roster.pk, digest=roster.digest, later=False)
    roster_workflow.apply_roster(roster_id=roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.stale, outcomes(roster)) == (RosterState.READY, True, {"10023": "same", "7": "add"})
    assert list(roster.lines.filter(news=True).values_list("key", flat=True)) == ["10023"]
    assert not Person.objects.filter(employee_no="7").exists()


def test_an_administrator_of_one_unit_reaches_no_further(east_admin, line_team, west, li_na):
    people = [("10023", "李娜", "", "LJ-W"), ("7", "新人", "", "LJ-W"), ("8", "新人", "", "LJ-E-1")]
    units = [("NEW", "新班", "", "LJ-W"), ("NEW2", "新班二", "", "LJ-E")]
    assert outcomes(compared(workbook(people=people, units=units), actor=east_admin)) == {
        "NEW": "reject: out_of_reach",
        "NEW2": "add",
        "10023": "reject: out_of_reach",
        "7": "reject: out_of_reach",
        "8": "add",
    }


def test_nobody_applies_or_discards_anothers_roster_or_one_twice(zhou_min, east_admin, li_na):
    roster = compared(workbook(people=[("10023", "李娜", "", "", "组长")]), actor=zhou_min)
    with pytest.raises(NotFound):
        roster_workflow.discard_roster(actor=east_admin, roster_id=roster.pk)
    with pytest.raises(VersionConflict):
        roster_workflow.start_applying(actor=zhou_min, roster_id=roster.pk, digest="another")
    roster_workflow.start_applying(actor=zhou_min, roster_id=roster.pk, digest=roster.digest, later=False)
    with pytest.raises(VersionConflict):
        roster_workflow.start_applying(actor=zhou_min, roster_id=roster.pk, digest=roster.digest)
    roster_workflow.apply_roster(roster_id=roster.pk)
    roster_workflow.apply_roster(roster_id=roster.pk)
    assert Employment.objects.filter(person=li_na).count() == 2


def test_files_and_lines_do_not_stay(zhou_min, li_na):
    content = workbook(people=[("10023", "李娜", "", "", "组长")])
    done, left = applied(content, actor=zhou_min), compared(content, actor=zhou_min)
    assert (done.file, done.lines.count()) == (None, 1)
    roster_workflow.discard_roster(actor=zhou_min, roster_id=left.pk)
    assert (RosterImport.objects.get(pk=left.pk).file, left.lines.count()) == (None, 0)
    waiting = compared(content, actor=zhou_min)
    with timezone.frozen(timezone.now() + timedelta(days=8)):
        roster_workflow.forget_old_rosters()
    assert RosterImport.objects.get(pk=waiting.pk).state == RosterState.DISCARDED
    with timezone.frozen(timezone.now() + timedelta(days=31)):
        roster_workflow.forget_old_rosters()
    assert not RosterLine.objects.exists()


def test_a_new_meaning_of_a_column_is_remembered(zhou_min, east):
    headers = ["编号码", "人名", "哪个所"]
    content = workbook(people=[("1", "甲", "东区供电所")], headers=headers)
    roster = compared(content, actor=zhou_min)
    assert (roster.problem, roster.lines.count()) == ("no_sheet", 0)
    fields = {"编号码": "employee_no", "人名": "name", "哪个所": "unit"}
    roster_workflow.explain_columns(
        actor=zhou_min, roster_id=roster.pk, choices={"人员": {"part": "people", "fields": fields}}
    )
    roster_workflow.compare_roster(roster_id=roster.pk)
    assert outcomes(roster) == {"1": "add"}
    assert outcomes(compared(content, actor=zhou_min)) == {"1": "add"}


def test_posts_are_what_the_cell_lists(zhou_min, li_na, line_team):
    headers = ["工号", "姓名", "职务", "党内职务"]
    applied(workbook(people=[("10023", "李娜", "班长、安全员", "支部委员")], headers=headers), actor=zhou_min)
    assert sorted(p.name for p in li_na.posts.filter(ended_on=None)) == ["安全员", "支部委员", "班长"]
    applied(workbook(people=[("10023", "李娜", "班长", "无")], headers=headers), actor=zhou_min)
    assert [p.name for p in li_na.posts.filter(ended_on=None)] == ["班长"]
    assert employ(li_na, line_team).started_on == LONG_AGO
