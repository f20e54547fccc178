"""What follows for notifications from what happens to people: in the same transaction as the change itself."""

from typing import Any

from lianxin.notifications.services import forget_contacts


def forget_contacts_of_leaver(*, person_id: int, **_more: Any) -> None:
    """Receiver of `org.events.person_left`."""
    forget_contacts(person_id=person_id)
