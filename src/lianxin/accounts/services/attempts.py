"""How often somebody may guess, without locking out a whole office that shares one address.

Failures are counted for the account that is meant, so one that is hammered rests for the remainder of the window
while nobody else is affected. They are also counted for the address, with a high limit, and given back when the same
account succeeds from there: the typing errors of five hundred colleagues cancel out, what a machine tries does not.
A device on which the account was signed in before counts for itself, so that a stranger cannot lock the owner out.
Only keyed hashes with the end of the window are kept (`kernel.rate_limit`).
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lianxin.accounts.models import User
from lianxin.kernel import rate_limit
from lianxin.kernel.client_ip import client_address
from lianxin.org.queries import normal_number

WINDOW = timedelta(minutes=15)
FAILURES_A_CREDENTIAL = 5
FAILURES_AN_ADDRESS = 300

_DEVICE_COOKIE = "lianxin_device"
_DEVICE_DAYS = 180
_SALT = "lianxin.accounts.device"


@dataclass(frozen=True)
class Attempt:
    """One guess. Make it with `attempt`.

    Args:
        kind: what is guessed; each kind counts for itself.
        subject: whose secret it is.
        address: from where; empty when the device is known, which needs no further limit.
    """

    kind: str
    subject: str
    address: str

    def refuse_if_too_many(self) -> None:
        """Refuse before anything is compared.

        Raises:
            RateLimited: with the seconds until the next window.
        """
        rate_limit.check(self.kind, self.subject, limit=FAILURES_A_CREDENTIAL, per=WINDOW)
        if self.address:
            rate_limit.check(f"{self.kind} from", self.address, limit=FAILURES_AN_ADDRESS, per=WINDOW)

    def failed(self) -> None:
        rate_limit.count(self.kind, self.subject, per=WINDOW)
        if self.address:
            rate_limit.count(f"{self.kind} from", self.address, per=WINDOW)
            rate_limit.count(f"{self.kind} of", f"{self.subject}|{self.address}", per=WINDOW)

    def succeeded(self) -> None:
        """Give back this account's own failures from this address, and let the account start anew."""
        self._take_back(self.kind, self.subject, rate_limit.count(self.kind, self.subject, per=WINDOW, by=0))
        if self.address:
            own = f"{self.subject}|{self.address}"
            count = rate_limit.count(f"{self.kind} of", own, per=WINDOW, by=0)
            self._take_back(f"{self.kind} of", own, count)
            self._take_back(f"{self.kind} from", self.address, count)

    @staticmethod
    def _take_back(scope: str, subject: str, count: int) -> None:
        if count:
            rate_limit.count(scope, subject, per=WINDOW, by=-count)


def attempt(kind: str, request: HttpRequest, *, user: User | None, typed: str = "") -> Attempt:
    """A guess at the secret of `user`, or of whatever account `typed` may mean."""
    subject = f"account {user.pk}" if user else f"typed {normal_number(typed).casefold()}"
    if user and (device := _known_device(request, user)):
        return Attempt(kind, f"{subject} on {device}", "")
    return Attempt(kind, subject, client_address(request))


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let this device be known from now on, to the sign-in pages alone: the cookie goes to no other."""
    if not _known_device(request, user):
        response.set_cookie(
            _DEVICE_COOKIE,
            signing.dumps([user.pk, secrets.token_hex(8)], salt=_SALT),
            max_age=timedelta(days=_DEVICE_DAYS),
            path=reverse("account_login"),
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )


def _known_device(request: HttpRequest, user: User) -> str:
    """The name of a device on which the account was signed in before, or nothing."""
    try:
        user_id, name = signing.loads(
            request.COOKIES.get(_DEVICE_COOKIE, ""), salt=_SALT, max_age=timedelta(days=_DEVICE_DAYS)
        )
    except signing.BadSignature:
        return ""
    return name if user_id == user.pk else ""
