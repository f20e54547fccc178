"""On top of a case whose words speak of danger it says so, to those who can act."""

import pytest
from django.urls import reverse

from lianxin.alerts.models import Alert
from lianxin.alerts.services import handling
from lianxin.cases.events import notices_of
from tests.alerts.stories import CALM, CRISIS, raised, read


@pytest.fixture
def danger(house):
    """A person in crisis, and the alert of it."""
    case = raised(house.li_na, body=CRISIS)
    read()
    return case, Alert.objects.get(case=case)


def case_page(browser, case):
    answer = browser.get(reverse("cases:case", args=[case.pk]))
    return answer.content.decode() if answer.status_code == 200 else ""


def test_the_dispatcher_reads_on_the_case_that_help_comes_first(browser_of, house, danger):
    case, alert = danger
    browser = browser_of(house.dispatcher)
    page = case_page(browser, case)
    assert "先保证人身安全" in page
    assert "诉求中写到“" in page
    assert f'href="/warnings/{alert.pk}/"' in page
    handling.acknowledge(actor=house.dispatcher, alert_id=alert.pk, expected=1)
    assert f'href="/warnings/{alert.pk}/"' in case_page(browser, case)
    handling.act(actor=house.dispatcher, alert_id=alert.pk, expected=2, text="已联系本人，家属陪同。")
    assert f'href="/warnings/{alert.pk}/"' not in case_page(browser, case)


def test_the_requester_reads_nothing_of_it(browser_of, house, danger):
    case, _warning = danger
    page = case_page(browser_of(house.li_na), case)
    assert case.number in page
    assert "/warnings/" not in page


def test_it_asks_nothing_for_who_has_no_warnings(house, danger, django_assert_num_queries):
    case, alert = danger
    calm = raised(house.li_na, body=CALM)
    dispatcher, administrator = house.dispatcher, house.system_admin
    assert dispatcher.grants
    assert administrator.grants
    assert notices_of(dispatcher, calm.pk) == []
    (notice,) = notices_of(dispatcher, case.pk)
    assert notice.url == f"/warnings/{alert.pk}/"
    with django_assert_num_queries(0):
        assert notices_of(administrator, case.pk) == []
