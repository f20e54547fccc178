"""Mails about accounts: sign-in codes that somebody asked for, and that an account was activated.

They go to the address that the person has confirmed or, before anybody has used the account, to the one on file.
"""

from datetime import timedelta
from uuid import uuid4

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.accounts.services import code_in
from lianxin.kernel import timezone
from lianxin.kernel.public_url import absolute
from lianxin.notifications.enums import AccountNotice, LetterKind
from lianxin.notifications.models import Contact, Letter
from lianxin.notifications.queries import mail_is_set_up
from lianxin.notifications.services.channels import MAIL, Message
from lianxin.notifications.services.channels.base import Item
from lianxin.notifications.services.holding import is_held
from lianxin.notifications.services.inbox import notify
from lianxin.notifications.services.message_builder import in_language_of

_LASTS = timedelta(days=1)


def letters_go_out() -> bool:
    """Whether a letter would reach anybody now."""
    return mail_is_set_up() and not is_held(MAIL)


def write_code_letter(*, person_id: int, batch: str, is_first: bool) -> None:
    """Have a requested sign-in code sent; one that still waits is replaced."""
    Letter.objects.filter(person=person_id, kind=LetterKind.CODE).delete()
    _write(person_id, LetterKind.CODE, batch=batch, is_first=is_first)


def tell_of_activation(*, person_id: int) -> None:
    """Tell somebody in every way that their account was activated. Of the moment no more than the day is kept."""
    today = timezone.now().astimezone(timezone.zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    notify(
        kind=AccountNotice.ACTIVATED, recipients=[person_id], subject_type="account", subject_id="", label="", at=today
    )
    _write(person_id, LetterKind.ACTIVATED)


def _write(person_id: int, kind: LetterKind, *, batch: str = "", is_first: bool = True) -> None:
    last_day = timezone.today() + _LASTS
    Letter.objects.create(person_id=person_id, kind=kind, batch=batch, is_first=is_first, last_day=last_day)


def waiting_letters(*, failed_too: bool) -> QuerySet[Letter]:
    """Letters that have not gone yet; those that failed once are tried with the round of each minute alone."""
    letters = Letter.objects.order_by("last_day", "pk").select_related("person__user")
    return letters if failed_too else letters.filter(failures=0)


def message_of(letter: Letter) -> Message | None:
    """What a letter says, and to which address; None where it has none, or its time is over."""
    address = _address_of(letter)
    if not address or letter.last_day < timezone.today() or letter.person.has_left:
        return None
    with in_language_of(letter.person):
        if letter.kind == LetterKind.CODE:
            said = _(
                "Enter this sign-in code and your employee number to choose your password. It is valid until tomorrow "
                "and works once. If you did not ask for it, please ignore this email; give it to nobody."
            )
            item, code = (
                Item(said, absolute(reverse("accounts:activate"))),
                code_in(letter.batch, letter.person.user.pk),
            )
        else:
            item, code = Item(str(AccountNotice.ACTIVATED.label), absolute(reverse("accounts:profile"))), ""
        return Message(
            id=str(uuid4()),
            address=address,
            subject=_("Lianxin"),
            items=[item],
            code=code,
            code_label=_("Your sign-in code:"),
        )


def _address_of(letter: Letter) -> str:
    own = Contact.objects.filter(person=letter.person, channel=MAIL, confirmed_at__isnull=False).first()
    if own is None:
        return letter.person.email if letter.is_first else ""
    # The inbox tells them of the activation by itself, at once or when they want to be told.
    if letter.kind == LetterKind.CODE:
        return own.address
    return "" if letter.person.email == own.address else letter.person.email
