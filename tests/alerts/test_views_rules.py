"""The rules of early warning: read by those who act on alerts, changed by the administrator and by their owner."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.alerts.models import AlertRule
from tests.alerts.stories import colleagues, looked, one_matter, raised
from tests.factories.org import PersonFactory
from tests.pages import post_raw, send_form

PEOPLE = "/warnings/rules/people/"
CHANGE = "/warnings/rules/people/change/"


def text_of(answer):
    return answer.content.decode()


def look(browser, page=CHANGE, **changes):
    """Change some fields of a rule's form, and see what would change."""
    return send_form(browser, page, changes, press="look")


def keep(browser, page=CHANGE, **changes):
    """Change some fields, look, and keep it."""
    return send_form(browser, look(browser, page, **changes), press="keep")


@pytest.fixture
def false_alarm(house, browser_of):
    """An alert about five people's matter that was none."""
    one_matter([raised(person) for person in colleagues(house, 5)])
    (alert,) = looked()
    sent = {"text": "停水通知早已发过", "false_alarm": True}
    send_form(browser_of(house.dispatcher), f"/warnings/{alert.pk}/dismiss/", sent)
    return alert


def test_who_reads_and_who_changes(browser_of, house):
    for reader in (house.dispatcher, house.supervisor, house.unit_leader, house.system_admin):
        assert browser_of(reader).get("/warnings/rules/").status_code == 200
        assert browser_of(reader).get(PEOPLE).status_code == 200
    assert browser_of(house.li_na).get("/warnings/rules/").status_code == 403
    assert browser_of(house.li_na).get(PEOPLE).status_code == 404
    assert browser_of(house.supervisor).get(CHANGE).status_code == 403
    assert post_raw(browser_of(house.supervisor), CHANGE, {"days": 3, "do": "keep"}).status_code == 403
    assert browser_of(house.system_admin).get("/warnings/rules/none/").status_code == 404


def test_every_rule_stands_in_one_sentence_with_its_numbers(browser_of, house):
    page = text_of(browser_of(house.unit_leader).get("/warnings/rules/"))
    rule = AlertRule.objects.get(pk="people")
    assert f"{rule.days} 天内" in page
    assert len(browser_of(house.unit_leader).get("/warnings/rules/").context["rows"]) == 6


def test_the_administrator_sees_what_would_change_then_keeps_it(browser_of, house):
    browser = browser_of(house.system_admin)
    before = AlertRule.objects.get(pk="people")
    assert "预警规则" in text_of(browser.get("/"))
    looking = look(browser, days=9, owner_q=house.supervisor.employee_no)
    page = text_of(looking)
    assert f"{before.days} → <strong>9</strong>" in page
    assert f"<strong>{house.supervisor.name}</strong>" in page
    assert AlertRule.objects.get(pk="people").days == before.days, "nothing is kept yet"
    page = text_of(send_form(browser, looking, press="keep", follow=True))
    changed = AlertRule.objects.get(pk="people")
    assert (changed.days, changed.owner, changed.enabled) == (9, house.supervisor, True)
    assert f"{before.days} → 9" in page
    assert house.system_admin.name in page


def test_a_rule_is_put_out_of_use_and_its_probability_is_a_number(browser_of, house):
    browser = browser_of(house.system_admin)
    growth = AlertRule.objects.get(pk="growth")
    sent = {"enabled": False, "fewest": 4, "days": 20, "before_days": 200, "alpha": "0.005"}
    assert keep(browser, "/warnings/rules/growth/change/", **sent).url == "/warnings/rules/growth/"
    growth.refresh_from_db()
    assert (growth.enabled, growth.alpha, growth.before_days) == (False, Decimal("0.005"), 200)


def test_mistakes_stand_at_their_fields_and_nothing_is_lost(browser_of, house):
    browser = browser_of(house.system_admin)
    for wrong in ({"fewest": 1}, {"fewest": "viele"}, {"days": ""}, {"days": 91}, {"owner_q": "999999"}):
        answer = look(browser, **wrong)
        assert (answer.status_code, set(answer.context["form"].errors)) == (
            422,
            {name.removesuffix("_q") for name in wrong},
        )
        assert f'value="{next(iter(wrong.values()))}"' in text_of(answer) or "days" in wrong
    forged = {"expected": "x", "owner": "999999", "fewest": 5, "days": 7, "do": "keep"}
    assert set(post_raw(browser, CHANGE, forged).context["form"].errors) == {"expected", "owner"}
    assert AlertRule.objects.get(pk="people").version == 1


def test_whoever_comes_second_is_told_and_sees_what_it_is_now(browser_of, house):
    browser = browser_of(house.system_admin)
    seen = look(browser, days=8)
    keep(browser, days=9)
    late = send_form(browser, seen, press="keep")
    assert (late.status_code, "已有人先处理了" in text_of(late), 'value="8"' in text_of(late)) == (409, True, True)
    assert late.context["form"]["expected"].value() == 2
    assert AlertRule.objects.get(pk="people").days == 9


def test_the_owner_changes_the_numbers_and_sees_the_false_alarms(browser_of, house, false_alarm):
    AlertRule.objects.filter(pk="people").update(owner=house.supervisor)
    browser = browser_of(house.supervisor)
    page = text_of(browser.get(PEOPLE))
    assert "停水通知早已发过" in page
    assert "1 / 1" in page
    assert "owner" not in browser.get(CHANGE).context["form"].fields
    keep(browser, fewest=6)
    post_raw(browser, CHANGE, {"expected": 2, "fewest": 6, "days": 7, "owner": house.li_na.pk, "do": "keep"})
    rule = AlertRule.objects.get(pk="people")
    assert (rule.fewest, rule.owner) == (6, house.supervisor)


def test_an_owner_far_away_reads_what_became_of_the_alerts_but_opens_none(browser_of, house, false_alarm):
    AlertRule.objects.filter(pk="people").update(owner=house.outsider)
    page = text_of(browser_of(house.outsider).get(PEOPLE))
    assert "误报" in page
    assert "停水通知早已发过" in page
    assert f"/warnings/{false_alarm.pk}/" not in page
    AlertRule.objects.filter(pk="people").update(owner=house.security_admin)
    page = text_of(browser_of(house.security_admin).get(PEOPLE))
    assert "误报" in page
    assert "停水通知" not in page


def test_an_owner_is_changed_and_taken_away_again(browser_of, house):
    AlertRule.objects.filter(pk="people").update(owner=house.supervisor)
    browser = browser_of(house.system_admin)
    assert 'id="id_owner_none"' in text_of(browser.get(CHANGE))
    keep(browser, owner="", owner_q=house.dispatcher.employee_no)
    assert AlertRule.objects.get(pk="people").owner == house.dispatcher
    looking = look(browser, owner="")
    assert f"{house.dispatcher.name} → <strong>–</strong>" in text_of(looking)
    send_form(browser, looking, press="keep")
    assert AlertRule.objects.get(pk="people").owner is None


def test_an_owner_without_a_role_for_it_finds_their_rule(browser_of, house):
    handler, security = browser_of(house.handler), browser_of(house.security_admin)
    rules = 'href="/warnings/rules/"'
    assert rules not in text_of(handler.get("/warnings/")) + text_of(security.get("/units/"))
    browser = browser_of(house.system_admin)
    keep(browser, owner_q=house.handler.employee_no)
    keep(browser, "/warnings/rules/hazard/change/", fewest=2, days=30, owner_q=house.security_admin.employee_no)
    assert rules in text_of(handler.get("/warnings/"))
    assert rules in text_of(security.get("/units/"))
    assert [line.rule.pk for line in security.get("/warnings/rules/").context["rows"]] == ["hazard"]


def test_the_administrator_reads_numbers_and_no_word_of_a_case(browser_of, house, false_alarm):
    browser = browser_of(house.system_admin)
    for address in ("/", "/warnings/rules/", PEOPLE, CHANGE):
        page = text_of(browser.get(address))
        for word in ("三号楼热水", "停水通知", str(false_alarm.pk)):
            assert word not in page
    (counts,) = [line.counts for line in browser.get("/warnings/rules/").context["rows"] if line.rule.pk == "people"]
    assert (counts.raised, counts.dismissed, counts.false_alarms) == (1, 1, 1)
    assert browser.get("/warnings/").status_code == 403


def test_the_list_of_rules_costs_the_same_however_many_warnings_there_are(browser_of, house, false_alarm):
    browser = browser_of(house.system_admin)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/warnings/rules/").status_code == 200
        return len(queries)

    asked()
    few = asked()
    for _n in range(2):
        one_matter([raised(PersonFactory(unit=house.workshop)) for _person in range(6)])
    looked(at=1)
    assert asked() <= few
