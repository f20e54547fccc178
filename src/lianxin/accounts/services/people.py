"""What accounts make of what happens to people."""

from lianxin.accounts.models import ActivationCode, User
from lianxin.accounts.services.sessions import end_sessions
from lianxin.org.events import PersonCorrected, PersonLeft, PersonReturned


def close_account(fact: PersonLeft) -> None:
    """Sign out who leaves, and let them sign in no more."""
    for user in User.objects.filter(person_id=fact.person_id):
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        ActivationCode.objects.filter(user=user).delete()
        end_sessions(user=user)


def reopen_account(fact: PersonReturned) -> None:
    """Let who returns sign in again, with a new one-time code."""
    User.objects.filter(person_id=fact.person_id).update(is_active=True)


def rename_account(fact: PersonCorrected) -> None:
    User.objects.filter(person_id=fact.person_id).update(username=fact.employee_no)


def choose_language(*, user: User, language: str) -> None:
    """Keep the language in which somebody reads, for their other devices."""
    User.objects.filter(pk=user.pk).update(language=language)
