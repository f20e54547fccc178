"""Mail over a real TLS handshake: encrypted with a certificate that fits, or not at all."""

from datetime import timedelta

import pytest

from lianxin.cases.services import triage
from lianxin.config.mail import MailServer as Settings
from lianxin.kernel import timezone
from lianxin.notifications.models import Delivery
from lianxin.notifications.services import send_test_message
from lianxin.notifications.services.channels import Unavailable
from tests.factories.cases import category, submit
from tests.notifications.conftest import TUESDAY, deliver_at, with_mail
from tests.notifications.smtp import MailServer, certificate


@pytest.fixture
def trusted(tmp_path, monkeypatch):
    """A certificate that this machine trusts, for 127.0.0.1."""
    path = certificate(tmp_path / "trusted.pem", "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.fixture
def serving(settings):
    """Start a mail server that speaks TLS, and have the settings ask for it."""
    servers = []

    def serve(tls, path, *, asked=None):
        server = MailServer(tls, path)
        servers.append(server)
        settings.LIANXIN_MAIL = Settings("127.0.0.1", server.port, asked or tls, "lianxin", "a password")
        settings.LIANXIN_MAIL_FROM = "连心桥 <lianxin@example.com>"
        return server

    yield serve
    for server in servers:
        server.stop()


def in_clear(server):
    return {verb for verb, encrypted in server.verbs if not encrypted}


@pytest.mark.parametrize(("tls", "clear"), [("starttls", {"EHLO", "STARTTLS"}), ("implicit", set())])
def test_password_and_mail_are_handed_over_encrypted(house, serving, trusted, tls, clear):
    server = serving(tls, trusted)
    with_mail(house.dispatcher, "desk@example.com")
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
    assert deliver_at(TUESDAY) == 1
    assert server.subjects("desk@example.com") == [case.number]
    assert in_clear(server) == clear
    assert {"AUTH", "MAIL", "RCPT", "DATA"} <= {verb for verb, encrypted in server.verbs if encrypted}


@pytest.mark.parametrize("tls", ["starttls", "implicit"])
@pytest.mark.parametrize("fault", ["nobody trusts it", "another name"])
def test_a_wrong_certificate_is_said_and_nothing_goes_until_it_is_right(
    house, serving, tmp_path, monkeypatch, caplog, settings, tls, fault
):
    path = certificate(tmp_path / "wrong.pem", "127.0.0.1" if fault == "nobody trusts it" else "mail.example.com")
    if fault == "another name":
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    server = serving(tls, path)
    with_mail(house.dispatcher, "desk@example.com")
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
    assert deliver_at(TUESDAY) == 0
    assert "certificate of the mail server was refused: " in caplog.text
    assert {"nobody trusts it": "self-signed", "another name": "IP address mismatch"}[fault] in caplog.text
    assert (server.mails, in_clear(server) - {"EHLO", "STARTTLS"}) == ([], set())
    assert "AUTH" not in {verb for verb, _encrypted in server.verbs}
    with pytest.raises(Unavailable, match="certificate of the mail server was refused"):
        send_test_message(address="admin@example.com")

    right = certificate(tmp_path / "right.pem", "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(right))
    server = serving(tls, right)
    assert deliver_at(TUESDAY + timedelta(minutes=1)) == 1
    assert server.subjects("desk@example.com") == [case.number]
    assert Delivery.objects.get().state == "sent"


def test_where_starttls_is_asked_for_and_not_offered_nothing_is_sent_in_clear(house, serving, trusted, caplog):
    server = serving("none", None, asked="starttls")
    with_mail(house.dispatcher, "desk@example.com")
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="help", category=category())
        submit(house.wang_fang)
    assert deliver_at(TUESDAY) == 0
    assert "does not offer what the settings ask for" in caplog.text
    assert (server.mails, in_clear(server) - {"EHLO", "QUIT"}) == ([], set())
