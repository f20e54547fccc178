"""Roles from a workbook: by the security administrator alone, looked at first, the three administrators kept apart."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import transaction
from django.urls import reverse
from openpyxl import load_workbook

from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied
from lianxin.kernel.spreadsheets import Sheet, write_sheets
from lianxin.org.enums import Role, RosterState
from lianxin.org.models import RoleGrant, RosterImport
from lianxin.org.roster import apply_roster, compare_roster, start_applying, upload_role_list, upload_roster
from tests.factories.org import PersonFactory, UnitFactory, grant
from tests.org.rosters import PEOPLE, applied, compared, outcomes

HEADERS = ["工号", "姓名", "角色", "单位", "起", "止"]


def roles(*rows, people=()):
    content = BytesIO()
    sheets = [Sheet("角色", HEADERS, rows)] + [Sheet("人员", PEOPLE, people)] * bool(people)
    write_sheets(content, sheets)
    return content.getvalue()


def held(person):
    rows = RoleGrant.objects.filter(person=person).order_by("id")
    return [(row.role, row.unit.name, row.ended_on) for row in rows]


def test_roles_are_granted_and_ended_as_the_preview_says(xu_jing, zhou_min, li_na, east, line_team):
    grant(li_na, Role.HANDLER, line_team)
    until = timezone.today() + timedelta(days=30)
    content = roles(
        ("10023", "李娜", "受理员", "东区供电所"),
        ("10023", "", "承办人", "LJ-E-1", "", until),
    )
    preview = compared(content, actor=xu_jing, for_roles=True)
    assert [(line.key, line.outcome) for line in preview.lines.order_by("id")] == [("10023", "add"), ("10023", "end")]
    assert held(li_na) == [("handler", "线路一班", None)]
    assert applied(content, actor=xu_jing, for_roles=True).state == RosterState.APPLIED
    assert held(li_na) == [("handler", "线路一班", until), ("dispatcher", "东区供电所", None)]
    again = compared(content, actor=xu_jing, for_roles=True)
    assert [line.outcome for line in again.lines.order_by("id")] == ["same", "same"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("10023", "李娜", "", "LJ"), "role_missing"),
        (("10023", "李娜", "受理员", ""), "unit_missing"),
        (("999", "", "受理员", "LJ"), "nobody_such"),
        (("10023", "王强", "受理员", "LJ"), "not_this_name"),
        (("10023", "李娜", "皇帝", "LJ"), "unknown_word"),
        (("10023", "李娜", "受理员", "没有"), "unknown_place"),
        (("S001", "周敏", "受理员", "LJ"), "role_refused"),
        (("S002", "许静", "受理员", "LJ"), "role_refused"),
        (("10023", "李娜", "受理员", "LJ", "2020-01-01"), "role_refused"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(xu_jing, zhou_min, li_na, row, reason):
    assert list(outcomes(compared(roles(row), actor=xu_jing, for_roles=True)).values()) == [f"reject: {reason}"]


def test_an_administrator_and_another_role_in_one_file_are_kept_apart(xu_jing, li_na):
    rows = [("10023", "", "审计管理员", "LJ"), ("10023", "", "受理员", "LJ")]
    told = compared(roles(*rows), actor=xu_jing, for_roles=True).lines.order_by("id").values_list("outcome", flat=True)
    assert list(told) == ["add", "reject"]


def test_neither_administrator_does_the_work_of_the_other(xu_jing, zhou_min, li_na):
    content = roles(("10023", "", "受理员", "LJ"), people=[("10023", "李娜", "", "", "组长")])
    people = compared(content, actor=zhou_min)
    assert [(sheet["title"], sheet["part"], sheet["for_others"]) for sheet in people.sheets] == [
        ("角色", "", True),
        ("人员", "people", False),
    ]
    assert outcomes(people) == {"10023": "change"}
    granted = compared(content, actor=xu_jing, for_roles=True)
    assert [sheet["part"] for sheet in granted.sheets] == ["roles", ""]
    assert granted.lines.get().part == "roles"
    for actor, for_roles in ((zhou_min, True), (xu_jing, False)):
        with pytest.raises(PermissionDenied):
            upload_roster(actor=actor, file_name="x.xlsx", content=content, for_roles=for_roles, later=False)


def test_each_sees_their_own_rosters_only(page, xu_jing, zhou_min, li_na):
    content = roles(("10023", "", "受理员", "LJ"))
    roster = compared(content, actor=xu_jing, for_roles=True)
    assert page(xu_jing, reverse("org:roster", args=[roster.pk])).status_code == 200
    assert page(zhou_min, reverse("org:roster", args=[roster.pk])).status_code == 404
    listed = page(xu_jing, reverse("org:role_rosters")).content.decode()
    assert "名册.xlsx" in listed
    assert "名册.xlsx" not in page(zhou_min, reverse("org:rosters")).content.decode()
    template = load_workbook(BytesIO(page(xu_jing, reverse("org:role_template")).content))
    assert [cell.value for cell in template["角色"][1]] == HEADERS


def listed(actor, people="", **options):
    roster = upload_role_list(actor=actor, people=people, later=False, **options)
    compare_roster(roster_id=roster.pk)
    return [(line.key, line.name, line.outcome) for line in roster.lines.order_by("id")]


def test_a_role_for_a_list_of_people_however_they_are_written(xu_jing, li_na, east, line_team):
    PersonFactory(name="张 三", employee_no="GD7", phone="13700000007", unit=line_team)
    for number in ("8", "9"):
        PersonFactory(name="王芳", employee_no=number, unit=line_team)
    people = "10023 李娜\n\n13700000007\ngd7，张三\n李娜\n王芳\n王芳 9\n999 无名\n8 李四\n"
    assert listed(xu_jing, people, role=Role.HANDLER, unit_id=east.pk) == [
        ("10023", "李娜", "add"),
        ("GD7", "张 三", "add"),
        ("", "王芳", "reject"),  # which one?
        ("9", "王芳", "add"),
        ("999", "无名", "reject"),
        ("8", "李四", "reject"),
    ]
    assert not RoleGrant.objects.filter(role=Role.HANDLER).exists()
    assert RosterImport.objects.get().file_name == "承办人，东区供电所：6 人名单"


def test_the_same_people_as_those_who_hold_another_role(page, xu_jing, zhou_min, li_na, east, west):
    wang_fang = PersonFactory(name="王芳", employee_no="10024", unit=west)
    grant(li_na, Role.DISPATCHER, east)
    grant(wang_fang, Role.DISPATCHER, west)
    same = {"role": Role.SUPERVISOR, "unit_id": east.pk, "same_role": Role.DISPATCHER}
    assert listed(xu_jing, **same) == [("10023", "李娜", "add"), ("10024", "王芳", "add")]
    assert listed(xu_jing, **same, same_unit_id=east.pk) == [("10023", "李娜", "add")]
    assert listed(xu_jing, **same | {"same_role": Role.SYSTEM_ADMIN}) == [("S001", "周敏", "reject")]

    shown = page(xu_jing, f"{reverse('org:roles')}?role=dispatcher&unit={east.pk}").content.decode()
    address = re.search(r'href="(/roles/grant-many/[^"]+)"', shown)[1].replace("&amp;", "&")
    answer = page(xu_jing, address, {"role": "handler", "unit_q": "LJ-E"})
    roster = RosterImport.objects.order_by("-pk").first()
    assert (answer.status_code, answer.url) == (302, f"/roster/{roster.pk}/")
    compare_roster(roster_id=roster.pk)
    assert [(line.key, line.changes) for line in roster.lines.all()] == [("10023", [["role", "", "handler"]])]
    nobody = page(xu_jing, "/roles/grant-many/", {"role": "handler", "unit_q": "LJ-E"})
    assert (nobody.status_code, list(nobody.context["form"].errors)) == (422, ["people"])


def test_only_the_security_administrator_lists_people_for_a_role(zhou_min, li_na, east):
    for actor in (zhou_min, li_na):
        with pytest.raises(PermissionDenied):
            listed(actor, "10023", role=Role.HANDLER, unit_id=east.pk)


@pytest.mark.django_db(transaction=True)
def test_a_list_is_taken_where_no_transaction_is_open_as_on_the_page():
    company = UnitFactory()
    with transaction.atomic():
        security = PersonFactory(roles={Role.SECURITY_ADMIN: company}, unit=company)
        PersonFactory(employee_no="7001", unit=company)
    assert listed(security, "7001", role=Role.HANDLER, unit_id=company.pk)[0][2] == "add"


def test_sixty_people_are_granted_a_role_in_one_go(xu_jing, east, line_team):
    people = PersonFactory.create_batch(60, unit=line_team)
    numbers = "\n".join(person.employee_no for person in people)
    roster = upload_role_list(actor=xu_jing, people=numbers, role=Role.HANDLER, unit_id=east.pk, later=False)
    compare_roster(roster_id=roster.pk)
    roster.refresh_from_db()
    assert roster.counts["add"] == 60
    start_applying(actor=xu_jing, roster_id=roster.pk, digest=roster.digest, later=False)
    apply_roster(roster_id=roster.pk)
    assert RoleGrant.objects.filter(role=Role.HANDLER, unit=east).count() == 60
