"""Who is told of a warning: those who can act, each once; and what is taken back from whoever no longer sees it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from lianxin.cases.enums import Identity
from lianxin.cases.queries import responsible_people
from lianxin.hotissues.enums import UNSETTLED, RuleKind, WarningNotice
from lianxin.hotissues.models import EarlyWarning, Follow, WarningTold
from lianxin.hotissues.policies import ACTING_ROLES, visible
from lianxin.hotissues.workflow import SUBJECT
from lianxin.notifications.services import notify, take_back
from lianxin.org.queries import Person, holders, nearest_holders


def whom_to_tell(warning: EarlyWarning, *, above: bool = False) -> list[int]:
    """Ids of those who can act on it now; `above`: of those one level up.

    Of a case: whoever has it at their desk, then those right above them. Else the nearest dispatchers, supervisors and
    unit leaders at or above the unit; whoever a row must not reach is passed over, so that it goes one level up.
    """
    if warning.case is not None:
        return responsible_people.above_desk(warning.case) if above else responsible_people.at_desk(warning.case)
    if warning.unit is None:
        return []
    path = warning.unit.path
    everybody = {person for role in ACTING_ROLES for person in holders(role, path)}
    passed_over = responsible_people.kept_from(list(warning.rows.values_list("case", flat=True)), everybody)
    return [
        person
        for role in ACTING_ROLES
        for person in nearest_holders(role, path, excluding=passed_over, above=int(above))
    ]


def followers(warning: EarlyWarning) -> list[int]:
    """Ids of those who follow its issue."""
    return list(Follow.objects.filter(issue=warning.issue_id).values_list("person", flat=True))


def tell(warning: EarlyWarning, kind: WarningNotice, people: Iterable[int], at: datetime) -> list[int]:
    """Put a notice into the inboxes of those of some people who see it and were not told yet; return who they are.

    The notice says what kind of rule it was and, of a case, its number.
    """
    before = set(WarningTold.objects.filter(warning=warning).values_list("person", flat=True))
    asked = Person.objects.filter(pk__in=set(people) - before)
    new = [person.pk for person in asked if EarlyWarning.objects.filter(visible(person), pk=warning.pk).exists()]
    WarningTold.objects.bulk_create(WarningTold(warning=warning, person_id=person) for person in new)
    if warning.rule_id == RuleKind.DANGER and warning.case and warning.case.danger:
        return new  # the case has told them itself, and escalates
    label = warning.case.number if warning.case else ""
    hourly = warning.rows.filter(case__identity=Identity.ANONYMOUS).exists()
    notify(kind=kind, recipients=new, subject_type=SUBJECT, subject_id=warning.pk, label=label, at=at, hourly=hourly)
    return new


def waits(warning: EarlyWarning) -> WarningNotice:
    """What one level more is told."""
    return WarningNotice.DANGER_WAITS if warning.rule_id == RuleKind.DANGER else WarningNotice.WAITS


def forget_told(warning: EarlyWarning, people: Collection[int]) -> None:
    """Take the notices back; were they to see it again, they would be told again."""
    take_back(subject_type=SUBJECT, subject_id=warning.pk, recipients=people)
    WarningTold.objects.filter(warning=warning, person__in=people).delete()


def take_back_unseen(case_id: UUID) -> None:
    """Somebody may no longer see a case: whoever therefore no longer sees a warning loses the notice of it."""
    for warning in EarlyWarning.objects.filter(rows__case=case_id, state__in=UNSETTLED):
        told = Person.objects.filter(pk__in=warning.told.values("person"))
        blind = [p.pk for p in told if not EarlyWarning.objects.filter(visible(p), pk=warning.pk).exists()]
        forget_told(warning, blind)
