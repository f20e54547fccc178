"""The mail server as a system administrator sets it up on the page."""

from email.utils import parseaddr

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kernel.errors import ValidationFailed
from lianxin.notifications.enums import SERVER_SET, Encryption
from lianxin.notifications.models import ChannelOutage, MailServer
from lianxin.notifications.queries import mail_is_set_outside
from lianxin.notifications.services.channel_test import note, require
from lianxin.notifications.services.channels import CHANNELS, MAIL
from lianxin.org.queries import Person


@transaction.atomic
def set_mail_server(
    *, actor: Person, host: str, port: int, tls: Encryption, sender: str, user: str = "", password: str = ""
) -> None:
    """Have mail go to a server from now on. Without a password the earlier one stays, for the same host, port and
    user alone.

    Raises:
        PermissionDenied: the actor keeps no channels.
        ValidationFailed: the server is set outside, the sender is no address, or a password is missing or would go
            unencrypted.
    """
    require(actor)
    _insist_on_page()
    server = MailServer.objects.select_for_update().first() or MailServer()
    kept = server.password if (server.host, server.port, server.user) == (host, port, user) else ""
    server.host, server.port, server.tls, server.user = host, port, tls, user
    server.sender = _cleaned_sender(sender)
    server.password = password or kept if user else ""
    if user and not server.password:
        raise ValidationFailed({"password": _("Please enter the password for this server, port and user.")})
    if user and tls == Encryption.NONE:
        raise ValidationFailed(
            {"tls": _("A password is only sent encrypted. Choose an encryption, or leave the user empty.")}
        )
    server.save()
    ChannelOutage.objects.filter(channel=MAIL).delete()
    note(actor, MAIL, SERVER_SET)


@transaction.atomic
def remove_mail_server(*, actor: Person) -> None:
    """Have mail go to no server any more; its password is forgotten.

    Raises:
        PermissionDenied: the actor keeps no channels.
        ValidationFailed: the server is set outside.
    """
    require(actor)
    _insist_on_page()
    MailServer.objects.all().delete()
    ChannelOutage.objects.filter(channel=MAIL).delete()
    note(actor, MAIL, "remove_server")


def _insist_on_page() -> None:
    if mail_is_set_outside():
        raise ValidationFailed({"": _("LIANXIN_MAIL_URL is set on the server and takes precedence.")})


def _cleaned_sender(sender: str) -> str:
    name, address = parseaddr(sender)
    try:
        cleaned = CHANNELS[MAIL].clean(address)
    except ValidationFailed as refusal:
        raise ValidationFailed({"sender": str(refusal)}) from refusal
    return f"{name or _('Lianxin')} <{cleaned}>"
