"""Random people take random steps with a few cases; whatever they try, these things stay true."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lianxin.cases import policies
from lianxin.cases.enums import CaseState, Identity
from lianxin.cases.models import Case, Deadline, Rating
from lianxin.cases.queries import open_receipt
from lianxin.cases.services import deadlines, handling, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow.sla import STAFF_DEADLINES
from lianxin.kernel import timezone
from lianxin.kernel.errors import LianxinError
from lianxin.ledger.models import Event
from lianxin.notifications.models import Notice
from lianxin.org.models import Person
from tests.cases.stories import TUESDAY, fresh
from tests.factories.cases import category, found_enterprise, submit

CASES = st.integers(0, 5)
PEOPLE = st.sampled_from(
    ["li_na", "wang_fang", "dispatcher", "head_dispatcher", "handler", "co_handler", "unit_leader", "supervisor",
     "head_supervisor", "inspector", "head_inspector", "outsider"]
)  # fmt: skip
UNITS = st.sampled_from(["logistics", "workshop", "company"])

ACTS = {
    "accept": lambda a, c, **_m: triage.accept_case(actor=a, case_id=c.pk, kind=c.kind, category=category()),
    "decline": lambda a, c, **_m: triage.decline_case(actor=a, case_id=c.pk, reason="not_ours", text="否"),
    "appeal": lambda a, c, **_m: perform("appeal", actor=a, case_id=c.pk, text="再看"),
    "dispatch": lambda a, c, unit, **_m: triage.dispatch_case(actor=a, case_id=c.pk, lead_unit=unit),
    "transfer": lambda a, c, unit, **_m: triage.transfer_case(actor=a, case_id=c.pk, lead_unit=unit),
    "recall": lambda a, c, **_m: perform("recall", actor=a, case_id=c.pk),
    "take_up": lambda a, c, **_m: perform("take_up", actor=a, case_id=c.pk),
    "seal": lambda a, c, **_m: triage.seal_case(actor=a, case_id=c.pk, text="作风"),
    "name": lambda a, c, other, **_m: triage.name_people(actor=a, case_id=c.pk, people=[other]),
    "merge": lambda a, c, primary, **_m: triage.merge_case(actor=a, case_id=c.pk, primary_id=primary.pk),
    "unmerge": lambda a, c, **_m: perform("unmerge", actor=a, case_id=c.pk),
    "unseal": lambda a, c, **_m: triage.unseal_requester(actor=a, case_id=c.pk, reason="核实"),
    "supervise": lambda a, c, **_m: perform("supervise", actor=a, case_id=c.pk),
    "sign": lambda a, c, **_m: perform("sign", actor=a, case_id=c.pk),
    "send_back": lambda a, c, **_m: perform("send_back", actor=a, case_id=c.pk, text="退"),
    "contact": lambda a, c, **_m: perform("contact", actor=a, case_id=c.pk, text="您好"),
    "ask": lambda a, c, **_m: perform("ask", actor=a, case_id=c.pk, text="哪里"),
    "part": lambda a, c, **_m: perform("co_part", actor=a, case_id=c.pk, text="部分"),
    "reply": lambda a, c, **_m: handling.reply_to_requester(actor=a, case_id=c.pk, text="好了"),
    "extension": lambda a, c, **_m: perform("request_extension", actor=a, case_id=c.pk, days=3, text="等"),
    "approve": lambda a, c, **_m: perform("approve_extension", actor=a, case_id=c.pk),
    "answer": lambda a, c, **_m: requester.answer_question(actor=a, case_id=c.pk, text="这里"),
    "add": lambda a, c, **_m: requester.add_to_case(actor=a, case_id=c.pk, text="补充"),
    "happy": lambda a, c, **_m: requester.rate_case(actor=a, case_id=c.pk, resolved="yes", satisfaction=4),
    "unhappy": lambda a, c, **_m: requester.rate_case(actor=a, case_id=c.pk, resolved="no", satisfaction=1),
    "withdraw": lambda a, c, **_m: requester.withdraw_case(actor=a, case_id=c.pk, asked=True),
}


class CaseMachine(RuleBasedStateMachine):
    """Six cases: by name, confidentially, anonymously, sealed, about somebody, raised by somebody at a desk."""

    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.now = TUESDAY
        self.taken = 0

    @initialize()
    def raise_cases(self):
        self.house = found_enterprise()
        with timezone.frozen(self.now):
            anonymous = submit(None, place=self.house.workshop)
            self.receipt = open_receipt(anonymous.receipt)
            self.cases = [
                submit(self.house.li_na).case,
                submit(self.house.wang_fang, identity=Identity.CONFIDENTIAL).case,
                anonymous.case,
                submit(self.house.li_na, kind="conduct", about="吴刚").case,
                submit(self.house.wang_fang, about="孙强、后勤服务中心").case,
                submit(self.house.handler, identity=Identity.CONFIDENTIAL, place=self.house.workshop).case,
            ]

    def person(self, name):
        return Person.objects.get(pk=getattr(self.house, name).pk)

    @rule(name=PEOPLE, which=CASES, act=st.sampled_from(sorted(ACTS)), unit=UNITS, other=PEOPLE, primary=CASES)
    def somebody_tries_something(self, name, which, act, unit, other, primary):
        self.attempt(self.person(name), which, act, unit, other, primary)

    @rule(which=CASES, data=st.data(), unit=UNITS, other=PEOPLE, primary=CASES)
    def somebody_does_what_they_may(self, which, data, unit, other, primary):
        case = fresh(self.cases[which])
        able = [name for name in vars(self.house) if isinstance(getattr(self.house, name), Person)]
        able = [name for name in able if policies.relations_of(self.person(name), case)]
        act = data.draw(st.sampled_from(sorted(ACTS)))
        if able:
            self.attempt(self.person(data.draw(st.sampled_from(able))), which, act, unit, other, primary)

    @rule(act=st.sampled_from(["answer", "add", "happy", "unhappy", "withdraw", "appeal", "reply"]))
    def whoever_has_the_receipt_tries_something(self, act):
        self.attempt(self.receipt, 2, act, "company", "handler", 0)

    @rule(hours=st.sampled_from([1, 9, 24, 72, 240]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        with timezone.frozen(self.now):
            deadlines.scan()
            assert deadlines.scan() == 0

    def attempt(self, actor, which, act, unit, other, primary):
        case = Case.objects.get(pk=self.cases[which].pk)
        more = {
            "unit": getattr(self.house, unit), "other": self.person(other), "primary": self.cases[primary],
        }  # fmt: skip
        before = dict(Case.objects.filter(pk=case.pk).values().get())
        try:
            with timezone.frozen(self.now), transaction.atomic():
                ACTS[act](actor, case, **more)
            self.taken += 1
        except LianxinError:
            assert Case.objects.filter(pk=case.pk).values().get() == before

    @precondition(lambda self: hasattr(self, "cases"))
    @invariant()
    def what_is_always_true(self):
        for case in Case.objects.all():
            events = Event.objects.filter(subject_id=str(case.pk)).exclude(action="overdue").order_by("version")
            assert list(events.values_list("version", flat=True)) == list(range(1, case.version + 1))
            assert events.last().to_state == case.state
            running = Deadline.objects.filter(case=case, completed_at=None, cancelled_at=None)
            staff = [row.due_at for row in running if row.kind in STAFF_DEADLINES]
            waits = case.state in (CaseState.WAITING, CaseState.MERGED)
            assert case.due_at == (None if waits or not staff else min(staff))
            assert {row.paused_at is not None for row in running if row.kind in STAFF_DEADLINES} <= {
                case.state == CaseState.WAITING
            }
            if case.state in (CaseState.CLOSED, CaseState.WITHDRAWN, CaseState.DECLINED):
                assert not running.exists()
            if case.state == CaseState.REPLIED:
                assert [row.kind for row in running] == ["rating"]
            if case.state == CaseState.MERGED:
                assert case.primary.state != CaseState.MERGED
            assert not (case.lead_unit_id and case.state in (CaseState.SUBMITTED, CaseState.ACCEPTED))
        assert (
            not Deadline.objects.filter(completed_at=None, cancelled_at=None)
            .values("case", "kind")
            .annotate(n=Count("id"))
            .filter(n__gt=1)
        )
        assert not Rating.objects.values("case", "round").annotate(n=Count("id")).filter(n__gt=1)

    @precondition(lambda self: hasattr(self, "cases"))
    @invariant()
    def no_notice_stands_with_somebody_who_must_not_have_it(self):
        cases = {str(case.pk): fresh(case) for case in self.cases}
        for notice in Notice.objects.filter(recipient__isnull=False).select_related("recipient"):
            assert policies.keeps_notices(notice.recipient, cases[notice.subject_id]), (notice.kind, notice.recipient)
            if notice.kind.startswith("yours_"):
                assert policies.is_requester(notice.recipient, cases[notice.subject_id])

    @precondition(lambda self: hasattr(self, "cases"))
    @invariant()
    def no_confidential_or_anonymous_requester_is_written_down(self):
        for case in (self.cases[1], self.cases[2], self.cases[5]):
            assert not Event.objects.filter(subject_id=str(case.pk), role="requester", actor__isnull=False).exists()
            assert not case.messages.filter(role="requester", author__isnull=False).exists()
            assert not case.access_log.exists()

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize("examples", [3, pytest.param(15, marks=pytest.mark.stress)])
def test_whatever_people_try(examples):
    run_state_machine_as_test(
        CaseMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
