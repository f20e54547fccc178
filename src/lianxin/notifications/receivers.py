"""What follows for notifications from what happens to people: in the same transaction as the change itself."""

from typing import Any

from lianxin.notifications.services import forget_contacts, tell_of_activation, write_code_letter


def forget_contacts_of_leaver(*, person_id: int, **_more: Any) -> None:
    """Receiver of `org.events.person_left`."""
    forget_contacts(person_id=person_id)


def send_requested_code(*, person_id: int, batch: str, is_first: bool, **_more: Any) -> None:
    """Receiver of `accounts.events.code_requested`."""
    write_code_letter(person_id=person_id, batch=batch, is_first=is_first)


def tell_of_activated_account(*, person_id: int, **_more: Any) -> None:
    """Receiver of `accounts.events.account_activated`."""
    tell_of_activation(person_id=person_id)
