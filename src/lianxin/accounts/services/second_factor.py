"""The second step of signing in, which some roles must have."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.accounts import policies, queries
from lianxin.accounts.models import SignIn, User
from lianxin.accounts.services.sessions import end_sessions
from lianxin.kernel import rate_limit, timezone
from lianxin.kernel.errors import NotFound
from lianxin.kernel.sessions import take_out
from lianxin.ledger.services import append_event
from lianxin.org.queries import Person

_KEPT = timedelta(days=1)
"""For so long a used code is remembered: far longer than it could be used."""
_SEEN_ON = "second_factor_seen_on"
"""In the session: the day on which it was found that no second factor is owed."""


def owes_second_factor(*, request: HttpRequest, user: User) -> bool:
    """Whether the account must set up its second factor before anything else.

    For everybody else the answer is kept in the session for the day, so asking costs nothing.
    """
    today = timezone.today().isoformat()
    if settings.DEMO or request.session.get(_SEEN_ON) == today:
        return False
    if queries.needs_second_factor(user.person) and not queries.has_second_factor(user):
        return True
    request.session[_SEEN_ON] = today
    return False


@transaction.atomic
def check_second_factor_again(*, person_id: int) -> None:
    """Have every session of whoever was granted a role look again whether a second factor is owed."""
    sign_ins = SignIn.objects.filter(user__person_id=person_id)
    take_out(sign_ins.values_list("session_key", flat=True), _SEEN_ON)


def may_remove(authenticator: Authenticator) -> bool:
    """Whether somebody may take away one of their own: not the last one where a role asks for it."""
    user = User.objects.get(pk=authenticator.user_id)
    others = Authenticator.objects.filter(user_id=user.pk).exclude(pk=authenticator.pk)
    others = others.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return settings.DEMO or others.exists() or not queries.needs_second_factor(user.person)


def use_code_once(*, user: User, code: str) -> bool:
    """Whether this code of the account was not used yet, in setting up, signing in or confirming; whoever asks has
    used it.
    """
    bare = "".join(sign for sign in code if sign.isalnum()).upper()
    return rate_limit.once("second factor used", f"{user.pk}|{bare}", until=timezone.now() + _KEPT)


@transaction.atomic
def remove_second_factor(*, actor: Person, person_id: int) -> None:
    """Take away all that somebody signs in with besides the password, because they lost it, and sign them out.

    Raises:
        PermissionDenied: the actor may not, or it is their own.
        NotFound: they are not within the actor's reach.
    """
    policies.require(actor, "remove_second_factors")
    person = queries.people_and_accounts(viewer=actor).filter(pk=person_id).first()
    user = User.objects.filter(person_id=person_id).first()
    if person is None or user is None:
        raise NotFound(_("Person not found."))
    policies.require(actor, "remove_second_factor", person)
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user=user)
    append_event(
        subject_type="account",
        subject_id=user.pk,
        action="remove_second_factor",
        actor_id=actor.pk,
        internal=True,
    )
