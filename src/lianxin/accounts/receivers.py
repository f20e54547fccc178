"""What follows for accounts from what happens to people: in the same transaction as the change itself."""

from typing import Any

from lianxin.accounts import services


def close_account_of_leaver(*, person_id: int, **_more: Any) -> None:
    """Receiver of `org.events.person_left`."""
    services.close_account(person_id=person_id)


def reopen_account_of_returner(*, person_id: int, **_more: Any) -> None:
    """Receiver of `org.events.person_returned`."""
    services.reopen_account(person_id=person_id)


def rename_account_of_corrected(*, person_id: int, employee_no: str, **_more: Any) -> None:
    """Receiver of `org.events.person_corrected`."""
    services.rename_account(person_id=person_id, employee_no=employee_no)


def check_second_factor_again(*, person_id: int, **_more: Any) -> None:
    """Receiver of `org.events.role_granted`."""
    services.check_second_factor_again(person_id=person_id)
