"""An older register is taken over: each row once, whole or not at all, outside the rates but in volume."""

import json
import resource
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from lianxin.cases.enums import CaseKind, CaseState, Channel, Identity
from lianxin.cases.models import Case, Deadline, ImportedMessage, Message, Rating
from lianxin.cases.models.numbers import numbers_meant
from lianxin.cases.services import legacy_import
from lianxin.kernel import timezone
from lianxin.kernel.spreadsheets import WrongFile, write_rows
from lianxin.ledger.queries import events_of
from tests.cases.stories import SHANGHAI, trail
from tests.factories.cases import submit

HEADERS = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数", "答复意见", "答复时间"]
DATA = Path(__file__).parents[2] / "data"
REAL = Path(__file__).parents[4] / "shared" / "data" / "messages.xlsx"


def row(n=1, **changes):
    values = {
        "留言编号": n, "留言用户": f"A{n:05d}", "留言主题": f"宿舍{n}栋没有热水", "留言时间": "2019/5/6 11:25:05",
        "留言详情": f"\n\t\t{n}栋三天没有热水了。_x000D_\n请问何时&nbsp;恢复‹热水>？\t\n", "反对数": 0, "点赞数": n,
        "答复意见": "", "答复时间": "",
    }  # fmt: skip
    return [{**values, **changes}[header] for header in HEADERS]


def cell(*parts):
    """A date as it stands in a cell, which knows of no zone."""
    return datetime(*parts)  # noqa: DTZ001


def register(tmp_path, *rows, headers=HEADERS):
    path = tmp_path / "register.xlsx"
    write_rows(path, headers, rows)
    return path


def test_a_message_with_its_reply_becomes_a_closed_case_marked_imported(house, tmp_path):
    replied = row(7, 留言时间="2019年5月6日 11:25:05", 答复意见="锅炉已修好。", 答复时间=cell(2019, 5, 10, 11, 25, 5))
    summary = legacy_import.import_register(register(tmp_path, replied), unit=house.logistics)
    assert (summary.rows, summary.created, summary.with_reply, summary.median_days_to_reply) == (1, 1, 1, 4.0)
    case = Case.objects.get()
    assert (case.channel, case.identity, case.state, case.outcome) == (
        Channel.IMPORT, Identity.ANONYMOUS, CaseState.CLOSED, "",
    )  # fmt: skip
    assert (case.title, case.body) == ("宿舍7栋没有热水", "7栋三天没有热水了。\n请问何时 恢复‹热水>？")
    assert (case.kind, case.place_unit) == (CaseKind.UNSORTED, house.logistics)
    assert case.number.startswith("LX-1905-")
    assert numbers_meant(case.number) == [case.number]
    assert case.submitted_at == datetime(2019, 5, 6, 11, 25, 5, tzinfo=SHANGHAI)
    assert case.replied_at == case.closed_at == datetime(2019, 5, 10, 11, 25, 5, tzinfo=SHANGHAI)
    assert list(case.messages.values_list("kind", "text", "author")) == [("reply", "锅炉已修好。", None)]
    imported = ImportedMessage.objects.get()
    assert (imported.source_number, imported.votes_for, imported.votes_against) == ("7", 7, 0)
    assert trail(case) == ["import"]
    assert not Deadline.objects.exists()  # no clock and no rating: in no rate
    assert not Rating.objects.exists()


def test_the_user_of_the_register_is_not_kept(house, tmp_path):
    legacy_import.import_register(register(tmp_path, row(1, 留言用户="张三的手机")))
    case = Case.objects.get()
    assert "张三" not in json.dumps([Case.objects.values().get(), ImportedMessage.objects.values().get()], default=str)
    assert events_of("case", case.pk).get().data == {}


def test_identical_rows_are_taken_once_and_a_second_import_creates_nothing(house, tmp_path):
    rows = [row(n) for n in range(1, 6)]
    path = register(tmp_path, *rows, rows[0], rows[2], row(1, 点赞数=99))
    first = legacy_import.import_register(path)
    assert (first.rows, first.created, first.skipped_duplicates) == (8, 6, 2)
    second = legacy_import.import_register(path)
    assert (second.rows, second.created, second.skipped_duplicates, Case.objects.count()) == (8, 0, 8, 6)


def test_the_same_row_in_other_batches_and_other_spellings_is_the_same(house, tmp_path, monkeypatch):
    monkeypatch.setattr(legacy_import, "BATCH", 2)
    rows = [
        row(1),
        row(2),
        row(3),
        row(1, 留言时间=cell(2019, 5, 6, 11, 25, 5)),
        row(2, 留言主题=" 宿舍2栋没有热水\n"),
    ]
    assert legacy_import.import_register(register(tmp_path, *rows)).created == 3


def test_wrong_rows_are_reported_and_the_rest_is_imported(house, tmp_path):
    wrong = [
        row(2, 留言时间=""),
        row(3, 留言时间="前天"),
        row(4, 留言主题="", 留言详情="\n\t"),
        row(5, 答复意见="已办。"),
        row(6, 答复时间="2019/5/7"),
        row(7, 答复意见="已办。", 答复时间="2019/5/6 11:25:04"),
        row(8, 答复意见="已办。", 答复时间="不详"),
    ]
    empty = [["", None, " ", "", "", "", "", "", ""]] * 3
    summary = legacy_import.import_register(register(tmp_path, row(1), *wrong, row(9, 留言详情=""), *empty))
    assert (summary.rows, summary.created) == (9, 2)
    assert [refused["row"] for refused in summary.rejected] == [3, 4, 5, 6, 7, 8, 9]
    assert all(refused["reason"] for refused in summary.rejected)
    assert set(Case.objects.values_list("body", flat=True)) == {
        "1栋三天没有热水了。\n请问何时 恢复‹热水>？",
        "宿舍9栋没有热水",
    }


def test_the_figures_on_replies_are_to_the_second(house, tmp_path):
    sent = cell(2019, 5, 6, 11, 25, 5)
    took = [
        timedelta(days=15), timedelta(days=15, seconds=1), timedelta(days=60), timedelta(days=60, seconds=1),
        timedelta(0), timedelta(days=3),
    ]  # fmt: skip
    rows = [row(n, 留言时间=sent, 答复意见="已办。", 答复时间=sent + each) for n, each in enumerate(took)]
    summary = legacy_import.import_register(register(tmp_path, *rows, rows[0], row(99)))
    assert (summary.with_reply, summary.replied_within_15_days, summary.replied_within_60_days) == (6, 3, 5)
    assert summary.median_days_to_reply == round(median(each.total_seconds() for each in took) / 86400, 4)


@pytest.mark.django_db(transaction=True)
def test_broken_off_it_goes_on_where_it_stopped(tmp_path, monkeypatch):
    from tests.factories.cases import found_enterprise  # noqa: PLC0415

    house = found_enterprise()
    submit(house.li_na)
    monkeypatch.setattr(legacy_import, "BATCH", 3)
    path = register(tmp_path, *(row(n) for n in range(10)))

    def cut(rows):
        if rows == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        legacy_import.import_register(path, progress=cut)
    assert Case.objects.filter(channel="import").count() == 6
    summary = legacy_import.import_register(path)
    assert (summary.created, summary.skipped_duplicates) == (4, 6)
    numbers = Case.objects.filter(channel="import").values_list("number", flat=True)
    assert (len(set(numbers)), {number[:8] for number in numbers}) == (10, {"LX-1905-"})
    assert Message.objects.count() == 0


def test_a_label_that_is_a_category_is_one(house, tmp_path):
    legacy_import.import_register(register(tmp_path, [*row(1), "食堂餐饮"], headers=[*HEADERS, "一级标签"]))
    assert Case.objects.get().category.code == "canteen"


def test_a_file_that_is_no_register_is_refused(house, tmp_path):
    path = tmp_path / "register.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(WrongFile):
        legacy_import.import_register(path)
    with pytest.raises(WrongFile):
        legacy_import.import_register(register(tmp_path, ["甲"], headers=["姓名"]))
    with pytest.raises(CommandError):
        call_command("import_messages", str(tmp_path / "missing.xlsx"))


def test_the_command_prints_the_summary_as_json(house, tmp_path, capsys):
    path = register(tmp_path, row(1, 答复意见="已办。", 答复时间="2019-05-07"), row(2, 留言时间="?"))
    call_command("import_messages", str(path), "--json", "--unit", "LOGISTICS")
    told = json.loads(capsys.readouterr().out)
    assert told.pop("rejected")[0].keys() == {"row", "reason"}
    assert told == {
        "rows": 2, "created": 1, "skipped_duplicates": 0, "with_reply": 1, "replied_within_15_days": 1,
        "replied_within_60_days": 1,
        "median_days_to_reply": 1.5242,  # a day without a time reaches to its end
    }  # fmt: skip
    assert Case.objects.get().place_unit == house.logistics
    call_command("import_messages", str(path))
    assert "3" in capsys.readouterr().out  # the row that was refused
    with pytest.raises(CommandError):
        call_command("import_messages", str(path), "--unit", "NOWHERE")


def test_dates_to_come_are_refused_and_a_day_without_a_time_reaches_to_its_end(house):
    summary = legacy_import.import_register(DATA / "13_messages_dates.xlsx")
    assert (summary.rows, summary.created, summary.with_reply) == (22, 13, 3)
    assert [refused["row"] for refused in summary.rejected] == [3, 4, 5, 6, 12, 13, 14, 15, 21]
    assert "2099" in summary.rejected[0]["reason"]
    replied = Case.objects.filter(replied_at__isnull=False).order_by("submitted_at")
    times = [(c.submitted_at.astimezone(SHANGHAI).hour, c.replied_at.astimezone(SHANGHAI).hour) for c in replied]
    assert times == [(10, 9), (0, 23), (10, 23)]


def test_a_reply_dated_today_does_not_lie_in_the_future(house, tmp_path):
    today = timezone.today()
    legacy_import.import_register(
        register(tmp_path, row(1, 留言时间=str(today), 答复意见="已办。", 答复时间=str(today)))
    )
    assert Case.objects.get().replied_at <= timezone.now()


@pytest.mark.stress
def test_memory_does_not_grow_with_the_file(house, tmp_path):
    def peak_after(count):
        path = tmp_path / f"{count}.xlsx"
        write_rows(path, HEADERS, (row(n, 留言详情=f"{n}栋" + "没有热水" * 100) for n in range(count)))
        legacy_import.import_register(path)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    small = peak_after(1_000)
    assert peak_after(4_000) - small < 20  # MiB; a case takes about 6 KiB while it is at hand
    assert Case.objects.count() == 4_000


@pytest.mark.skipif(not REAL.exists(), reason="the real register is not here")
def test_the_real_register(house):
    summary = legacy_import.import_register(REAL)
    assert (summary.rows, len(summary.rejected), summary.with_reply) == (4326, 0, 0)
    assert summary.created + summary.skipped_duplicates == 4326
    assert legacy_import.import_register(REAL).created == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_case WHERE body ~ '_x000D_|&nbsp;' OR title ~ '\\s$'")
        assert cursor.fetchone() == (0,)
