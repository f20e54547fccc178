"""Many people, one matter, and what early warning makes of it."""

from lianxin.alerts.models import Alert
from lianxin.alerts.services.scanning import scan
from lianxin.classification.services import embeddings as case_embeddings
from lianxin.hotissues.models import Issue, Membership
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
    before = set(Alert.objects.values_list("pk", flat=True))
    with timezone.frozen(day(at, hour)):
        scan()
    return list(Alert.objects.exclude(pk__in=before).order_by("rule"))


def kinds(alerts):
    return [alert.rule_id for alert in alerts]


def read():
    case_embeddings.understand()


def rows_of(alert):
    return set(alert.rows.values_list("case", flat=True))


def warned(person):
    """The kinds of alerts in somebody's inbox."""
    known = {"danger", "hazard", "people", "growth", "returned", "dissatisfied", "danger_waits", "waits"}
    return [kind for kind in inbox_of(person) if kind in known]
