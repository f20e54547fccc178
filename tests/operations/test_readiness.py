"""The set-up checklist: what a new system lacks, who mends it, and where."""

import json
import re
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.utils import translation

from lianxin.config.mail import MailServer
from lianxin.kernel import timezone
from lianxin.kernel.business_calendar import covered_years
from lianxin.kernel.models import DayOverride
from lianxin.ledger.services import append_event
from lianxin.notifications.enums import DeliveryState
from lianxin.notifications.models import ChannelOutage, Contact, Delivery
from lianxin.notifications.services import hold_channels
from lianxin.operations.queries import Level, checklist, examine, exposition
from lianxin.operations.queries.backups import LAST_BACKUP
from lianxin.org.enums import Role
from lianxin.org.models import RoleGrant
from lianxin.org.queries import active_people, calendar_year, unreached_units
from tests.factories.accounts import account_of
from tests.factories.cases import found_enterprise
from tests.factories.org import grant

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return found_enterprise()


@pytest.fixture(autouse=True)
def _data_dir(data_dir):
    """A data directory of the test's own."""


@pytest.fixture
def page_of(client, settings):
    settings.DEMO = True  # no second step in these tests

    def get(person, address="/checklist/"):
        client.force_login(account_of(person))
        return client.get(address)

    return get


def item(key):
    (found,) = [each for each in checklist() if each.key == key]
    return found


def test_a_system_of_three_administrators_lacks_everything():
    missing = [each.key for each in checklist() if not each.done and each.key != "calendar"]
    assert missing == [
        "units",
        "people",
        "role.dispatcher",
        "role.supervisor",
        "role.inspector",
        "role.unit_leader",
        "role.handler",
        "mail",
        "backup",
        "test_case",
    ]


def test_a_role_whose_holders_cannot_sign_in_yet_is_not_ticked(house):
    assert (item("role.dispatcher").done, item("role.handler").done) == (False, False)
    assert item("role.dispatcher").status.startswith("已授予，本人还不能登录：光明供电集团")
    account_of(house.head_dispatcher)
    account_of(house.handler)
    assert (item("role.dispatcher").done, item("role.handler").done) == (True, True)


@pytest.mark.parametrize(
    ("address", "done"),
    [("https://say.example.com", True), ("http://127.0.0.1:8000", False), ("http://localhost", False), ("", False)],
)
def test_an_address_of_this_machine_alone_is_none_for_people(settings, address, done):
    settings.LIANXIN_PUBLIC_URL = address
    assert item("address").done == done


def test_roles_are_missing_by_name_of_unit(house):
    for person in active_people():
        account_of(person)
    assert item("role.dispatcher").done
    assert item("role.unit_leader").status == "缺：光明供电集团、东城供电公司、检修车间"
    assert list(unreached_units(Role.UNIT_LEADER)) == [house.root, house.company, house.workshop]
    grant(house.head_supervisor, Role.UNIT_LEADER, house.root)
    assert (item("role.unit_leader").done, item("role.unit_leader").status) == (True, "各单位都已覆盖。")


def test_the_task_to_grant_a_role_opens_with_the_role_chosen(house, page_of):
    RoleGrant.objects.filter(role=Role.DISPATCHER).delete()
    answer = page_of(house.security_admin, item("role.dispatcher").url)
    assert re.findall(r'<option value="(\w+)" selected', answer.content.decode()) == ["dispatcher"]


def test_somebody_who_has_left_reaches_nobody(house):
    RoleGrant.objects.filter(role=Role.DISPATCHER, unit=house.root).delete()
    assert list(unreached_units(Role.DISPATCHER)) == [house.root]
    house.dispatcher.left_on = timezone.today() - timedelta(days=1)
    house.dispatcher.save()
    assert house.workshop in unreached_units(Role.DISPATCHER)


def test_of_many_units_the_first_are_named_and_the_others_counted(house):
    RoleGrant.objects.filter(role=Role.SUPERVISOR).exclude(unit=house.workshop).delete()
    assert item("role.supervisor").status == "还没有人担任。"
    grant(house.supervisor, Role.SUPERVISOR, house.workshop)
    assert item("role.supervisor").status == "缺：光明供电集团、东城供电公司、后勤服务中心、西城供电公司"


def test_next_years_holidays_are_asked_for_from_november_on():
    def calendar_on(day):
        with timezone.frozen(datetime.combine(day, time(9), timezone.zone())):
            found = item("calendar")
            return found.done, found.level, found.status

    last = covered_years()[-1]
    assert calendar_on(date(last, 10, 31))[0]
    assert calendar_on(date(last, 11, 1)) == (False, Level.WARN, f"{last + 1} 年的放假和调休安排还没有录入。")
    assert calendar_on(date(last + 1, 1, 5)) == (False, Level.FAIL, f"{last + 1} 年的放假和调休安排还没有录入。")
    DayOverride.objects.create(day=date(last + 1, 1, 1), working=False)
    assert not calendar_on(date(last + 1, 1, 5))[0]  # one day is not the year's notice
    assert not calendar_year(last + 1).covered
    for n in range(12):
        DayOverride.objects.create(day=date(last + 1, 2, 6) + timedelta(days=n), working=False)
    assert calendar_on(date(last + 1, 1, 5))[0]
    assert calendar_year(last + 1).covered


def test_mail_is_ticked_once_a_server_has_taken_one_or_when_it_is_not_used(house, settings):
    assert item("mail").remedy.startswith("请设置邮件服务器")
    settings.LIANXIN_MAIL = MailServer("mail.example.com", 25, "none", "", "")
    assert (item("mail").status, item("mail").done) == ("已设置，还没有发过测试邮件。", False)
    contact = Contact.objects.create(
        person=house.li_na,
        channel="mail",
        address="li@example.com",
        asked_at=timezone.now(),
        hinted_until=timezone.now(),
    )
    now = timezone.now()
    Delivery.objects.create(
        channel="mail", contact=contact, state=DeliveryState.SENT, due_at=now, next_at=now, done_at=now
    )
    assert (item("mail").status, item("mail").done) == ("已设置，测试邮件发送成功。", True)
    settings.LIANXIN_MAIL, settings.LIANXIN_MAIL_DECLINED = None, True
    assert item("mail").done


def test_mail_that_is_off_since_a_restore_is_not_ticked_as_tested(house, settings):
    settings.LIANXIN_MAIL = MailServer("mail.example.com", 25, "none", "", "")
    send_test = {"subject_type": "notifications.channel", "subject_id": "mail", "action": "taken", "role": ""}
    append_event(**send_test, actor_id=None)
    assert item("mail").done
    hold_channels()
    assert not item("mail").done
    (told,) = [finding for finding in examine() if finding.check == "setup.mail"]
    assert (told.level, "恢复" in told.says) == (Level.WARN, True)


def test_while_mail_is_down_checklist_doctor_metrics_and_settings_page_agree(house, settings, page_of):
    settings.LIANXIN_MAIL = MailServer("mail.example.com", 25, "none", "", "")
    since = timezone.now() - timedelta(seconds=100)
    assert b"lianxin_mail_up 1.0" in exposition()
    ChannelOutage.objects.create(channel="mail", trouble="unreachable", since=since, tried_at=timezone.now())
    assert (item("mail").level, item("mail").done) == (Level.FAIL, False)
    (told,) = [finding for finding in examine() if finding.check == "setup.mail"]
    assert told.level == Level.FAIL
    assert re.search(r"从 .* 起邮件发不出去：连不上服务器", told.says)
    assert b"lianxin_mail_up 0.0" in exposition()
    assert "连不上服务器" in page_of(house.system_admin, "/mail/").content.decode()


def test_an_old_backup_is_no_backup(settings):
    def backed_up(ago):
        (settings.DATA_DIR / LAST_BACKUP).write_text(json.dumps({"at": (timezone.now() - ago).isoformat()}))
        return item("backup").done

    assert item("backup").status == "还没有备份过。"
    assert [backed_up(timedelta(days=3)), backed_up(timedelta(hours=3))] == [False, True]


def test_doctor_says_the_same_items_in_the_terminals_language(house, capsys, monkeypatch):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    with translation.override("en"):
        expected = [(f"setup.{each.key}", f"{each.label}: {each.status}") for each in checklist()]
    told = [(finding.check, finding.says) for finding in examine() if finding.check.startswith("setup.")]
    assert told == expected
    with pytest.raises(SystemExit):
        call_command("doctor")
    assert "Backup: There is no backup yet." in capsys.readouterr().out


def test_both_administrators_see_the_list_and_only_links_that_they_may_follow(house, page_of):
    page = page_of(house.system_admin).content.decode().partition("<main")[2]
    assert "开通清单" in page
    assert ('href="/mail/"' in page, 'href="/roles/grant/?role=' in page) == (True, False)
    page = page_of(house.security_admin).content.decode().partition("<main")[2]
    assert ('href="/mail/"' in page, 'href="/roles/grant/?role=' in page) == (False, True)
    for somebody in (house.audit_admin, house.dispatcher, house.li_na):
        assert page_of(somebody).status_code == 403


def test_the_first_page_shows_what_is_missing_until_nothing_is(house, page_of, settings, monkeypatch):
    for admin in (house.system_admin, house.security_admin):
        assert "打开开通清单" in page_of(admin, "/").content.decode()
    assert "打开开通清单" not in page_of(house.audit_admin, "/").content.decode()
    monkeypatch.setattr("lianxin.operations.panels.checklist", lambda: [each for each in checklist() if each.done])
    assert "打开开通清单" not in page_of(house.system_admin, "/").content.decode()
