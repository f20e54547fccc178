"""Where people reach the site: what is printed on slips and posters, sent in mails, and told at set-up."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings


def absolute(path: str) -> str:
    """The full address of a path, as `LIANXIN_PUBLIC_URL` says; empty while the system does not know it.

    Never taken from the request: its host is whatever a client sends, or 127.0.0.1 behind a proxy.
    """
    return f"{settings.LIANXIN_PUBLIC_URL}{path}" if settings.LIANXIN_PUBLIC_URL else ""


def is_local(url: str) -> bool:
    """Whether an address leads to the machine itself, whoever opens it."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
