from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from lianxin.kernel.periods import Period
from lianxin.ui import formatting

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
"""Sunday, 18:00 in Shanghai."""


@pytest.mark.parametrize(
    ("language", "moment", "said"),
    [
        ("zh-hans", datetime(2026, 11, 26, 9, 30, tzinfo=UTC), "11月26日 周四 17:30"),
        ("en", datetime(2026, 11, 26, 9, 30, tzinfo=UTC), "Thu 26 Nov 17:30"),
        ("zh-hans", datetime(2026, 12, 31, 16, 5, tzinfo=UTC), "2027年1月1日 00:05"),
        ("en", datetime(2025, 5, 1, 0, 0, tzinfo=UTC), "1 May 2025 08:00"),
    ],
)
def test_a_moment_is_said_where_the_enterprise_is(language, moment, said):
    with translation.override(language):
        assert formatting.when(moment, now=NOW) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", ("11月26日 周四", "2026年11月26日", "2026年11月", "11月26日")),
        ("en", ("Thu 26 Nov", "26 Nov 2026", "Nov 2026", "26 Nov")),
    ],
)
def test_a_day_has_one_form(language, said):
    day = date(2026, 11, 26)
    forms = (formatting.full_date, formatting.month_of, formatting.short_day)
    with translation.override(language):
        assert (formatting.day_of(day, now=NOW), *(form(day) for form in forms)) == said


@pytest.mark.parametrize(
    ("since", "until", "chinese", "english"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "2026年11月1日 – 11月30日", "1 Nov – 30 Nov 2026"),
        (date(2025, 12, 1), date(2026, 1, 31), "2025年12月1日 – 2026年1月31日", "1 Dec 2025 – 31 Jan 2026"),
    ],
)
def test_a_period_names_its_year_once(since, until, chinese, english):
    with translation.override("zh-hans"):
        assert formatting.period(Period(since, until)) == chinese
    with translation.override("en"):
        assert formatting.period(Period(since, until)) == english


@pytest.mark.parametrize(
    ("left", "chinese", "english"),
    [
        (timedelta(days=1, hours=3, minutes=59), "还剩 1 天 3 小时", "1 day 3 hours left"),
        (timedelta(days=2, minutes=5), "还剩 2 天", "2 days left"),
        (timedelta(hours=1, minutes=20), "还剩 1 小时 20 分钟", "1 hour 20 minutes left"),
        (timedelta(seconds=59), "还剩 不到 1 分钟", "less than a minute left"),
        (timedelta(0), "还剩 不到 1 分钟", "less than a minute left"),
        (-timedelta(hours=2), "已超时 2 小时", "2 hours overdue"),
        (-timedelta(days=40, hours=1), "已超时 40 天 1 小时", "40 days 1 hour overdue"),
    ],
)
def test_what_is_left_is_said_in_two_units(left, chinese, english):
    with translation.override("zh-hans"):
        assert formatting.remaining(NOW + left, now=NOW) == chinese
    with translation.override("en"):
        assert formatting.remaining(NOW + left, now=NOW) == english


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(hours=3, minutes=40), "3 小时前"),
        (timedelta(days=6, hours=23), "6 天前"),
        (timedelta(days=8), "11月14日 周六"),
    ],
)
def test_how_long_ago(passed, said):
    with translation.override("zh-hans"):
        assert formatting.ago(NOW - passed, now=NOW) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(0, 0, "–"), (3, 4, "3 / 4"), (4, 5, "80.0%"), (1, 3, "1 / 3"), (120, 130, "92.3%")]
)
def test_a_rate_over_fewer_than_five_is_its_two_numbers(part, whole, said):
    assert formatting.ratio(part, whole) == said


def test_large_numbers_are_grouped():
    assert formatting.number(12345) == "12,345"
