"""The mail server that the environment names, if it names one."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.secrets import given

NO_MAIL = "none"
"""As `LIANXIN_MAIL_URL`: this system sends no mail, and nobody need set it up."""
_PORTS = {"starttls": 587, "implicit": 465, "none": 25}


class MailServer(NamedTuple):
    """An SMTP server. `tls` is "starttls" (required, not merely tried), "implicit" or "none"."""

    host: str
    port: int
    tls: str
    user: str
    password: str


def mail_server(env: Mapping[str, str]) -> MailServer | None:
    """The server in `LIANXIN_MAIL_URL`, or in the file that `LIANXIN_MAIL_URL_FILE` names; None where neither is set.

    `smtp://user:password@host:587` starts TLS, `smtps://…:465` speaks it from the first byte, `?tls=none` goes
    without; special characters are written %XX. "none" says that mail is not to be used.

    Raises:
        Refusal: the address cannot be understood. The message does not repeat it.
    """
    url = given("LIANXIN_MAIL_URL", env)
    if not url or url == NO_MAIL:
        return None
    try:
        parts = urlsplit(url)
        usual = "implicit" if parts.scheme == "smtps" else "starttls"
        tls = parse_qs(parts.query).get("tls", [usual])[0]
        port = parts.port or _PORTS[tls]
    except (ValueError, KeyError):
        raise Refusal(
            "LIANXIN_MAIL_URL 里的端口或 ?tls= 不对。", "LIANXIN_MAIL_URL: the port or ?tls= cannot be understood."
        ) from None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise Refusal(
            "LIANXIN_MAIL_URL 应形如 smtp://用户:密码@主机:587。",
            "LIANXIN_MAIL_URL looks like smtp://user:password@host:587.",
        )
    return MailServer(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


def mail_is_declined(env: Mapping[str, str]) -> bool:
    """Whether the environment says that this system sends no mail."""
    return given("LIANXIN_MAIL_URL", env) == NO_MAIL
