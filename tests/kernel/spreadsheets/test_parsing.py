# ruff: noqa: DTZ001 - Excel's moments have no zone
"""The cells of grown registers, made plain."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from lianxin.kernel.spreadsheets import UnclearNumber, clean_text, parse_moment
from lianxin.kernel.spreadsheets.parsing import formatted_number

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (None, ""),
        (360001, "360001"),
        ("\u3000\u3000宿舍没有热水。\xa0 ", "宿舍没有热水。"),
        ("第一行_x000D_\n第二行_x000D_", "第一行\n第二行"),
        ("_x005F_x000D_", "_x000D_"),
        ("A&amp;B &lt;通知&gt; &#39;好&#39;&nbsp;&quot;", "A&B <通知> '好' \""),
        ("http://x.cn/?a=1&copy=2&lt", "http://x.cn/?a=1&copy=2&lt"),
        ("一<br>二<br/>三</p><P class='x'>四", "一\n二\n三\n\n四"),
        ("<div><span style='a'>热水</span></div>", "热水"),
        ("关于‹职工食堂>和<职工宿舍>的<a>", "关于‹职工食堂>和<职工宿舍>的"),
        ("<b>1</b> < 2 且 3 > 2", "1 < 2 且 3 > 2"),
        ("<script>alert(1)</script>好<!-- 注 -->", "好"),
        ("&lt;br&gt;一&amp;nbsp;二", "一 二"),
        ("零\u200b宽\ufeff", "零宽"),
        ("一\n\n\n\n\n二\t三", "一\n\n二\t三"),
        ("ＡＢＣ１２３，（全角）", "ＡＢＣ１２３，（全角）"),
        ("）", "）"),
    ],
)
def test_a_text_is_cleaned_and_says_what_it_said(found, meant):
    assert clean_text(found) == meant


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (datetime(2020, 1, 5, 13, 45, 2), "2020-01-05T13:45:02"),
        (datetime(2020, 1, 5, 5, 45, 2, tzinfo=UTC), "2020-01-05T13:45:02"),
        (date(2020, 1, 5), "2020-01-05T00:00"),
        (43835.5729398148, "2020-01-05T13:45:02"),
        (43835, "2020-01-05T00:00"),
        ("43835.5", "2020-01-05T12:00"),
        (20200105, "2020-01-05T00:00"),
        ("20200105", "2020-01-05T00:00"),
        ("2020/1/5 13:45:02", "2020-01-05T13:45:02"),
        ("\n\t 2020/1/5  13:45 \u3000", "2020-01-05T13:45"),
        ("2020-01-05", "2020-01-05T00:00"),
        ("2020.1.5", "2020-01-05T00:00"),
        ("2020年1月5日", "2020-01-05T00:00"),
        ("2020年1月5日 13时45分", "2020-01-05T13:45"),
        ("2020 年 1 月 5 日 13 时 45 分 2 秒", "2020-01-05T13:45:02"),
        ("2020年1月5日星期日 下午1:45", "2020-01-05T13:45"),
        ("2020-1-5 12:05 AM", "2020-01-05T00:05"),
        ("２０２０／１／５　１３：４５", "2020-01-05T13:45"),
        ("2020-01-05T13:45:02.123", "2020-01-05T13:45:02"),
        ("2020-01-05T05:45:02Z", "2020-01-05T13:45:02"),
        ("2020-01-05T13:45:02+0800", "2020-01-05T13:45:02"),
        ("2020-01-05 9时", "2020-01-05T09:00"),
        ("2024-05-01 凌晨2点", "2024-05-01T02:00"),
        ("2024-05-01 中午12点", "2024-05-01T12:00"),
        ("2024年5月1日 中午1点半"[:-1], "2024-05-01T13:00"),
        ("2024/5/1 下午 13:30", "2024-05-01T13:30"),
        ("2024-05-01 24:00", "2024-05-02T00:00"),
    ],
)
def test_a_moment_is_understood_in_every_spelling(found, meant):
    assert parse_moment(found) == datetime.fromisoformat(meant).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "found",
    [
        None,
        "",
        " ",
        "昨天",
        "2020-13-01",
        "2020-02-30",
        "2020-1-5 25:00",
        "5/1/2020",
        0,
        -3,
        99999999,
        True,
        "1850-1-1",
        "0024-05-01",
        "24-05-01",
        "5月1日",
        "2024-05-01 24:01",
        "2024-05-01 10:00:60",
        "05/01/2024 10:00",
        1714528800,
        "1714528800000",
        60,
    ],
)
def test_what_is_no_moment_is_refused_with_a_reason(found):
    with pytest.raises(ValueError) as refused:
        parse_moment(found)
    assert str(refused.value)


def test_zones_are_honoured():
    tokyo = timezone(timedelta(hours=9))
    assert parse_moment("2020-1-5", "Asia/Tokyo") == datetime(2020, 1, 5, tzinfo=tokyo)


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("2024-05-01", "2024-05-01T23:59:59"),
        (date(2024, 5, 1), "2024-05-01T23:59:59"),
        (datetime(2024, 5, 1), "2024-05-01T23:59:59"),
        ("2024-05-01 00:00", "2024-05-01T00:00"),
        ("2024-05-01 9:00", "2024-05-01T09:00"),
    ],
)
def test_a_day_without_a_time_reaches_to_its_end_where_asked(found, meant):
    assert parse_moment(found, end_of_day=True) == datetime.fromisoformat(meant).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (1023, '"GD"000000', "GD001023"),
        (11024, "00-0000", "01-1024"),
        (1025, "000000;[Red]-000000", "001025"),
        (1026, "000000_ ", "001026"),
        (1027, "[$-804]000000", "001027"),
        (1028, '0"号"', "1028号"),
        (45.0, "00000", "00045"),
        (1234567, "000", "1234567"),
        (7, "\\A\\-00", "A-07"),
        (20240501, '0000"年"00"月"00"日"', "2024年05月01日"),
    ],
)
def test_a_number_is_what_its_format_shows(value, number_format, shown):
    assert formatted_number(value, number_format) == shown


@pytest.mark.parametrize("number_format", ["General", "0", "@", "0.00", "#,##0", "0%", '"¥"#,##0.00', "0_ ", "# ##0"])
def test_quantities_stay_numbers(number_format):
    assert formatted_number(1023.0, number_format) == 1023
    assert type(formatted_number(1023.0, number_format)) is int


@pytest.mark.parametrize("number_format", ["0.00E+00", "# ?/?", "[DBNum1]0", "[>100]00000;0", '"a"@'])
def test_what_a_format_shows_may_be_unclear(number_format):
    assert isinstance(formatted_number(1023, number_format), UnclearNumber)
