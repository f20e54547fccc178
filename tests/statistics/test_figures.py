"""Figures tell what happened, to whom they may, and never a sealed case."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from lianxin.cases.services import handling, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.figures import wilson_interval
from lianxin.kernel.periods import Period, named_period
from lianxin.org.models import Unit
from lianxin.org.services import move_unit
from lianxin.statistics.aggregation import Narrowing, Scope
from lianxin.statistics.conduct import conduct_total
from lianxin.statistics.definitions import RATES
from lianxin.statistics.drilldown import cases_behind
from lianxin.statistics.export import report_as_dict
from lianxin.statistics.models import CaseFact
from lianxin.statistics.public import public_statistics
from lianxin.statistics.report import report_for
from tests.cases.stories import bring_to, day, merged, reopened
from tests.factories.cases import dispatched, found_enterprise, in_progress, rated, replied, submit
from tests.factories.org import PersonFactory

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def house(db):
    with timezone.frozen(day(0)):
        yield found_enterprise()


def sheet(unit, period=NOVEMBER, viewer=None, **narrowing):
    return report_for(Scope(unit, period, Narrowing(**narrowing), viewer))


def rate(found, code):
    value = RATES[code].of(found.counts)
    return value.numerator, value.denominator


def test_a_case_rated_solved_counts_in_every_rate_of_its_unit(house):
    rated(house, submit(house.li_na).case, resolved="yes", satisfaction=3)
    found = sheet(house.logistics, YEAR)
    assert {code: rate(found, code) for code in RATES} == {
        **dict.fromkeys(RATES, (1, 1)),
        "reopen": (0, 1),
    }
    assert rate(sheet(house.workshop, YEAR), "satisfaction") == (0, 0)


def test_round_one_and_the_final_rating_are_both_told(house):
    case = submit(house.li_na).case
    reopened(house, case, house.li_na)
    triage.dispatch_case(actor=house.supervisor, case_id=case.pk, lead_unit=house.logistics)
    perform("sign", actor=house.handler, case_id=case.pk)
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="已换新锅炉。")
    requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=4)
    found = sheet(house.company)
    codes = ("satisfaction", "resolution", "reopen", "first_pass", "final_resolution", "final_satisfaction")
    assert [rate(found, code) for code in codes] == [(0, 1), (0, 1), (1, 1), (0, 1), (1, 1), (1, 1)]


@pytest.mark.parametrize("end", ["merged", "withdrawn", "declined"])
def test_what_ended_otherwise_stands_beside_the_rates_and_in_no_denominator(house, end):
    bring_to(house, end)
    found = sheet(house.company)
    assert (found.counts[end], found.counts["raised"]) == (1, 2 if end == "merged" else 1)
    assert [rate(found, code)[1] for code in RATES] == [0] * len(RATES)


def test_a_deadline_counts_once_it_is_over_or_met_and_not_while_it_stands_still(house):
    running, paused = submit(house.li_na).case, submit(house.wang_fang).case
    in_progress(house, running)
    bring = in_progress(house, paused)
    perform("ask", actor=house.handler, case_id=bring.pk, text="哪一间？")
    assert rate(sheet(house.company), "response") == (0, 0)
    with timezone.frozen(day(3)):
        assert rate(sheet(house.company), "response") == (0, 1)
        perform("contact", actor=house.handler, case_id=running.pk, text="我们来晚了。")
        assert rate(sheet(house.company), "response") == (0, 1)


def test_figures_stay_where_a_unit_stood_when_it_moves(house):
    rated(house, submit(house.li_na).case)
    west = Unit.objects.get(code="WEST")
    move_unit(actor=house.system_admin, unit_id=house.logistics.pk, parent_id=west.pk)
    assert rate(sheet(house.company), "satisfaction") == (1, 1)
    assert rate(sheet(west), "satisfaction") == (0, 0)
    assert rate(sheet(Unit.objects.get(code="LOGISTICS")), "satisfaction") == (1, 1)


def test_a_sealed_case_is_in_no_figure_whichever_way_one_looks(house):
    submit(house.li_na)
    before = report_as_dict(sheet(house.root))
    for _n in range(6):
        submit(house.wang_fang, kind="conduct", about="吴刚")
    assert report_as_dict(sheet(house.root)) == before
    assert not CaseFact.objects.filter(case__sealed=True).exists()
    assert conduct_total(2026) is None  # the year is not over
    with timezone.frozen(day(60)):
        assert (conduct_total(2026), conduct_total(2025)) == (6, None)


def test_four_conduct_cases_are_not_told(house):
    for _n in range(4):
        submit(house.li_na, kind="conduct")
    with timezone.frozen(day(60)):
        assert conduct_total(2026) is None


def test_a_case_sealed_later_leaves_every_figure(house):
    case = submit(house.li_na).case
    dispatched(house, case)
    triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="是作风问题")
    assert sheet(house.root).counts["raised"] == 0
    assert not CaseFact.objects.exists()


def test_a_case_about_somebody_does_not_exist_in_what_they_are_shown(house):
    rated(house, submit(house.li_na).case)
    named = submit(house.wang_fang, about="吴刚").case
    rated(house, named)
    assert rate(sheet(house.logistics, viewer=house.unit_leader), "satisfaction") == (1, 1)
    assert rate(sheet(house.logistics, viewer=house.supervisor), "satisfaction") == (2, 2)
    scope = Scope(house.logistics, NOVEMBER, viewer=house.unit_leader)
    assert named not in cases_behind(viewer=house.unit_leader, scope=scope, measure="rated")


def test_a_number_opens_to_the_cases_that_made_it(house):
    happy = rated(house, submit(house.li_na).case)
    unhappy = rated(house, submit(house.wang_fang).case, resolved="no", satisfaction=1)
    scope = Scope(house.company, NOVEMBER, viewer=house.dispatcher)
    found = cases_behind(viewer=house.dispatcher, scope=scope, measure="rated")
    assert set(found) == {happy, unhappy}
    lacking = cases_behind(viewer=house.dispatcher, scope=scope, measure="rated", lacking="satisfied")
    assert list(lacking) == [unhappy]
    appraiser = PersonFactory(roles={"appraiser": house.company})
    assert not cases_behind(viewer=appraiser, scope=scope, measure="rated").exists()


def test_a_running_period_is_compared_with_the_same_days_of_the_one_before():
    with timezone.frozen(datetime(2026, 3, 30, 12, tzinfo=UTC)):
        assert named_period("month") == Period(date(2026, 3, 1), date(2026, 3, 30), 1)
        assert named_period("month").before == Period(date(2026, 2, 1), date(2026, 2, 28))
        assert named_period("quarter").before == Period(date(2025, 10, 1), date(2025, 12, 30))
        assert named_period("year").before == Period(date(2025, 1, 1), date(2025, 3, 30))
        assert named_period("year").is_running
        assert not named_period("last_month").is_running
    with timezone.frozen(datetime(2026, 11, 30, 4, tzinfo=UTC)):
        assert named_period("month").before == Period(date(2026, 10, 1), date(2026, 10, 31))
        assert not named_period("month").is_running
        assert named_period("quarter").before == Period(date(2026, 7, 1), date(2026, 8, 31))


def test_what_lies_between_a_running_period_and_the_one_before_is_in_neither(house):
    for month, at in ((10, 2), (10, 20), (11, 4)):
        with timezone.frozen(datetime(2026, month, at, 2, tzinfo=UTC)):
            submit(house.li_na)
    with timezone.frozen(datetime(2026, 11, 5, 2, tzinfo=UTC)):
        found = sheet(house.root, named_period("month"))
    assert (found.counts["raised"], found.before["raised"]) == (1, 1)


@pytest.mark.parametrize(
    ("seen", "of", "low", "high"),
    [(5, 5, 0.565518, 1.0), (9, 10, 0.595850, 0.982124), (95, 100, 0.888250, 0.978456), (245, 247, 0.970963, 0.997777)],
)
def test_the_range_of_a_rate_is_wilsons(seen, of, low, high):
    assert wilson_interval(seen, of) == pytest.approx((low, high), abs=1e-6)


def test_what_all_may_see_says_nothing_below_five(house):
    with timezone.frozen(day(30)):
        assert public_statistics().raised is None
    for person in [house.li_na, house.wang_fang] * 2:
        rated(house, submit(person).case)
    with timezone.frozen(day(30)):
        cache.clear()
        assert (public_statistics().raised, public_statistics().rates) == (None, [])
    rated(house, submit(house.li_na).case)
    with timezone.frozen(day(30)):
        cache.clear()
        told = public_statistics()
        assert told.raised == 5
        assert [(r.rate.code, r.numerator, r.denominator) for r in told.rates if r.rate.code == "satisfaction"] == [
            ("satisfaction", 5, 5)
        ]


def test_a_change_that_is_undone_leaves_no_trace_in_the_figures(house):
    with transaction.atomic():
        submit(house.li_na)
        transaction.set_rollback(True)
    assert not CaseFact.objects.exists()
    assert sheet(house.root).counts["raised"] == 0


def test_the_number_of_queries_does_not_grow(house):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            report_as_dict(sheet(house.company, YEAR, viewer=house.dispatcher))
        return len(queries)

    rated(house, submit(house.li_na).case)
    asked()  # the calendar is read once
    few = asked()
    for person in [house.li_na, house.wang_fang] * 3:
        replied(house, submit(person).case)
    assert asked() == few <= 6


def test_the_check_finds_what_is_wrong_and_the_rebuild_mends_it(house, capsys):
    case = submit(house.li_na).case
    rated(house, case)
    merged(house, submit(house.li_na).case)
    call_command("check_figures")
    CaseFact.objects.filter(case=case, rated=True).update(satisfied=False)
    with pytest.raises(CommandError):
        call_command("check_figures")
    assert case.number in capsys.readouterr().out
    call_command("rebuild_figures")
    call_command("check_figures")


def test_a_rating_is_counted_in_the_transaction_that_writes_it(house):
    case = replied(house, submit(house.li_na).case)
    with transaction.atomic():
        requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)
        assert rate(sheet(house.logistics), "satisfaction") == (1, 1)
        transaction.set_rollback(True)
    assert rate(sheet(house.logistics), "satisfaction") == (0, 0)


def test_the_command_tells_the_same_as_the_page(house, capsys):
    rated(house, submit(house.li_na).case)
    call_command("figures", "--unit", "EAST", "--from", "2026-11-01", "--to", "2026-11-30", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(json.dumps(report_as_dict(sheet(house.company))))
    assert told["figures"]["satisfaction"] == {"numerator": 1, "denominator": 1, "rate": None}
    assert (told["schema_version"], told["units"][0]["unit"]) == (2, "LOGISTICS")
    assert told["units"][0]["figures"]["satisfaction"] == {"numerator": None, "denominator": None, "rate": None}
    assert told["small_units"]["satisfaction"] == {"units": 1, "numerator": 1, "denominator": 1, "rate": None}
    with pytest.raises(CommandError):
        call_command("figures", "--unit", "NONE")


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (NOVEMBER, Period(date(2026, 10, 1), date(2026, 10, 31))),
        (YEAR, Period(date(2025, 1, 1), date(2025, 12, 31))),
        (Period(date(2026, 3, 5), date(2026, 3, 11)), Period(date(2026, 2, 26), date(2026, 3, 4))),
    ],
)
def test_the_period_before_is_as_long_in_months_or_else_in_days(period, before):
    assert period.before == before
    assert period.before.until + timedelta(days=1) == period.since
