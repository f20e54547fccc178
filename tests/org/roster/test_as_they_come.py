"""Rosters as human resources keep them: numbers by format, names, phones, hidden sheets, headings in two lines."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from lianxin.accounts.queries import account_of
from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.spreadsheets import UnclearNumber
from lianxin.org import queries, services
from lianxin.org.models import Person, RosterImport, normal_phone
from lianxin.org.roster import compare_roster, explain_columns
from lianxin.org.roster.fields import Numbers, PersonRow, PhoneField, Refused, folded_name
from tests.factories import accounts
from tests.factories.org import PersonFactory, UnitFactory
from tests.org.rosters import PEOPLE, applied, compared, outcomes, workbook
from tests.org.stories import record_of

DATA = Path(__file__).parents[2] / "data"


def trial(name):
    return next(DATA.glob(f"{name}*.xlsx")).read_bytes()


@pytest.fixture
def repair(company):
    return UnitFactory(parent=company, name="配电抢修一班", code="LJ-R-1")


def number_of(cell, recorded=(), in_file=()):
    return PersonRow(Numbers(recorded, in_file)).take({"employee_no": cell, "name": "甲"}).read()["employee_no"]


def test_employee_numbers_are_what_their_format_shows(zhou_min, repair):
    shown = ["GD001023", "01-1024", "001025", "001026", "001027", "1028号"]
    assert outcomes(applied(trial("06"), actor=zhou_min)) == dict.fromkeys(shown, "add")


def test_scientific_notation_and_eighteen_digits_are_refused_and_never_another_number(zhou_min, repair):
    roster = applied(trial("07"), actor=zhou_min)
    assert outcomes(roster) == dict.fromkeys(range(2, 7), "reject: stored_as_number")
    assert not Person.objects.filter(employments__unit=repair).exists()


@pytest.mark.parametrize("cell", [1e15, 1.5, -3, True, timezone.today(), UnclearNumber(1023), "1.5E+05", "2023.0"])
def test_what_is_not_what_was_typed_is_refused(cell):
    with pytest.raises(Refused) as refused:
        number_of(cell)
    assert refused.value.reason[0] == "stored_as_number"


def test_a_number_whose_format_is_not_known_may_be_somebody_recorded():
    assert number_of(UnclearNumber(1023), recorded=["1023"]) == "1023"
    for recorded, in_file in ((["1023", "001023"], ()), ([], ["1023"])):
        with pytest.raises(Refused):
            number_of(UnclearNumber(1023), recorded, in_file)
    assert number_of("2E03") == "2E03"


def test_shared_texts_under_another_name_are_read(zhou_min, repair):
    assert outcomes(compared(trial("10a"), actor=zhou_min)) == {"Z101": "add"}


def test_the_same_person_with_another_space_in_the_name_only_gets_the_new_phone(zhou_min, repair):
    applied(trial("01b"), actor=zhou_min)
    roster = applied(trial("01c"), actor=zhou_min)
    assert outcomes(roster) == {"PAD01": "change"}
    person = Person.objects.get(employee_no="PAD01")
    assert (person.name, person.phone) == ("李强", "13900007002")
    assert record_of(person) == [("add", "周敏"), ("correct", "周敏")]


def test_names_with_spaces_and_a_phone_with_a_short_number(zhou_min, repair):
    applied(trial("01a"), actor=zhou_min)
    people = Person.objects.filter(employments__unit=repair).order_by("employee_no")
    assert list(people.values_list("name", "phone")) == [
        ("Ada Example", "13900009101"),
        ("测 试", "13900009102"),
        ("短号人", "13900009103"),
    ]
    assert set(outcomes(compared(trial("01a"), actor=zhou_min)).values()) == {"same"}


@pytest.mark.parametrize("spelling", ["买买提•艾力", "买买提・艾力", "买买提‧艾力", "买买提 ． 艾力", "买买提.艾力"])
def test_every_dot_and_space_is_the_same_name(spelling):
    assert folded_name(spelling) == folded_name("买买提·艾力")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13900009103(609103)", "13900009103"),
        ("13900009103（短号609103）", "13900009103"),
        ("139 0000 9103 / 609103", "13900009103"),
        ("+86-139-0000-1030", "13900001030"),
        ("0086 13900001031", "13900001031"),
        ("(86)13900001031", "8613900001031"),
        ("0755-12345678转8001", "075512345678"),
        ("13900009103 609103", "13900009103"),
        ("609103", "609103"),
        ("-", None),
        ("无", None),
    ],
)
def test_a_phone_keeps_its_digits_without_an_extension(written, kept):
    assert PhoneField().clean(written) == kept


@pytest.mark.parametrize("written", ["13900009103/13900009104", "139000091031", "13900009103或家里", "1.39E+10"])
def test_what_may_be_two_phones_or_none_is_refused(written):
    with pytest.raises(ValidationError):
        PhoneField().clean(written)


def test_employee_numbers_are_equal_without_regard_to_capitals(zhou_min, repair):
    xiao = PersonFactory(name="小写", employee_no="x011", unit=repair)
    people = [("X011", "小写", "", "", "班长"), ("y1", "甲", "", "LJ-R-1"), ("Y1", "乙", "", "LJ-R-1")]
    roster = applied(workbook(people=people), actor=zhou_min)
    told = [(line.key, line.outcome) for line in roster.lines.order_by("id")]
    assert told == [("x011", "change"), ("y1", "reject"), ("y1", "reject")]
    assert xiao.employments.get(ended_on=None).job_title == "班长"
    with pytest.raises(ValidationFailed):
        services.add_person(actor=zhou_min, name="丙", employee_no="X011", unit_id=repair.pk)
    user = accounts.account_of(xiao)
    assert account_of("X011") == account_of("ｘ０１１") == user


def test_a_phone_passes_on_from_somebody_who_has_left(zhou_min, repair):
    gone = PersonFactory(name="走了", employee_no="G1", phone="13900000077", unit=repair)
    services.record_departure(actor=zhou_min, person_id=gone.pk)
    roster = applied(workbook(people=[("N1", "新来", "13900000077", "LJ-R-1")]), actor=zhou_min)
    assert outcomes(roster) == {"N1": "add"}
    gone.refresh_from_db()
    assert (gone.phone, Person.objects.get(employee_no="N1").phone) == (None, "13900000077")
    assert ("correct", None) in record_of(gone)


def test_a_phone_passes_on_within_one_file(zhou_min, repair):
    PersonFactory(name="走了", employee_no="G1", phone="13900000077", unit=repair)
    people = [("G1", "走了", "", "", "", "", "", "", "", "离职"), ("N1", "新来", "13900000077", "LJ-R-1")]
    assert outcomes(applied(workbook(people=people), actor=zhou_min)) == {"G1": "end", "N1": "add"}
    assert set(outcomes(compared(workbook(people=people), actor=zhou_min)).values()) == {"same"}


def test_a_hidden_sheet_is_named_and_not_read_unless_asked(zhou_min, repair):
    applied(trial("16_base"), actor=zhou_min)
    content = trial("16_very")
    roster = compared(content, actor=zhou_min)
    assert [(sheet["title"], sheet["hidden"], sheet["part"]) for sheet in roster.sheets] == [
        ("人员", False, "people"),
        ("去年", True, ""),
    ]
    assert outcomes(roster) == {"Z002": "add"}
    choice = {"part": "people", "fields": {}, "read": True}
    explain_columns(actor=zhou_min, roster_id=roster.pk, choices={"去年": choice})
    compare_roster(roster_id=roster.pk)
    assert outcomes(roster) == {"Z002": "add", "X016": "end"}


def test_headings_in_two_lines_with_marks(zhou_min, repair):
    book = Workbook()
    for row in (
        ["职工信息表"],
        ["*工号", "姓名（必填）", "联系方式", None, "任职情况", None],
        [None, None, "手机号码", "短号", "所在单位", "岗位"],
        ["A1", "甲", "13900000055", "600055", "配电抢修一班", "技工"],
    ):
        book.active.append(row)
    for merged in ("A2:A3", "B2:B3", "C2:D2", "E2:F2"):
        book.active.merge_cells(merged)
    content = BytesIO()
    book.save(content)
    roster = applied(content.getvalue(), actor=zhou_min)
    assert roster.sheets[0]["header_at"] == 3
    person = Person.objects.get(employee_no="A1")
    assert (person.phone, person.unit, person.employments.get().job_title) == ("13900000055", repair, "技工")


def test_a_row_of_the_table_is_never_taken_for_a_second_line_of_headings(zhou_min, repair):
    roster = compared(workbook(people=[("A1", "甲", "", "配电抢修一班")]), actor=zhou_min)
    assert (roster.sheets[0]["header_at"], outcomes(roster)) == (1, {"A1": "add"})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_roster_as_csv(zhou_min, repair, encoding):
    content = "工号,姓名,单位\r\n007,甲,配电抢修一班\r\n1.2E+05,乙,配电抢修一班\r\n".encode(encoding)
    roster = compared(content, actor=zhou_min)
    assert outcomes(roster) == {"007": "add", 3: "reject: stored_as_number"}
    assert roster.file_name == "名册.csv"


def test_rejected_rows_come_back_mended_in_the_same_layout(zhou_min, repair):
    headers = ["备注栏", *PEOPLE[:4]]
    people = [("x", "A1", "甲", "13900000055", "没有的班"), ("y", "A2", "乙", "", "配电抢修一班")]
    roster = applied(workbook(people=people, headers=headers), actor=zhou_min)
    ((title, headings, rows),) = queries.rejected_rows(roster)
    assert (title, headings) == ("人员", [*headers, "退回原因"])
    assert rows == [["x", "A1", "甲", "13900000055", "没有的班", "系统里和文件里都没有“没有的班”。"]]
    rows[0][4] = "配电抢修一班"
    again = compared(workbook(people=rows, headers=headings), actor=zhou_min)
    assert outcomes(again) == {"A1": "add"}
    assert again.sheets[0]["unknown"] == ["备注栏"]
    assert queries.unrecognised(again) == ["人员: 备注栏"]


def test_the_rows_of_what_was_taken_are_not_kept(zhou_min, repair):
    roster = compared(workbook(people=[("A2", "乙", "13900000055", "配电抢修一班")]), actor=zhou_min)
    assert list(roster.lines.values_list("cells", flat=True)) == [{}]
    assert RosterImport.objects.get().sheets[0]["headings"]["1"] == "工号"


def test_normal_phone_at_sign_in_folds_alike():
    assert normal_phone("+86 139 0000 0001") == normal_phone("１３９００００００01") == "13900000001"


def test_the_template_offers_days_and_choices(zhou_min, page):
    answer = page(zhou_min, reverse("org:roster_template"))
    people = load_workbook(BytesIO(answer.content))["人员"]
    kinds = {rule.type for rule in people.data_validations.dataValidation}
    assert kinds == {"date", "list"}


def test_work_emails_come_with_the_roster_and_stay_where_a_cell_is_empty(zhou_min, repair):
    headers = ["工号", "姓名", "邮箱", "单位"]
    rows = [("E1", "张三", "Zhang.San@CORP.Example.com", repair.code), ("E2", "李四", "not an address", repair.code)]
    assert outcomes(applied(workbook(people=rows, headers=headers), actor=zhou_min)) == {
        "E1": "add",
        "E2": "reject: bad_email",
    }
    assert Person.objects.get(employee_no="E1").email == "Zhang.San@corp.example.com"
    for cell, kept in (("", "Zhang.San@corp.example.com"), ("无", "")):
        applied(workbook(people=[("E1", "张三", cell, repair.code)], headers=headers), actor=zhou_min)
        assert Person.objects.get(employee_no="E1").email == kept
