"""Being told by mail, as somebody sets it up on a phone and at a desk, in both languages."""

from allauth.mfa.models import Authenticator

from lianxin.kernel import timezone
from lianxin.notifications import services
from lianxin.notifications.models import ChannelOutage, Contact, Delivery, Notice
from lianxin.notifications.services.contacts import code_of
from tests.e2e.conftest import DESK
from tests.factories.accounts import PASSWORD, account_of


def test_an_address_is_entered_confirmed_and_given_its_hours_without_script(house, open_as, no_barriers, settings):
    settings.LIANXIN_MAIL = None
    page = open_as(house.dispatcher, "/me/", script=False)
    page.click("text=邮件通知")
    page.fill("[name=address]", "zhaomin")
    page.click("main button:has-text('发送验证码')")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    assert "name@example.com" in page.inner_text(".form-errors, .error-summary, main")
    page.fill("[name=address]", "zhaomin@example.com")
    page.click("main button:has-text('发送验证码')")
    page.fill("[name=code]", code_of(Contact.objects.get()))
    page.click("main button:has-text('确认')")
    page.click("label:has-text('全部每天发一次')")
    page.fill("[name=daily_at]", "17:00")
    page.click("main button:has-text('保存')")
    assert "已保存" in page.inner_text("body")
    assert (Contact.objects.get().wish, f"{Contact.objects.get().daily_at:%H:%M}") == ("daily", "17:00")


def test_the_pages_have_no_barriers_in_either_language(house, open_as, no_barriers):
    for size, language in ((None, "zh-hans"), (DESK, "en")):
        more = {"size": size} if size else {}
        page = open_as(house.dispatcher, "/me/notifications/", language=language, **more)
        no_barriers(page)
        contact = services.enter_address(actor=house.dispatcher, address="zhaomin@example.com")
        page.reload()
        no_barriers(page)
        services.confirm_address(actor=house.dispatcher, code=code_of(contact))
        page.reload()
        no_barriers(page)
        page.goto("/stop/AAAA/")
        no_barriers(page)
        services.remove_address(actor=house.dispatcher)


def test_how_mail_is_doing_has_no_barriers(house, open_as, no_barriers, settings):
    settings.LIANXIN_MAIL = None
    services.notify(kind="to_accept", recipients=[house.dispatcher.pk], subject_type="case", subject_id=1, label="LX-1")
    moment = timezone.now()
    Delivery.objects.create(
        notice=Notice.objects.get(), channel="mail", state="failed", trouble="refused", attempts=1, due_at=moment,
        next_at=moment, done_at=moment,
    )  # fmt: skip
    Authenticator.objects.create(user=account_of(house.system_admin), type=Authenticator.Type.TOTP, data={})
    ChannelOutage.objects.create(channel="mail", trouble="encryption", since=moment, tried_at=moment)
    for size, language in (({}, "zh-hans"), ({"size": DESK}, "en")):
        page = open_as(house.system_admin, "/mail/", language=language, **size)
        assert page.locator("h1").inner_text() in ("邮件状态", "Email status")
        no_barriers(page)
