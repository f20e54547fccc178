"""From which address a request came."""

import re
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")
_LONGEST = 64
_ONE_HOME = 64  # bits of an IPv6 address that a line at home or an office gets; the rest it chooses itself


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks, for limits only: never store or log it. Of IPv6 it is the network (/64).

    Anybody can write `X-Forwarded-For`, so it is believed only as far as our own proxies have added to it: with
    `LIANXIN_TRUSTED_PROXIES` = n, the n-th entry from the right is what the outermost of them saw.
    """
    proxies: int = settings.LIANXIN_TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return _source(forwarded[-proxies])
    return _source(request.META.get("REMOTE_ADDR", ""))


def _source(written: str) -> str:
    """Without a port, which differs from connection to connection."""
    found = _WITH_PORT.fullmatch(written)
    bare = (found[1] or found[2] if found else written).partition("%")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return bare[:_LONGEST]
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, _ONE_HOME), strict=False))
