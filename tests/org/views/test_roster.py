"""The administrator's way through a roster: upload, look, explain, apply."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxin.org.models import Person, RosterImport
from lianxin.org.roster import apply_roster, compare_roster
from tests.org.rosters import compared, workbook
from tests.pages import text_of


def upload(page, who, content, **more):
    file = SimpleUploadedFile("名册.xlsx", content)
    return page(who, reverse("org:rosters"), {"file": file, **more})


def test_zhou_min_uploads_looks_and_applies(page, zhou_min, li_na, west):
    people = [("10023", "李娜", "", "西区供电所"), ("7", "新人", "", "没有的所"), ("8", "<b>丁</b>", "", "LJ-W")]
    answer = upload(page, zhou_min, workbook(people=people))
    roster = RosterImport.objects.get()
    assert answer.url == reverse("org:roster", args=[roster.pk])
    assert "正在读取和比对" in text_of(page(zhou_min, answer.url))
    compare_roster(roster_id=roster.pk)
    shown = text_of(page(zhou_min, answer.url))
    for expected in ("线路一班 → 西区供电所", "系统里和文件里都没有“没有的所”。", "应用 2 项变更", "人员，第 3 行"):
        assert expected in shown
    assert "<b>丁</b>" not in shown
    rejected = text_of(page(zhou_min, answer.url, query={"outcome": "reject"}))
    assert ("新人" in rejected, "李娜" in rejected) == (True, False)
    roster.refresh_from_db()
    page(zhou_min, reverse("org:apply_roster", args=[roster.pk]), {}, at=answer.url)
    assert "正在应用花名册" in text_of(page(zhou_min, answer.url))
    apply_roster(roster_id=roster.pk)
    applied = text_of(page(zhou_min, answer.url))
    assert ("花名册已应用" in applied, "离职人员" in applied) == (True, False)
    assert Person.objects.get(pk=li_na.pk).unit == west
    jobs = ProcrastinateJob.objects.order_by("id").values_list("task_name", "args")
    assert list(jobs) == [(f"org.{name}_roster", {"roster_id": roster.pk}) for name in ("compare", "apply")]


def test_the_fragment_refreshes_the_page_when_the_job_is_done(client, page, zhou_min, li_na):
    roster = compared(workbook(people=[("10023", "李娜")]), actor=zhou_min)
    page(zhou_min, "/")
    client.force_login(zhou_min.user)
    answer = client.get(reverse("org:roster", args=[roster.pk]), headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_rejected_rows_are_taken_away_without_formulas(page, zhou_min):
    roster = compared(workbook(people=[("=1+1", "@甲", "", "没有")]), actor=zhou_min)
    answer = page(zhou_min, reverse("org:rejected_rows", args=[roster.pk]))
    cells = load_workbook(BytesIO(answer.content)).active[2]
    assert [cell.value for cell in cells][:2] == ["=1+1", "@甲"]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_many_missing_people_need_the_number(page, zhou_min, xu_jing, gao_yuan, li_na):
    roster = compared(
        workbook(people=[("S001", "周敏"), ("S002", "许静"), ("S003", "高远")]), actor=zhou_min, missing_left=True
    )
    address, shown = reverse("org:apply_roster", args=[roster.pk]), reverse("org:roster", args=[roster.pk])
    assert "请填写将离职的人数：1。" in text_of(page(zhou_min, address, {}, at=shown))
    page(zhou_min, address, {"confirmed": "1"}, at=shown)
    assert RosterImport.objects.get().state == "applying"


def test_unknown_columns_are_explained_by_hand(page, zhou_min, east):
    roster = compared(workbook(people=[("1", "甲", "东区供电所")], headers=["甲列", "乙列", "丙列"]), actor=zhou_min)
    address = reverse("org:roster_columns", args=[roster.pk])
    assert "例如“东区供电所”" in text_of(page(zhou_min, address))
    meant = {"sheet0_A": "people.employee_no", "sheet0_B": "people.name", "sheet0_C": "people.unit"}
    assert "有两列选了同一含义" in text_of(page(zhou_min, address, {**meant, "sheet0_C": "people.name"}))
    assert page(zhou_min, address, meant).status_code == 302
    compare_roster(roster_id=roster.pk)
    assert RosterImport.objects.get().counts == {"add": 1, "missing": 1}


def test_another_administrator_sees_it_only_over_the_whole_enterprise(page, zhou_min, east_admin, xu_jing, li_na):
    content = workbook(people=[("10023", "李娜")])
    chief, local = compared(content, actor=zhou_min), compared(content, actor=east_admin)
    assert page(zhou_min, reverse("org:roster", args=[local.pk])).status_code == 200
    assert page(east_admin, reverse("org:roster", args=[chief.pk])).status_code == 404
    assert page(xu_jing, reverse("org:rosters")).status_code == 403
    assert page(zhou_min, reverse("org:discard_roster", args=[local.pk]), {}, raw=True).status_code == 404


def test_the_preview_asks_no_more_queries_for_more_rows(page, zhou_min, east):
    def queries_for(count):
        people = [(f"N{n}", f"新人{n}", "", "LJ-E") for n in range(count)]
        roster = compared(workbook(people=people), actor=zhou_min)
        with CaptureQueriesContext(connection) as captured:
            page(zhou_min, reverse("org:roster", args=[roster.pk]))
        return len(captured)

    page(zhou_min, reverse("org:rosters"))  # the account is made, and what is kept has been read
    assert queries_for(2) == queries_for(40)


def test_the_rows_are_found_by_a_name_in_either_script(page, zhou_min, east):
    roster = compared(workbook(people=[("1", "張建國", "东区供电所"), ("2", "李娜", "东区供电所")]), actor=zhou_min)
    shown = text_of(page(zhou_min, reverse("org:roster", args=[roster.pk]), query={"q": "张建"}))
    assert ("張建國" in shown, "李娜" in shown) == (True, False)


def test_the_template_and_the_list(page, zhou_min, li_na):
    compared(workbook(people=[("10023", "李娜")]), actor=zhou_min)
    answer = page(zhou_min, reverse("org:roster_template"))
    assert [sheet.title for sheet in load_workbook(BytesIO(answer.content))] == ["单位", "党组织", "人员", "填写说明"]
    assert "名册.xlsx" in text_of(page(zhou_min, reverse("org:rosters")))


def test_nothing_to_apply_is_not_said_beside_columns_that_were_not_read(page, zhou_min, li_na):
    known, strange = ["工号", "姓名"], ["工号", "姓名", "星座"]
    for headers, rows, said in ((known, [("10023", "李娜")], True), (strange, [("10023", "李娜", "水瓶")], False)):
        roster = compared(workbook(people=rows, headers=headers), actor=zhou_min)
        shown = text_of(page(zhou_min, reverse("org:roster", args=[roster.pk])))
        assert ("没有需要应用的变更：系统里已经一致。" in shown) is said
        assert ("人员: 星座" in shown) is not said


def test_a_hidden_sheet_is_told_and_read_when_asked(page, zhou_min, li_na):
    book = load_workbook(BytesIO(workbook(people=[("10023", "李娜")])))
    book.copy_worksheet(book["人员"]).title = "去年"
    book["去年"].sheet_state = "veryHidden"
    content = BytesIO()
    book.save(content)
    roster = compared(content.getvalue(), actor=zhou_min)
    assert "隐藏的表，没有读取" in text_of(page(zhou_min, reverse("org:roster", args=[roster.pk])))
    address = reverse("org:roster_columns", args=[roster.pk])
    meant = {"sheet0_A": "people.employee_no", "sheet0_B": "people.name"}
    meant |= {name.replace("0", "1"): value for name, value in meant.items()}
    page(zhou_min, address, {**meant, "sheet1_read": "on"})
    compare_roster(roster_id=roster.pk)
    assert [sheet["part"] for sheet in RosterImport.objects.get().sheets] == ["people", "people"]
