"""Mail over any SMTP server; without one, printed on the console."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from email.generator import BytesGenerator
from email.utils import parseaddr
from io import BytesIO
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kernel.email_address import normal_email
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.public_url import is_local
from lianxin.notifications.enums import FailureReason
from lianxin.notifications.queries import mail_sender, mail_server
from lianxin.notifications.services.channels.base import Channel, InDoubt, Message, Permanent, Temporary, Unavailable

_TIMEOUT = 20  # seconds
_LONGEST_LINE = 998  # RFC 5322
_REFUSED, _FOR_GOOD = 400, 500
_WRONG_ADDRESS = re.compile(rb"5\.1\.\d")
"""RFC 3463: the destination address itself is bad. Servers that give no such code say 550, 551 or 553 (RFC 5321)."""
_ENHANCED = re.compile(rb"\b5\.\d+\.\d+")
_WRONG_ADDRESS_CODES = {550, 551, 553}


class Mail(Channel):
    """One connection for a round of sending, opened anew after a failure."""

    name: ClassVar[str] = "mail"

    def __init__(self) -> None:
        self._about = mail_server()
        self._sender = mail_sender()
        self._server: smtplib.SMTP | None = None

    @staticmethod
    def clean(address: str) -> str:
        """The address in plain ASCII, its domain in small letters; a full-width ＠ typed in Chinese is understood."""
        try:
            return normal_email(address)
        except ValueError as error:
            said = _("Please enter an address such as name@example.com.")
            raise ValidationFailed({"address": said}) from error

    def open(self) -> None:
        if self._about is None or self._server is not None:
            return
        try:
            self._server = _connect(self._about, _own_name(self._sender))
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(_summary(error), _trouble(error), advice=_advice(error)) from error

    def send(self, message: Message) -> str:
        mail = _composed(message, self._sender)
        if self._about is None:
            get_connection().send_messages([mail])
            return "printed"
        self.open()
        try:
            return self._hand_over(mail, message.address)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.close()
            raise Unavailable(_summary(error), advice=_advice(error)) from error

    def _hand_over(self, mail: EmailMultiAlternatives, address: str) -> str:
        server = self._server
        if server is None:
            raise Unavailable("not connected")
        options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
        code, said = server.mail(parseaddr(self._sender)[1], options)
        if code >= _REFUSED:
            self.close()
            raise Unavailable(_said(code, said), advice=_SENDER_REFUSED)
        code, said = server.rcpt(address)
        if code >= _REFUSED:
            server.rset()
            raise _refusal(code, said, of_address=True)
        try:
            code, said = server.data(_on_the_wire(mail))
        except smtplib.SMTPDataError as error:
            server.rset()
            raise _refusal(error.smtp_code, _bytes(error.smtp_error)) from error
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.close()
            raise InDoubt(_summary(error)) from error
        if code >= _REFUSED:
            raise _refusal(code, said)
        return _said(code, said)

    def close(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._server = None


def _connect(server: Any, own_name: str | None) -> smtplib.SMTP:
    """A connection, greeted under `own_name`, encrypted and signed in as the settings ask for.

    Raises:
        OSError, smtplib.SMTPException: no server there, a certificate that does not fit, a password refused.
    """
    trusted = ssl.create_default_context()
    if server.tls == "implicit":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, own_name, timeout=_TIMEOUT, context=trusted
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, own_name, timeout=_TIMEOUT)
    try:
        if server.tls == "starttls":
            connection.starttls(context=trusted)
        if server.user:
            connection.login(server.user, server.password)
        connection.ehlo_or_helo_if_needed()
    except BaseException:
        connection.close()
        raise
    return connection


def _own_name(sender: str) -> str | None:
    """By which name this machine greets: that of the site, or else of the sender; what smtplib finds where neither is.

    A container knows itself by a name that nobody else does, which mail servers hold against it.
    """
    site = settings.LIANXIN_PUBLIC_URL
    host = urlsplit(site).hostname if site and not is_local(site) else _domain(sender)
    return host if host and "." in host else None


def _composed(message: Message, sender: str) -> EmailMultiAlternatives:
    """The mail, as text and as simple HTML. Django refuses a line break in any header."""
    given = {"message": message}
    domain = _domain(sender)
    headers = {"Message-ID": f"<{message.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    if not message.code:  # rules for lists would sort it away from whoever is waiting for it
        headers["List-Id"] = f"Lianxin <lianxin.{domain}>"
    if message.stop_url:
        headers |= {"List-Unsubscribe": f"<{message.stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if message.urgent:
        headers |= {"Importance": "high", "X-Priority": "1", "Priority": "urgent"}
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=render_to_string("notifications/mail.txt", given),
        from_email=sender,
        to=[message.address],
        headers=headers,
    )
    mail.attach_alternative(render_to_string("notifications/mail.html", given), "text/html")
    return mail


def _on_the_wire(mail: EmailMultiAlternatives) -> bytes:
    """The mail with the line ends of RFC 5322, and no header folded: not every program understands that."""
    message = mail.message()
    out = BytesIO()
    policy = message.policy.clone(linesep="\r\n", max_line_length=_LONGEST_LINE)
    BytesGenerator(out, mangle_from_=False, policy=policy).flatten(message)
    return out.getvalue()


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _refusal(code: int, said: bytes, *, of_address: bool = False) -> Temporary | Permanent:
    if code < _FOR_GOOD:
        return Temporary(_said(code, said))
    plain = code in _WRONG_ADDRESS_CODES and not _ENHANCED.search(said)
    wrong = of_address and (plain or _WRONG_ADDRESS.search(said) is not None)
    return Permanent(_said(code, said), address_is_wrong=wrong)


def _said(code: int, said: bytes) -> str:
    """What the server said, without the addresses that it may repeat."""
    return re.sub(r"\S*@\S*", "…", f"{code} {said.decode(errors='replace')}")[:200]


def _trouble(error: Exception) -> FailureReason:
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return FailureReason.ENCRYPTION
    return FailureReason.SIGN_IN if isinstance(error, smtplib.SMTPAuthenticationError) else FailureReason.UNREACHABLE


_SENDER_REFUSED = gettext_lazy(
    "The server does not accept the sender address. Most servers only take that of the user who signs in."
)
_ADVICE: tuple[tuple[type[Exception], Any], ...] = (
    (
        smtplib.SMTPAuthenticationError,
        gettext_lazy("Check user name and password. Many providers ask for an authorisation code instead of it."),
    ),
    (
        smtplib.SMTPNotSupportedError,
        gettext_lazy("The server does not offer STARTTLS or sign-in on this port. Check port and encryption."),
    ),
    (
        smtplib.SMTPServerDisconnected,
        gettext_lazy("The server hung up. If the port is 465, choose TLS from the first byte."),
    ),
    (
        ssl.SSLCertVerificationError,
        gettext_lazy(
            "Its certificate is expired, for another name, or signed by an authority that this machine does not know."
        ),
    ),
    (
        ssl.SSLError,
        gettext_lazy("The server does not speak TLS from the first byte on this port. On port 587 choose STARTTLS."),
    ),
    (socket.gaierror, gettext_lazy("The host name is not known. Check its spelling and the DNS of this machine.")),
    (ConnectionRefusedError, gettext_lazy("Nothing answers on this port. Usual ports are 587, 465 and 25.")),
    (TimeoutError, gettext_lazy("No answer within 20 seconds. A firewall may block the way, or the port is wrong.")),
    (OSError, gettext_lazy("There is no way to this host. Check the network of this machine.")),
)
"""What whoever sets mail up can do about an error; the first that fits."""


def _advice(error: Exception) -> Any:
    return next((advice for kind, advice in _ADVICE if isinstance(error, kind)), "")


def _summary(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error.smtp_code, _bytes(error.smtp_error))
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of the mail server was refused: {error.verify_message}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server does not offer what the settings ask for (STARTTLS, or to sign in)"
    return type(error).__name__
