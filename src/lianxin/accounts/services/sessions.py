"""Where an account is signed in, and ending that."""

import re
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.accounts.enums import Device
from lianxin.accounts.models import SignIn, User
from lianxin.accounts.queries import sign_ins_of
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.kernel.sessions import stored_key

_TABLET = re.compile(r"iPad|Tablet|Android(?!.*Mobile)", re.IGNORECASE)
_PHONE = re.compile(r"Mobile|iPhone|Android|HarmonyOS|MicroMessenger", re.IGNORECASE)


def device_of(user_agent: str) -> Device:
    """The kind of device, which is all of a user agent that is kept."""
    if _TABLET.search(user_agent):
        return Device.TABLET
    return Device.PHONE if _PHONE.search(user_agent) else Device.COMPUTER


def note_sign_in(*, request: HttpRequest, user: User) -> None:
    """Put the session that has just begun on its owner's list, and drop from it what has expired."""
    if not request.session.session_key:
        request.session.save()
    SignIn.objects.filter(user=user).exclude(pk__in=sign_ins_of(user=user)).delete()
    SignIn.objects.update_or_create(
        session_key=stored_key(request.session.session_key or ""),
        defaults={
            "user": user,
            "device": device_of(request.headers.get("User-Agent", "")),
            "signed_in_on": timezone.today(),
        },
    )


def note_sign_out(*, session_key: str | None) -> None:
    if session_key:
        SignIn.objects.filter(session_key=stored_key(session_key)).delete()


@transaction.atomic
def end_session(*, user: User, sign_in_id: UUID) -> None:
    """Sign the account out on one device.

    Raises:
        NotFound: there is no such session of this account.
    """
    sign_in = SignIn.objects.filter(user=user, pk=sign_in_id).first()
    if sign_in is None:
        raise NotFound(_("This session has already ended."))
    _end([sign_in.session_key])


@transaction.atomic
def end_sessions(*, user: User, except_key: str | None = None) -> int:
    """Sign the account out everywhere, or everywhere else; return on how many devices."""
    ending = SignIn.objects.filter(user=user)
    if except_key:
        ending = ending.exclude(session_key=stored_key(except_key))
    keys = list(ending.values_list("session_key", flat=True))
    _end(keys)
    return len(keys)


def _end(keys: list[str]) -> None:
    """End sessions, by what the database keeps of their keys."""
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()


def forget_expired() -> None:
    """Delete sessions that are over, and what is listed of them."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    SignIn.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
