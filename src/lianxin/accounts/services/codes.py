"""One-time codes: made, handed out, redeemed."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hmac import compare_digest

import segno
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.accounts import policies, queries
from lianxin.accounts.events import account_activated, code_requested, code_ways
from lianxin.accounts.models import ActivationCode, CodeRequest, User
from lianxin.accounts.services.sessions import end_sessions
from lianxin.kernel import rate_limit, timezone
from lianxin.kernel.crypto import keyed_hash
from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.ledger.services import append_event
from lianxin.org.queries import Person, normal_number

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters, five bits each, none of which is taken for another."""
_GROUPS, _GROUP = 3, 4
VALID_FOR = timedelta(days=14)
REQUESTED_VALID_FOR = timedelta(days=1)
_REQUESTS, _WINDOW = 3, timedelta(hours=1)
_REQUESTS_AN_ADDRESS = 1000
"""In an hour; a whole enterprise may stand behind one address on its first morning."""
_REQUESTS_AT_ONCE = 500


@dataclass(frozen=True)
class Slip:
    """What is handed to a person. The database has only the code's keyed hash."""

    person: Person
    code: str
    expires_on: date


def new_code() -> str:
    """60 random bits, easy to read out: K7MP-3XQ9-TRWD."""
    return _grouped([secrets.choice(ALPHABET) for _ in range(_GROUPS * _GROUP)])


def _grouped(signs: Sequence[str]) -> str:
    return "-".join("".join(signs[n : n + _GROUP]) for n in range(0, len(signs), _GROUP))


def code_hash(code: str, *, of: object) -> bytes:
    """The keyed hash of a code that belongs to `of`, however it was typed."""
    bare = "".join(character for character in code.upper() if character.isalnum())
    return keyed_hash("one-time code", f"{of}|{bare}")


def matches(kept: bytes | memoryview, code: str, *, of: object) -> bool:
    return compare_digest(bytes(kept), code_hash(code, of=of))


@transaction.atomic
def open_accounts(*, people: Collection[Person]) -> dict[int, User]:
    """The accounts of these people by person, made without a password where there are none."""
    User.objects.bulk_create(
        [User(person=person, username=person.employee_no, password=_unusable()) for person in people],
        ignore_conflicts=True,
    )
    return {user.person_id: user for user in User.objects.filter(person__in=people)}


def new_batch() -> str:
    """A random secret from which all codes of one printing follow, so that a browser which keeps it can show them again
    (`slips_of`).
    """
    return secrets.token_urlsafe(16)


@transaction.atomic
def issue_codes(*, actor: Person, person_ids: Collection[int], batch: str = "") -> list[Slip]:
    """Give people a new one-time code each, in the order of their numbers; an earlier code is void from now on.

    A password that is already set stays in use until the code is redeemed. `batch` is one of `new_batch`.

    Raises:
        PermissionDenied: the actor hands out no codes.
        NotFound: one of them is not within the actor's reach.
    """
    policies.require(actor, "issue_codes")
    people = list(queries.people_and_accounts(viewer=actor).filter(pk__in=set(person_ids)))
    if len(people) != len(set(person_ids)):
        raise NotFound(_("Person not found."))
    users = open_accounts(people=people)
    return _issue(actor, [(person, users[person.pk]) for person in people], batch)


@transaction.atomic
def issue_codes_by_system(*, people: Sequence[Person], batch: str = "") -> list[Slip]:
    """Codes that nobody signed in hands out: the first administrators', or by whoever runs the server."""
    users = open_accounts(people=people)
    return _issue(None, [(person, users[person.pk]) for person in people], batch)


def slips_of(batch: str) -> list[Slip]:
    """The slips of one batch as long as their codes are unused and not replaced, in the order of the numbers."""
    latest = ActivationCode.objects.filter(expires_on__gte=timezone.today() + VALID_FOR - timedelta(days=1))
    return [
        Slip(kept.user.person, code, kept.expires_on)
        for kept in latest.select_related("user__person").order_by("user__person__employee_no")
        if matches(kept.code_hash, code := code_in(batch, kept.user_id), of=kept.user_id)
    ]


def code_in(batch: str, user_id: int) -> str:
    """An account's code in a batch: 60 bits that nobody computes without the batch and the seal key."""
    digest = int.from_bytes(keyed_hash("one-time code of a batch", f"{batch}|{user_id}"))
    return _grouped([ALPHABET[(digest >> (5 * n)) & 31] for n in range(_GROUPS * _GROUP)])


def _issue(actor: Person | None, accounts: Sequence[tuple[Person, User]], batch: str) -> list[Slip]:
    last_day = timezone.today() + VALID_FOR
    batch = batch or new_batch()
    slips = [Slip(person, code_in(batch, user.pk), last_day) for person, user in accounts]
    ActivationCode.objects.bulk_create(
        [
            ActivationCode(user=user, code_hash=code_hash(slip.code, of=user.pk), expires_on=last_day)
            for slip, (_person, user) in zip(slips, accounts, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["user", "requested"],
        update_fields=["code_hash", "expires_on"],
    )
    for _person, user in accounts:
        append_event(
            subject_type="account",
            subject_id=user.pk,
            action="issue_code",
            actor_id=actor.pk if actor else None,
            internal=True,
        )
    return slips


def may_be_requested() -> bool:
    """Whether there is a way to carry a requested code to somebody."""
    return any(code_ways())


@transaction.atomic
def request_code(*, typed: str, address: str) -> None:
    """Ask for a code to be carried to whoever is meant by a number.

    Whoever asks learns nothing of whether there is such a person, and neither does the time tell that it takes: it is
    the worker that looks (`issue_requested_codes`).

    Raises:
        RateLimited: codes were asked for too often, for this number or from this address.
    """
    number = normal_number(typed).casefold()
    rate_limit.admit("code requests", number, limit=_REQUESTS, per=_WINDOW)
    rate_limit.admit("code requests from", address, limit=_REQUESTS_AN_ADDRESS, per=_WINDOW)
    CodeRequest.objects.create(typed=typed)


def issue_requested_codes() -> None:
    """Have the codes that were asked for carried where their people can be reached past everybody else; each once,
    in however many places this runs.
    """
    for asked in CodeRequest.objects.all()[:_REQUESTS_AT_ONCE]:
        with transaction.atomic():
            if CodeRequest.objects.filter(pk=asked.pk).delete()[0]:
                _issue_requested(asked.typed)


def _issue_requested(typed: str) -> None:
    """Issue the code to whoever is meant, if anybody is.

    Whoever holds a role has codes from the security administrator alone: where mail goes and where somebody is reached
    the system administrator says, who also removes second factors, and no one of the two opens their account.
    """
    person = queries.person_meant(typed)
    if person is None or person.has_left or person.grants or _had_enough(person):
        return
    known = User.objects.filter(person=person).first()
    is_first = known is None or not known.has_usable_password()
    user = known or open_accounts(people=[person])[person.pk]
    batch, last_day = new_batch(), timezone.today() + REQUESTED_VALID_FOR
    hashed = {"code_hash": code_hash(code_in(batch, user.pk), of=user.pk), "expires_on": last_day}
    ActivationCode.objects.update_or_create(user=user, requested=True, defaults=hashed)
    code_requested.send(sender=User, person_id=person.pk, batch=batch, is_first=is_first)


def _had_enough(person: Person) -> bool:
    """Whether codes were asked for too often for somebody, in however many ways their number can be written."""
    return rate_limit.count("code requests for", str(person.pk), per=_WINDOW) > _REQUESTS


def _codes_of(user: User) -> QuerySet[ActivationCode]:
    """The codes that count: none that was requested once the person holds a role (`_issue_requested`)."""
    codes = ActivationCode.objects.filter(user=user, expires_on__gte=timezone.today())
    return codes.filter(requested=False) if user.person.grants else codes


def code_is_right(*, user: User | None, code: str) -> bool:
    """Whether the code is the account's, unused and in time. It takes as long for an unknown account."""
    kept = [row.code_hash for row in _codes_of(user)] if user else []
    right = [matches(hashed, code, of=user.pk if user else "") for hashed in kept or [b""]]
    return any(right) and user is not None and user.may_sign_in


@transaction.atomic
def activate(*, user: User, code: str, password: str) -> None:
    """Use up the code and set the password; the account is signed out everywhere, and its person is told.

    Raises:
        ValidationFailed: somebody else was quicker, or the code is wrong or too old.
    """
    if not any(matches(kept.code_hash, code, of=user.pk) for kept in _codes_of(user).select_for_update()):
        raise ValidationFailed({"code": _("This code is incorrect, used or expired. Ask for a new one.")})
    ActivationCode.objects.filter(user=user).delete()
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user)
    account_activated.send(sender=User, person_id=user.person_id)


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """Set another password; the account is signed out everywhere but in the session that asks, if that goes on."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user)


def qr_image(address: str) -> str:
    """A QR code for an image's `src`."""
    return segno.make(address, micro=False).svg_data_uri(scale=4, border=1)


def _unusable() -> str:
    user = User()
    user.set_unusable_password()
    return user.password
