"""From which address a request came."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks, for rate limits only: never store or log it.

    Anybody can write `X-Forwarded-For`, so it is believed only as far as our own proxies have added to it: with
    `LIANXIN_TRUSTED_PROXIES` = n, the n-th entry from the right is what the outermost of them saw.
    """
    proxies: int = settings.LIANXIN_TRUSTED_PROXIES
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return request.META.get("REMOTE_ADDR", "")
