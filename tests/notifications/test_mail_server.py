"""The mail server as it is set up on the page, and how it is greeted."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from lianxin.config.mail import MailServer as Settings
from lianxin.kernel import timezone
from lianxin.kernel.crypto import seal
from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.ledger.queries import events_of
from lianxin.notifications import queries, services
from lianxin.notifications.enums import Encryption
from lianxin.notifications.models import ChannelOutage, MailServer
from tests.factories.accounts import account_of
from tests.notifications.conftest import TUESDAY, deliver_at
from tests.notifications.smtp import MailServer as Server
from tests.notifications.smtp import certificate
from tests.pages import send_form

SERVER, PAGE = "/mail/server/", "/mail/"


@pytest.fixture(autouse=True)
def _nothing_outside(settings):
    settings.LIANXIN_MAIL, settings.LIANXIN_MAIL_DECLINED, settings.DEMO = None, False, True


@pytest.fixture
def secure(tmp_path, monkeypatch):
    """A server that speaks TLS and asks for a password."""
    path = tmp_path / "certificate.pem"
    certificate(path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    server = Server("starttls", path)
    yield server
    server.stop()


@pytest.fixture
def admin(house, client):
    client.force_login(account_of(house.system_admin))
    return client


def said(answer):
    return answer.content.decode().partition("<main")[2]


def entered(server, **more):
    return {
        "host": "127.0.0.1", "port": server.port, "tls": "starttls", "user": "lianxin@example.com",
        "password": "geheim", "sender": "连心桥 <lianxin@example.com>", **more,
    }  # fmt: skip


def test_a_server_is_set_up_and_tried_on_the_page(admin, house, secure):
    page = said(admin.get(PAGE))
    assert "没有设置邮件服务器" in page
    assert "已全部发出" not in page
    assert said(send_form(admin, SERVER, entered(secure), follow=True)).count("geheim") == 0
    page = said(admin.get(PAGE))
    assert f"127.0.0.1:{secure.port}" in page
    assert "连心桥 &lt;lianxin@example.com&gt;" in page
    assert "没有设置邮件服务器" not in page
    assert not queries.mail_status().tested
    send_form(admin, PAGE, {"address": "me@example.com"}, to=reverse("notifications:try_channel"))
    assert [mail["From"] for mail in secure.of("me@example.com")] == ["连心桥 <lianxin@example.com>"]
    assert queries.mail_status().tested
    assert {event.action for event in events_of("notifications.channel", "mail")} == {"set_server", "try", "taken"}


def test_the_password_is_sealed_shown_nowhere_and_stays_for_this_server_alone(admin, house, secure):
    send_form(admin, SERVER, entered(secure))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM notifications_mailserver s")
        assert "geheim" not in cursor.fetchone()[0]
    assert "geheim" not in said(admin.get(SERVER))
    send_form(admin, SERVER, entered(secure, password="", sender="other@example.com"))
    server = MailServer.objects.get()
    assert (server.password, server.sender) == ("geheim", "连心桥 <other@example.com>")
    for elsewhere in ({"host": "evil.example.com"}, {"port": 465}, {"user": "other@example.com"}):
        answer = send_form(admin, SERVER, entered(secure, password="", **elsewhere))
        assert answer.status_code == 422
        assert "请输入这个服务器、端口和用户的密码" in said(answer)
        assert MailServer.objects.get().port == secure.port
    for elsewhere in ({"host": "evil.example.com"}, {"port": 465}, {"user": "other@example.com"}):
        server.refresh_from_db()
        assert server.password == "geheim"
        with transaction.atomic():
            MailServer.objects.update(**elsewhere)
            assert MailServer.objects.get().password == ""
            transaction.set_rollback(True)


def test_a_password_of_before_opens_for_the_port_it_was_entered_for(db):
    sealed = seal("password of the mail server", "geheim", bound_to="lianxin|smtp.example.com")
    server = MailServer(host="smtp.example.com", port=587, tls="starttls", user="lianxin", sealed_password=sealed)
    server.save()
    assert server.password == ""
    import_module("lianxin.notifications.migrations.0013_password_for_a_port").bind_to_port(apps, None)
    assert MailServer.objects.get().password == "geheim"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"tls": "none"}, "tls"), ({"sender": "nobody"}, "sender"), ({"port": 0}, "port"), ({"host": ""}, "host")],
)
def test_what_cannot_be_taken_is_said_at_its_field(admin, secure, wrong, field):
    answer = send_form(admin, SERVER, entered(secure, **wrong))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not MailServer.objects.exists()


def test_another_server_is_not_tested_yet_and_no_outage_is_left(admin, house, secure):
    send_form(admin, SERVER, entered(secure))
    services.send_test_message(address="me@example.com")
    assert "已全部发出" in said(admin.get(PAGE))
    ChannelOutage.objects.create(channel="mail", trouble="sign_in", since=TUESDAY, tried_at=TUESDAY)
    assert "已全部发出" not in said(admin.get(PAGE))
    send_form(admin, SERVER, entered(secure))
    assert (queries.mail_status().tested, queries.mail_status().outage) == (False, None)


def test_what_is_set_outside_goes_before_it_and_is_shown_as_such(admin, house, secure, settings):
    send_form(admin, SERVER, entered(secure))
    settings.LIANXIN_MAIL = Settings("mail.example.com", 25, "none", "", "")
    page = said(admin.get(PAGE))
    assert "mail.example.com:25" in page
    assert "LIANXIN_MAIL_URL" in page
    assert SERVER not in page
    assert admin.get(SERVER).status_code == 403
    with pytest.raises(ValidationFailed):
        services.remove_mail_server(actor=house.system_admin)
    settings.LIANXIN_MAIL, settings.LIANXIN_MAIL_DECLINED = None, True
    assert queries.mail_server() is None
    assert "LIANXIN_MAIL_URL=none" in said(admin.get(PAGE))


def test_a_server_is_removed_with_its_password(admin, house, secure):
    send_form(admin, SERVER, entered(secure))
    send_form(admin, f"{SERVER}remove/", {})
    assert not MailServer.objects.exists()
    assert "没有设置邮件服务器" in said(admin.get(PAGE))


def test_nobody_else_sets_a_server_up(house, secure):
    for person in (house.li_na, house.security_admin, house.audit_admin):
        with pytest.raises(PermissionDenied):
            services.set_mail_server(actor=person, host="h", port=25, tls=Encryption.NONE, sender="a@example.com")
        with pytest.raises(PermissionDenied):
            services.remove_mail_server(actor=person)


@pytest.mark.parametrize(
    ("address", "name"), [("https://say.example.com", "say.example.com"), ("http://localhost:8000", "mail.example.org")]
)
def test_the_server_is_greeted_by_a_name_that_others_know(house, server, settings, address, name):
    settings.LIANXIN_PUBLIC_URL, settings.LIANXIN_MAIL_FROM = address, "Lianxin <a@mail.example.org>"
    settings.LIANXIN_MAIL = Settings("127.0.0.1", server.port, "none", "", "")
    services.send_test_message(address="me@example.com")
    assert server.greetings == [name]


def test_mails_say_of_which_list_they_are_and_the_enterprises_time(house, server, settings):
    settings.LIANXIN_MAIL = Settings("127.0.0.1", server.port, "none", "", "")
    services.send_test_message(address="me@example.com")
    (mail,) = server.of("me@example.com")
    assert mail["List-Id"] == "Lianxin <lianxin.example.com>"
    assert mail["Date"].endswith("+0800")
    with timezone.frozen(TUESDAY):
        services.enter_address(actor=house.li_na, address="lina@example.com")
    deliver_at(TUESDAY)
    assert server.of("lina@example.com")[0]["List-Id"] is None  # no rule for lists hides a code from who waits for it


@pytest.mark.parametrize(
    ("kind", "asked", "advice"),
    [
        ("none", {"tls": "starttls"}, "does not offer STARTTLS"),
        ("none", {"tls": "implicit"}, "On port 587 choose STARTTLS"),
        ("none", {"port": 1}, "Usual ports are 587"),
        ("none", {"host": "no-such-host.invalid"}, "DNS"),
        ("none", {"user": "lianxin", "password": "x"}, "authorisation code"),
        ("none", {}, "does not accept the sender address"),
    ],
)
def test_whoever_tries_mail_out_learns_what_to_mend(db, settings, kind, asked, advice, monkeypatch):
    server = Server(kind)
    server.answers |= {"AUTH": (535, "5.7.8 no"), "MAIL": (553, "5.7.1 not yours")}
    settings.LIANXIN_MAIL = Settings("127.0.0.1", server.port, "none", "", "")._replace(**asked)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    try:
        with pytest.raises(CommandError, match=advice):
            call_command("send_test_mail", "boss@example.com")
    finally:
        server.stop()
