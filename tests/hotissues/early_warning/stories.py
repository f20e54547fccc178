"""Many people, one matter, and what early warning makes of it."""

from lianxin.cases.services import meaning
from lianxin.hotissues.models import EarlyWarning, Issue, Membership
from lianxin.hotissues.services.early_warning.scanning import scan
from lianxin.kernel import timezone
from tests.cases.stories import day, inbox_of
from tests.factories.cases import submit
from tests.factories.org import PersonFactory

CRISIS = "我真的撑不下去了，不想活了，每天都睡不着。"
CALM = "宿舍三楼没有热水，请尽快修好。"


def colleagues(house, number, unit=None):
    """So many employees of the workshop."""
    return [PersonFactory(name=f"同事{n}", employee_no=f"7{n:03}", unit=unit or house.workshop) for n in range(number)]


def raised(person, at=0, body=CALM, **more):
    """A case raised so many days after that Tuesday, or at a moment."""
    with timezone.frozen(day(at) if isinstance(at, int) else at):
        return submit(person, body, **more).case


def one_matter(cases, **more):
    """The cases as one issue."""
    issue = Issue.objects.create(name="三号楼热水", found_at=timezone.now(), **{"sure": True, **more})
    belong(issue, cases)
    return issue


def belong(issue, cases):
    Membership.objects.bulk_create(Membership(case=case, issue=issue) for case in cases)


def looked(at=0, hour=10):
    """What all rules raise when they look then."""
    before = set(EarlyWarning.objects.values_list("pk", flat=True))
    with timezone.frozen(day(at, hour)):
        scan()
    return list(EarlyWarning.objects.exclude(pk__in=before).order_by("rule"))


def kinds(warnings):
    return [warning.rule_id for warning in warnings]


def read():
    meaning.understand()


def rows_of(warning):
    return set(warning.rows.values_list("case", flat=True))


def warned(person):
    """The kinds of warnings in somebody's inbox."""
    known = {"danger", "hazard", "people", "growth", "returned", "dissatisfied", "danger_waits", "waits"}
    return [kind for kind in inbox_of(person) if kind in known]
