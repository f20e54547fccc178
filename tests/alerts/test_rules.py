"""Rules are read by those who act, changed by the administrator and by their owner, and each change is on record."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.models import Alert, AlertRule
from lianxin.alerts.policies import LIMITS
from lianxin.alerts.queries.rules import RuleCounts, rule_for, rules_for
from lianxin.alerts.services import handling
from lianxin.alerts.services.rules import RuleNumbers, change_rule
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.ledger.queries import events_of
from lianxin.org.queries import describe, trail_for
from tests.alerts.stories import CRISIS, colleagues, looked, one_matter, raised, read
from tests.cases.stories import day
from tests.factories.org import PersonFactory

PEOPLE = {"kind": "people", "enabled": True, "owner_id": None}


def set_people(actor, *, fewest=6, days=10, expected=1, **more):
    given = {**PEOPLE, **more}
    return change_rule(actor=actor, numbers=RuleNumbers(fewest=fewest, days=days), expected=expected, **given)


def test_the_defaults_keep_their_own_bounds(house):
    rules = {line.kind: line for line in rules_for(viewer=house.system_admin)}
    assert list(rules) == list(RuleKind)
    for kind, limits in LIMITS.items():
        rule = rules[kind].rule
        assert rule.enabled
        assert all(getattr(rule, name) in limit for name, limit in limits.items())
        assert all(
            getattr(rule, name) is None for name in ("fewest", "days", "before_days", "alpha") if name not in limits
        )
        assert "%(" not in rules[kind].explained


def test_who_reads_and_who_changes(house):
    for reader in (house.dispatcher, house.supervisor, house.unit_leader, house.outsider):
        lines = rules_for(viewer=reader)
        assert len(lines) == len(RuleKind)
        assert not any(line.may_change or line.counts for line in lines)
        with pytest.raises(PermissionDenied):
            set_people(reader)
    for stranger in (house.li_na, house.handler, house.security_admin, house.audit_admin):
        assert rules_for(viewer=stranger) == []
        with pytest.raises(NotFound):
            set_people(stranger)
        with pytest.raises(NotFound):
            rule_for(viewer=stranger, kind="people")
    assert set_people(house.system_admin).fewest == 6


def test_an_administrator_of_a_part_sets_nothing_for_all(house):
    from lianxin.org.enums import Role  # noqa: PLC0415

    of_a_part = PersonFactory(unit=house.company, roles={Role.SYSTEM_ADMIN: house.company})
    with pytest.raises(NotFound):
        set_people(of_a_part)


def test_a_change_is_on_the_record_from_and_to(house):
    with timezone.frozen(day(1)):
        set_people(house.system_admin, owner_id=house.li_na.pk)
    (event,) = events_of("hotissues.rule", "people")
    assert (event.actor, event.at, event.version) == (house.system_admin, day(1), 2)
    assert event.data == {"owner": [None, house.li_na.pk], "fewest": [5, 6], "days": [7, 10]}
    page = rule_for(viewer=house.li_na, kind="people")
    (change,) = page.history
    assert change.who == "系统员"
    assert [(before, after) for _what, before, after in change.changes] == [("–", "李娜"), ("5", "6"), ("7", "10")]
    set_people(house.system_admin, owner_id=house.li_na.pk, expected=2)
    assert events_of("hotissues.rule", "people").count() == 1, "nothing changed"
    (line,) = describe(trail_for(viewer=house.audit_admin, subject_type="hotissues.rule"))
    assert (line.who, line.acting_role, line.action) == ("系统员", "系统管理员", "修改")
    assert line.subject == RuleKind.PEOPLE.label


def test_the_owner_sets_the_numbers_of_their_own_rule_alone(house):
    set_people(house.system_admin, owner_id=house.li_na.pk)
    assert [line.kind for line in rules_for(viewer=house.li_na)] == ["people"]
    assert set_people(house.li_na, fewest=4, owner_id=house.li_na.pk, expected=2).fewest == 4
    with pytest.raises(PermissionDenied):
        set_people(house.li_na, owner_id=house.wang_fang.pk, expected=3)
    with pytest.raises(NotFound):
        change_rule(
            actor=house.li_na,
            kind="returned",
            enabled=False,
            numbers=RuleNumbers(days=3),
            owner_id=None,
            expected=1,
        )


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        (RuleNumbers(fewest=2, days=7), {"fewest"}),
        (RuleNumbers(fewest=None, days=0), {"fewest", "days"}),
        (RuleNumbers(fewest=5, days=7, alpha=Decimal("0.01")), {"alpha"}),
    ],
)
def test_numbers_out_of_bounds(house, numbers, wrong):
    with pytest.raises(ValidationFailed) as refused:
        change_rule(actor=house.system_admin, numbers=numbers, expected=1, **PEOPLE)
    assert set(refused.value.fields) == wrong


def test_what_else_is_refused(house):
    with pytest.raises(VersionConflict):
        set_people(house.system_admin, expected=7)
    with pytest.raises(ValidationFailed):
        set_people(house.system_admin, owner_id=0x7FFFFFFF)
    with pytest.raises(NotFound):
        set_people(house.system_admin, kind="gossip")
    for kind, number in (("people", {"fewest": 2}), ("growth", {"alpha": None}), ("danger", {"days": 0})):
        with pytest.raises(IntegrityError), transaction.atomic():
            AlertRule.objects.filter(kind=kind).update(**number)


def test_false_alarms_are_counted_for_the_owner_and_shown_as_far_as_they_see_them(house):
    for person in (house.li_na, house.wang_fang, house.co_handler):
        raised(person, body=CRISIS)
    read()
    first, second, _third = Alert.objects.order_by("pk")
    handling.dismiss(actor=house.dispatcher, alert_id=first.pk, text="歌词", false_alarm=True)
    handling.act(actor=house.dispatcher, alert_id=second.pk, text="已联系")
    AlertRule.objects.filter(kind="danger").update(owner=house.dispatcher)
    page = rule_for(viewer=house.dispatcher, kind="danger")
    counts = page.line.counts
    assert counts == RuleCounts(raised=3, waiting=1, acted=1, dismissed=1, false_alarms=1)
    assert (counts.settled, counts.share) == (2, 0.5)
    assert {each.note for each in page.outcomes} == {"歌词", "已联系"}
    numbers = rule_for(viewer=house.system_admin, kind="danger")
    assert (numbers.line.counts, numbers.outcomes) == (counts, []), "an administrator reads numbers alone"
    assert rule_for(viewer=house.supervisor, kind="danger").line.counts is None


def test_what_does_not_exist_for_the_owner_is_not_counted_for_them(house):
    AlertRule.objects.filter(kind="people").update(owner=house.dispatcher)
    cases = [raised(person) for person in colleagues(house, 4)]
    cases.append(raised(house.dispatcher, place=house.workshop, identity="named"))
    one_matter(cases)
    looked()
    counts = {line.kind: line.counts for line in rules_for(viewer=house.dispatcher)}
    assert counts["people"].raised == 0
