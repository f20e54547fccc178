"""What accounts make of what happens to people."""

from lianxin.accounts.models import ActivationCode, User
from lianxin.accounts.services.sessions import end_sessions


def close_account(*, person_id: int) -> None:
    """Sign out who leaves, and let them sign in no more."""
    for user in User.objects.filter(person_id=person_id):
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        ActivationCode.objects.filter(user=user).delete()
        end_sessions(user=user)


def reopen_account(*, person_id: int) -> None:
    """Let who returns sign in again, with a new one-time code."""
    User.objects.filter(person_id=person_id).update(is_active=True)


def rename_account(*, person_id: int, employee_no: str) -> None:
    """Have somebody sign in with their new employee number."""
    User.objects.filter(person_id=person_id).update(username=employee_no)


def choose_language(*, user: User, language: str) -> None:
    """Keep the language in which somebody reads, for their other devices."""
    User.objects.filter(pk=user.pk).update(language=language)
