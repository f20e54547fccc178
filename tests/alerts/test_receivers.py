"""What alerts follow of what happens to hot issues."""

from lianxin.alerts.models import Alert
from lianxin.hotissues import tasks
from lianxin.kernel import timezone
from tests.alerts.stories import colleagues, kinds, raised, read
from tests.cases.stories import day


def test_all_rules_look_once_cases_were_grouped_anew(house):
    for person in colleagues(house, 5):
        raised(person)
    read()
    assert not Alert.objects.exists()
    with timezone.frozen(day(0, 10)):
        tasks.regroup()
    assert "people" in kinds(Alert.objects.all())
