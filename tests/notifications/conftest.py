"""A mail server, people who want mail, and a moment at which they may be told."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db.models import TextChoices

from lianxin.config.mail import MailServer as Settings
from lianxin.kernel import timezone
from lianxin.notifications import services
from lianxin.notifications.events import register_subject
from lianxin.notifications.models import Contact
from lianxin.notifications.services.contacts import code_of
from tests.factories.cases import found_enterprise
from tests.notifications.smtp import MailServer

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 9, 40, tzinfo=SHANGHAI)
"""An ordinary working morning."""


class Things(TextChoices):
    """What is said of things, of which there are only tests."""

    TO_SIGN = "to_sign", "%(label)s"


register_subject("thing", sentences=Things, url=lambda pk: f"/things/{pk}/", duties=["to_sign"])


@pytest.fixture
def house(db):
    return found_enterprise()


@pytest.fixture
def server(settings):
    server = MailServer()
    settings.LIANXIN_MAIL = Settings("127.0.0.1", server.port, "none", "", "")
    settings.LIANXIN_MAIL_FROM = "连心桥 <lianxin@example.com>"
    settings.LIANXIN_PUBLIC_URL = "https://say.example.com"
    yield server
    server.stop()


def with_mail(person, address="", *, at=None, **wishes):
    """Let a person enter and confirm an address."""
    with timezone.frozen(at or TUESDAY.replace(day=23)):
        contact = services.enter_address(actor=person, address=address or f"p{person.pk}@example.com")
        services.confirm_address(actor=person, code=code_of(contact))
    Contact.objects.filter(pk=contact.pk).update(**wishes)
    return Contact.objects.get(pk=contact.pk)


def deliver_at(moment):
    with timezone.frozen(moment):
        return services.deliver()
