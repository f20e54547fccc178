"""What the administrators do on their pages."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.accounts.services import issue_codes
from lianxin.kernel import timezone
from lianxin.kernel.models import DayOverride
from lianxin.org.enums import MembershipKind, Role
from lianxin.org.models import OwnName, PartyOrganisation, Person, Unit
from lianxin.org.services import (
    add_names,
    add_person,
    end_unit,
    enrol_member,
    give_post,
    grant_role,
    move_person,
    move_unit,
)
from tests.factories.accounts import account_of
from tests.factories.org import PartyOrganisationFactory, PersonFactory, UnitFactory, employ, enrol, grant
from tests.pages import text_of

TODAY = timezone.today().isoformat()


def test_zhou_min_walks_the_tree_and_finds_a_unit(page, zhou_min, line_team, west):
    tree = text_of(page(zhou_min, reverse("org:units")))
    assert tree.index("临江供电公司") < tree.index("东区供电所") < tree.index("线路一班") < tree.index("西区供电所")
    assert f'<a class="row-link" href="{reverse("org:unit", args=[west.pk])}">西区供电所</a>' in tree
    assert "西区供电所" in text_of(page(zhou_min, reverse("org:units"), query={"q": "西区"}))


def test_a_deep_tree_opens_a_few_levels_at_a_time(page, zhou_min, line_team):
    group = UnitFactory(parent=line_team, name="一组")
    UnitFactory(parent=group, name="甲小队")
    assert "一组" not in text_of(page(zhou_min, reverse("org:units")))
    deeper = text_of(page(zhou_min, f"{reverse('org:units')}?at={line_team.pk}"))
    assert "一组" in deeper
    assert "甲小队" in deeper


def test_a_unit_page_tells_who_is_there_and_what_happened(page, zhou_min, east, west, line_team, li_na):
    grant(li_na, Role.HANDLER, line_team)
    move_unit(actor=zhou_min, unit_id=line_team.pk, parent_id=west.pk)
    shown = text_of(page(zhou_min, reverse("org:unit", args=[line_team.pk])))
    for expected in ("李娜", "承办人", "东区供电所 → 西区供电所", "周敏"):
        assert expected in shown


def test_zhou_min_adds_renames_moves_and_ends_a_unit(page, zhou_min, east, west):
    added = page(zhou_min, reverse("org:add_unit", args=[east.pk]), {"name": "抢修班", "code": "Q1", "kind": "team"})
    team = Unit.objects.get(code="Q1")
    assert (added.status_code, added.url) == (302, reverse("org:unit", args=[east.pk]))
    page(zhou_min, reverse("org:rename_unit", args=[team.pk]), {"name": "抢修一班", "code": "Q1", "kind": "team"})
    page(zhou_min, reverse("org:move_unit", args=[team.pk]), {"parent_q": "西区"})
    assert Unit.objects.get_parent(Unit.objects.get(name="抢修一班")) == west
    page(zhou_min, reverse("org:end_unit", args=[team.pk]), {})
    assert Unit.objects.get(pk=team.pk).ended_on == timezone.today()
    ended = text_of(page(zhou_min, reverse("org:unit", args=[team.pk])))
    assert "已撤销" in ended
    assert reverse("org:move_unit", args=[team.pk]) not in ended


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(page, zhou_min, east, west):
    answer = page(zhou_min, reverse("org:add_unit", args=[east.pk]), {"name": "抢修班", "code": "LJ-W", "kind": "team"})
    assert answer.status_code == 422
    assert 'value="抢修班"' in text_of(answer)
    assert "id_code_error" in text_of(answer)


def test_a_unit_with_people_is_not_ended(page, zhou_min, line_team, li_na):
    answer = page(zhou_min, reverse("org:end_unit", args=[line_team.pk]), {})
    assert answer.status_code == 422
    assert "还有人" in text_of(answer)


def test_the_party_tree_is_managed_apart(page, zhou_min, committee, east_branch, east, li_na):
    assert "东区党支部" in text_of(page(zhou_min, reverse("org:party")))
    page(
        zhou_min,
        reverse("org:add_party_organisation"),
        {"name": "第一小组", "code": "DW-E-1", "kind": "group", "unit_q": east.code, "parent_q": east_branch.name},
    )
    group = PartyOrganisation.objects.get(code="DW-E-1")
    page(zhou_min, reverse("org:move_party_organisation", args=[group.pk]), {"parent_q": committee.name})
    page(
        zhou_min,
        reverse("org:rename_party_organisation", args=[group.pk]),
        {"name": "一组", "code": "DW-E-1", "kind": "group"},
    )
    assert PartyOrganisation.objects.get_parent(PartyOrganisation.objects.get(name="一组")) == committee
    page(zhou_min, reverse("org:end_party_organisation", args=[group.pk]), {})
    assert PartyOrganisation.objects.get(pk=group.pk).ended_on
    assert "李娜" in text_of(page(zhou_min, reverse("org:party_organisation", args=[east_branch.pk])))


def test_people_are_found_by_name_number_or_phone(page, zhou_min, li_na, east, west):
    for asked, found in (("李", True), ("10023", True), ("139 0000 0001", True), ("王", False)):
        shown = text_of(page(zhou_min, reverse("org:people"), query={"q": asked}))
        assert ("李娜" in shown) is found, asked
    assert "李娜" in text_of(page(zhou_min, f"{reverse('org:people')}?unit={east.pk}"))
    assert "李娜" not in text_of(page(zhou_min, f"{reverse('org:people')}?unit={west.pk}"))


@pytest.mark.parametrize(("name", "asked"), [("张建国", "張建國"), ("陳麗", "陈丽"), ("何 军-1", "何 軍-1")])
def test_a_name_is_found_in_traditional_and_simplified_characters(page, zhou_min, east, name, asked):
    PersonFactory(name=name, employee_no="7", unit=east)
    for address, key in ((reverse("org:people"), "q"), (f"{reverse('org:pick_people')}?field=who", "who_q")):
        assert name in text_of(page(zhou_min, address, query={"field": "who", key: asked}))


def test_what_is_left_out_of_a_picker_is_named(page, zhou_min, east):
    answer = text_of(page(zhou_min, reverse("org:move_unit", args=[east.pk]), {"parent_q": ""}))
    assert answer.count("请选择上级单位。") == 2  # in the summary and at the field
    assert "必填" not in answer


def test_the_tree_says_whom_it_counts(page, zhou_min, li_na, east):
    tree = text_of(page(zhou_min, reverse("org:units")))
    assert "直属 1 人" in tree


def test_the_life_of_wang_gang(page, zhou_min, line_team, west, east_branch):
    page(
        zhou_min,
        reverse("org:add_person"),
        {
            "name": "王刚",
            "employee_no": "10024",
            "unit_q": line_team.code,
            "job_title": "技工",
            "started_on": "2024-03-01",
        },
    )
    wang_gang = Person.objects.get(employee_no="10024")
    about = {"args": [wang_gang.pk]}
    page(
        zhou_min,
        reverse("org:correct_person", **about),
        {"name": "王钢", "employee_no": "10024", "phone": "13900000009"},
    )
    page(
        zhou_min,
        reverse("org:move_person", **about),
        {"unit_q": west.code, "job_title": "班长", "started_on": "2025-01-01"},
    )
    page(
        zhou_min,
        reverse("org:enrol_member", **about),
        {"party_organisation_q": east_branch.name, "kind": "probationary", "started_on": "2025-07-01"},
    )
    page(
        zhou_min, reverse("org:give_post", **about), {"name": "安全员", "unit_q": west.code, "started_on": "2025-02-01"}
    )
    membership, post = wang_gang.memberships.get(), wang_gang.posts.get()
    page(zhou_min, reverse("org:end_membership", args=[wang_gang.pk, membership.pk]), {"last_day": TODAY})
    page(zhou_min, reverse("org:end_post", args=[wang_gang.pk, post.pk]), {"last_day": TODAY})
    page(zhou_min, reverse("org:leave", **about), {"last_day": "2026-06-30"})
    assert "王钢" in text_of(page(zhou_min, f"{reverse('org:people')}?left=1"))
    page(zhou_min, reverse("org:take_back", **about), {"unit_q": west.code, "started_on": "2026-09-01"})
    shown = text_of(page(zhou_min, reverse("org:person", **about)))
    for expected in (
        "王钢",
        "技工",
        "班长",
        "预备党员",
        "安全员",
        "西区供电所",
        "2024年3月1日",
        "登记离职",
        "重新入职",
    ):
        assert expected in shown, expected
    assert "王刚" not in shown


def test_a_persons_page_asks_the_database_little(
    zhou_min, xu_jing, line_team, west, east_branch, settings, django_assert_max_num_queries
):
    settings.DEMO = True  # no second factor
    wang_gang = add_person(
        actor=zhou_min, name="王刚", employee_no="10024", unit_id=line_team.pk, started_on=date(2025, 3, 3)
    )
    move_person(actor=zhou_min, person_id=wang_gang.pk, unit_id=west.pk, job_title="班长")
    enrol_member(actor=zhou_min, person_id=wang_gang.pk, party_organisation_id=east_branch.pk, kind=MembershipKind.FULL)
    give_post(actor=zhou_min, person_id=wang_gang.pk, name="安全员", unit_id=west.pk)
    grant_role(actor=xu_jing, person_id=wang_gang.pk, role=Role.HANDLER, unit_id=west.pk)
    client, address = Client(), reverse("org:person", args=[wang_gang.pk])
    client.force_login(account_of(zhou_min))
    client.get(address)
    with django_assert_max_num_queries(20):
        shown = text_of(client.get(address))
    assert all(word in shown for word in ("班长", "安全员", "承办人", east_branch.name, line_team.name))


def test_without_script_several_matches_come_back_to_choose_from(page, zhou_min, west, li_na):
    UnitFactory(parent=west, name="线路一班", code="LJ-W-1")
    answer = page(zhou_min, reverse("org:move_person", args=[li_na.pk]), {"unit_q": "线路", "started_on": TODAY})
    assert answer.status_code == 422
    assert text_of(answer).count('type="radio" name="unit"') == 2
    nothing = page(zhou_min, reverse("org:move_person", args=[li_na.pk]), {"unit_q": "没有", "started_on": TODAY})
    assert "没有找到" in text_of(nothing)


@pytest.mark.parametrize("name", ["grant_role", "grant_many"])
def test_no_role_is_chosen_before_the_administrator_chooses_one(page, xu_jing, name):
    assert '<option value="" selected>请选择角色</option>' in text_of(page(xu_jing, reverse(f"org:{name}")))


def test_xu_jing_grants_and_ends_a_role(page, xu_jing, li_na, east):
    granted = page(
        xu_jing,
        reverse("org:grant_role"),
        {"person_q": "李娜", "role": "handler", "unit_q": east.code, "started_on": TODAY},
    )
    assert granted.status_code == 302
    assert "李娜" in text_of(page(xu_jing, f"{reverse('org:roles')}?role=handler&unit={east.pk}"))
    page(xu_jing, reverse("org:end_role", args=[li_na.role_grants.get().pk]), {"last_day": ""})
    assert not li_na.role_grants.exists()


def test_the_page_says_why_an_administrator_gets_no_other_role(page, xu_jing, zhou_min, east):
    answer = page(
        xu_jing,
        reverse("org:grant_role"),
        {"person_q": zhou_min.employee_no, "role": "audit_admin", "unit_q": east.code, "started_on": TODAY},
    )
    assert answer.status_code == 422
    assert "三员分立" in text_of(answer)


def test_the_calendar_marks_what_is_special_and_warns_of_the_unknown(page, zhou_min):
    known = text_of(page(zhou_min, reverse("org:calendar_year", args=[2025])))
    assert "尚未公布" not in known
    assert known.count(">班</span>") == 5  # the make-up working days of 2025
    assert "尚未公布" in text_of(page(zhou_min, reverse("org:calendar_year", args=[2090])))
    assert page(zhou_min, reverse("org:calendar_year", args=[1990])).status_code == 404


def test_zhou_min_sets_a_day_and_the_hours(page, zhou_min):
    page(zhou_min, reverse("org:set_day"), {"day": "2026-11-23", "working": "no", "note": "厂庆"})
    assert list(DayOverride.objects.values_list("day", "working", "note")) == [(date(2026, 11, 23), False, "厂庆")]
    assert "厂庆" in text_of(page(zhou_min, reverse("org:calendar_year", args=[2026])))
    page(zhou_min, reverse("org:remove_day"), {}, at=reverse("org:calendar_year", args=[2026]))
    assert not DayOverride.objects.exists()
    page(
        zhou_min,
        reverse("org:hours"),
        {"opens_1": "08:00", "closes_1": "12:00", "opens_2": "13:00", "closes_2": "17:00"},
    )
    assert "08:00–12:00" in text_of(page(zhou_min, reverse("org:calendar")))
    assert page(zhou_min, reverse("org:hours"), {"opens_1": "12:00", "closes_1": ""}).status_code == 422


def test_gao_yuan_reads_who_did_what_and_narrows_it_down(page, gao_yuan, xu_jing, zhou_min, li_na, line_team, west):
    grant_role(actor=xu_jing, person_id=li_na.pk, role=Role.HANDLER, unit_id=line_team.pk)
    add_person(actor=zhou_min, name="王刚", employee_no="10024", unit_id=west.pk)
    end_unit(actor=zhou_min, unit_id=UnitFactory(parent=west, name="旧班").pk)
    trail = text_of(page(gao_yuan, reverse("org:trail")))
    for expected in ("授予角色", "承办人", "许静", "王刚", "旧班"):
        assert expected in trail, expected
    assert "王刚" not in text_of(page(gao_yuan, f"{reverse('org:trail')}?kind=org.unit"))
    about_li_na = text_of(page(gao_yuan, f"{reverse('org:trail')}?person={li_na.pk}"))
    assert "授予角色" in about_li_na
    assert "旧班" not in about_li_na
    assert "旧班" not in text_of(page(gao_yuan, f"{reverse('org:trail')}?until=2020-01-01"))
    assert "旧班" in text_of(page(gao_yuan, f"{reverse('org:trail')}?since={TODAY}&until={TODAY}"))


def test_the_audit_of_the_east_reads_of_the_east(page, east, west, zhou_min, line_team):
    auditor = PersonFactory(unit=east, roles={Role.AUDIT_ADMIN: east})
    add_person(actor=zhou_min, name="王刚", employee_no="10024", unit_id=west.pk)
    add_person(actor=zhou_min, name="孙磊", employee_no="10025", unit_id=line_team.pk)
    trail = text_of(page(auditor, reverse("org:trail")))
    assert "孙磊" in trail
    assert "王刚" not in trail


def test_a_picker_tells_no_more_than_needed(page, li_na, zhou_min):
    found = text_of(page(li_na, f"{reverse('org:pick_people')}?field=colleague&colleague_q=周敏"))
    assert "周敏" in found
    assert "…S001" in found
    assert "139" not in found
    too_short = text_of(page(li_na, f"{reverse('org:pick_people')}?field=colleague&colleague_q=周"))
    assert ("周敏" in too_short, "请至少输入两个字" in too_short, "没有找到" in too_short) == (False, True, False)
    assert page(li_na, f"{reverse('org:pick_people')}?field=<script>").status_code == 404
    escaped = text_of(page(li_na, reverse("org:pick_units"), query={"field": "unit", "unit_q": "<script>"}))
    assert "<script>" not in escaped


def test_names_are_shown_as_text(page, zhou_min, line_team):
    add_person(actor=zhou_min, name="<script>alert(1)</script>", employee_no="10066", unit_id=line_team.pk)
    for address in (reverse("org:people"), reverse("org:unit", args=[line_team.pk])):
        assert "<script>alert(1)" not in text_of(page(zhou_min, address))


@pytest.mark.parametrize("name", ["units", "unit", "names", "party", "party_organisation", "people", "roles", "trail"])
def test_lists_cost_the_same_however_long(page, company, committee, zhou_min, gao_yuan, name):
    visitor = gao_yuan if name == "trail" else zhou_min
    address = {
        "unit": reverse("org:unit", args=[company.pk]),
        "party_organisation": reverse("org:party_organisation", args=[committee.pk]),
    }.get(name) or reverse(f"org:{name}")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert page(visitor, address).status_code == 200
        return len(queries)

    def grow(number):
        unit = UnitFactory(parent=company)
        organisation = PartyOrganisationFactory(parent=committee, unit=company)
        person = add_person(actor=zhou_min, name=f"职工{number}", employee_no=f"N{number}", unit_id=unit.pk)
        employ(person, company)
        enrol(person, committee, kind=MembershipKind.PROBATIONARY)
        enrol(PersonFactory(), organisation)
        grant(person, Role.HANDLER, company)
        add_names(actor=zhou_min, kind="place", names=[[f"{number}号站房"]], unit_id=unit.pk)

    grow(0)
    page(visitor, address)
    before = cost()
    for number in range(1, 12):
        grow(number)
    assert cost() == before


def test_codes_handed_out_stand_in_the_trail(page, gao_yuan, xu_jing, li_na, zhou_min):
    issue_codes(actor=xu_jing, person_ids=[li_na.pk])
    for person, expected in ((li_na, True), (xu_jing, True), (zhou_min, False)):
        trail = text_of(page(gao_yuan, reverse("org:trail"), query={"kind": "account", "person": person.pk}))
        assert ("发放登录码" in trail) is expected, person


def test_zhou_min_pastes_a_list_of_places_finds_changes_and_takes_one_off(page, zhou_min, east):
    added = page(
        zhou_min,
        reverse("org:add_names"),
        {"kind": "place", "names": "一号宿舍楼，1栋\n\n城东变电站\t城东变\n一号宿舍楼\n", "unit_q": "东区"},
    )
    assert (added.status_code, added.url) == (302, reverse("org:names"))
    dormitory = OwnName.objects.get(name="一号宿舍楼")
    assert (dormitory.others, dormitory.unit) == (["1栋"], east)
    assert OwnName.objects.count() == 2
    found = text_of(page(zhou_min, reverse("org:names"), query={"q": "宿舍", "kind": "place"}))
    assert "1栋" in found
    assert "城东变" not in found
    assert "1栋" in text_of(page(zhou_min, reverse("org:change_name", args=[dormitory.pk])))
    page(
        zhou_min,
        reverse("org:change_name", args=[dormitory.pk]),
        {"kind": "place", "name": "一号公寓", "others": "一号宿舍楼、1栋"},
    )
    dormitory.refresh_from_db()
    assert (dormitory.name, dormitory.others) == ("一号公寓", ["一号宿舍楼", "1栋"])
    page(zhou_min, reverse("org:remove_name", args=[dormitory.pk]), {})
    assert not OwnName.objects.filter(pk=dormitory.pk).exists()


def test_what_cannot_be_taken_comes_back_on_the_form(page, zhou_min):
    refused = page(zhou_min, reverse("org:add_names"), {"kind": "place", "names": "食堂二楼\n栋"})
    assert refused.status_code == 422
    assert "食堂二楼" in text_of(refused)
    assert not OwnName.objects.exists()
