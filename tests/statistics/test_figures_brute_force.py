"""Random histories through the real services: page, command and plain Python agree bit for bit at every moment."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lianxin.cases.enums import Identity
from lianxin.cases.models import Case, Category
from lianxin.cases.services import deadlines, handling, legacy_import, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.errors import LianxinError
from lianxin.kernel.periods import Period, shifted, start_of
from lianxin.kernel.spreadsheets import write_rows
from lianxin.org.models import Person, Unit
from lianxin.org.services import move_unit
from lianxin.statistics.aggregation import Narrowing, Scope
from lianxin.statistics.facts import compare_facts, rebuild_facts
from lianxin.statistics.report import rate_values, report_for
from tests.cases.stories import TUESDAY
from tests.factories.cases import found_enterprise, submit
from tests.statistics import brute_force

KINDS = ("help", "complaint", "question", "hazard", "dispute", "suggestion")
RESOLVED = ("yes", "partly", "no")


class History:
    """A few months in which everything happens that may happen."""

    def __init__(self, seed, tmp_path):
        self.luck = random.Random(seed)
        self.house = found_enterprise()
        self.now = TUESDAY
        self.tmp_path = tmp_path
        self.categories = list(Category.objects.filter(depth=2)[:3]) + list(Category.objects.filter(code="safety"))

    def live(self, steps):
        with timezone.frozen(self.now):
            for _n in range(6):
                self.submit()
        for _n in range(steps):
            self.now += timedelta(hours=self.luck.choice([0, 1, 5, 20, 50, 170]))
            with timezone.frozen(self.now):
                self.step()

    def step(self):
        act = self.luck.choices([self.submit, self.act, self.tick, self.move, self.take_over], [3, 22, 3, 1, 1])[0]
        try:
            with transaction.atomic():
                act()
        except LianxinError:
            pass

    def submit(self):
        who = self.luck.choice([self.house.li_na, self.house.wang_fang])
        about = self.luck.choice(["", "", "", "吴刚"])
        conduct = self.luck.random() < 0.1
        submit(who, kind="conduct" if conduct else self.luck.choice(KINDS), about=about, identity=Identity.NAMED)

    def tick(self):
        deadlines.scan()

    def move(self):
        unit = Unit.objects.get(code=self.luck.choice(["LOGISTICS", "WORKSHOP", "EAST"]))
        onto = Unit.objects.get(code=self.luck.choice(["EAST", "WEST", "ROOT"]))
        if not onto.path.startswith(unit.path):
            move_unit(actor=self.house.system_admin, unit_id=unit.pk, parent_id=onto.pk)
            for name, person in self.house.people().items():
                setattr(self.house, name, Person.objects.get(pk=person.pk))

    def take_over(self):
        path = self.tmp_path / f"{self.luck.random()}.xlsx"
        heads = ["留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]
        write_rows(
            path, heads, [[str(self.luck.random()), "旧留言", "2026-11-20 10:00", "旧", "好", "2026-12-02 10:00"]]
        )
        legacy_import.import_register(path, unit=Unit.objects.get(code=self.luck.choice(["EAST", "WORKSHOP"])))

    def act(self):
        case = self.luck.choice(list(Case.objects.exclude(channel="import").order_by("number")))
        house, luck, pk = self.house, self.luck, case.pk
        mine = Person.objects.get(pk=case.requester_id)
        led = Unit.objects.get(code=luck.choice(["LOGISTICS", "WORKSHOP"]))
        handler = house.handler if case.lead_unit_id == house.logistics.pk else house.co_handler
        kind, category = luck.choice(KINDS), luck.choice(self.categories)
        rate = {"resolved": luck.choice(RESOLVED), "satisfaction": luck.randint(1, 5)}
        other = Case.objects.exclude(pk=pk).filter(sealed=case.sealed).order_by("?").first() or case
        d, h, r = triage, handling, requester
        ways = {
            "submitted": [
                *[lambda: d.accept_case(actor=house.dispatcher, case_id=pk, kind=kind, category=category)] * 5,
                lambda: d.decline_case(actor=house.dispatcher, case_id=pk, reason="not_ours", text="否"),
            ],
            "declined": [lambda: perform("appeal", actor=mine, case_id=pk, text="请再看")],
            "accepted": [
                *[lambda: d.dispatch_case(actor=house.dispatcher, case_id=pk, lead_unit=led)] * 5,
                lambda: d.merge_case(actor=house.dispatcher, case_id=pk, primary_id=other.pk),
            ],
            "dispatched": [
                *[lambda: perform("sign", actor=handler, case_id=pk)] * 5,
                lambda: perform("send_back", actor=handler, case_id=pk, text="退回"),
            ],
            "in_progress": [
                *[lambda: h.reply_to_requester(actor=handler, case_id=pk, text="办好了")] * 5,
                *[lambda: perform("contact", actor=handler, case_id=pk, text="您好")] * 3,
                lambda: perform("request_extension", actor=handler, case_id=pk, days=3, text="等配件"),
                lambda: perform("approve_extension", actor=house.supervisor, case_id=pk),
                lambda: d.transfer_case(actor=house.dispatcher, case_id=pk, lead_unit=led),
                lambda: perform("ask", actor=handler, case_id=pk, text="哪里"),
                lambda: d.merge_case(actor=house.dispatcher, case_id=pk, primary_id=other.pk),
                lambda: d.seal_case(actor=house.dispatcher, case_id=pk, text="作风"),
                lambda: d.reclassify_case(
                    actor=house.dispatcher, case_id=pk, kind=kind, category=category, urgency="normal"
                ),
                lambda: r.withdraw_case(actor=mine, case_id=pk, asked=False),
            ],
            "waiting": [lambda: r.answer_question(actor=mine, case_id=pk, text="三楼")],
            "replied": [lambda: r.rate_case(actor=mine, case_id=pk, **rate)],
            "closed": [lambda: r.rate_case(actor=mine, case_id=pk, **rate)],
            "reopened": [lambda: d.dispatch_case(actor=house.supervisor, case_id=pk, lead_unit=led)],
            "merged": [
                lambda: r.rate_case(actor=mine, case_id=pk, **rate),
                lambda: perform("unmerge", actor=house.dispatcher, case_id=pk),
            ],
        }  # fmt: skip
        luck.choice(ways.get(case.state, [lambda: None]))()


def clean(counts):
    return {name: number for name, number in counts.items() if number}


def lines(found):
    return {line.key: clean(line.counts) for line in found}


def agrees(unit, period, narrowing, things):
    sheet = report_for(Scope(unit, period, narrowing))
    asked = {"kind": narrowing.kind, "channel": narrowing.channel}
    if narrowing.category:
        inside = Category.objects.filter(path__startswith=narrowing.category.path)
        asked["categories"] = set(inside.values_list("pk", flat=True))

    def by(key):
        found = brute_force.count(things, unit, period.since, period.until, key=key, **asked)
        return {k: v for k, v in found.items() if v}

    truth = by(lambda *_a: "").get("", {})
    before = period.before
    assert clean(sheet.counts) == truth
    assert clean(sheet.before) == brute_force.count(things, unit, before.since, before.until, **asked).get("", {})
    told = {v.rate.code: (v.numerator, v.denominator, v.value) for v in rate_values(sheet.counts)}
    assert told == brute_force.rates(truth)
    steps = {step: clean(counts) for step, counts in sheet.trend if clean(counts)}
    assert steps == by(lambda _c, _t, day: start_of(sheet.scope.grain, day))
    right_below = by(lambda _c, t, _d: str(t[t.index(unit.pk) + 1]) if t[-1] != unit.pk else "")
    assert {key: found for key, found in lines(sheet.units).items() if found} == right_below
    assert lines(sheet.kinds) == by(lambda c, *_a: c.kind)
    assert lines(sheet.channels) == by(lambda c, *_a: c.channel)
    if not narrowing.category:
        tops = {row.path: row.code for row in Category.objects.filter(depth=1)}
        assert lines(sheet.categories) == by(lambda c, *_a: tops[c.category.path[:4]] if c.category else "")


@pytest.mark.django_db
@pytest.mark.slow
@settings(
    max_examples=2,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(seed=st.integers(0, 10**9))
def test_plain_python_agrees_over_random_histories(seed, tmp_path_factory):
    with transaction.atomic():
        history = History(seed, tmp_path_factory.mktemp("registers"))
        history.live(steps=100)
        luck = history.luck
        with timezone.frozen(history.now):
            things = list(brute_force.things())
            for unit in Unit.objects.all():
                since = TUESDAY.date() + timedelta(days=luck.randint(-40, 60))
                period = luck.choice([
                    Period(since, since + timedelta(days=luck.choice([0, 6, 45, 120]))),
                    Period(since.replace(day=1), shifted(since.replace(day=1), 3) - timedelta(days=1)),
                    Period(since.replace(day=1, month=1), since.replace(month=12, day=31)),
                ])  # fmt: skip
                narrowing = luck.choice([
                    Narrowing(), Narrowing(), Narrowing(kind=luck.choice(KINDS)), Narrowing(channel="web"),
                    Narrowing(category=luck.choice(history.categories)),
                ])  # fmt: skip
                agrees(unit, period, narrowing, things)
            assert compare_facts() == []
            rebuild_facts()
            assert compare_facts() == []
        transaction.set_rollback(True)
