"""What follows for cases from changes elsewhere, in the transaction of the change."""

from typing import Any

from lianxin.cases.services.returning import return_cases


def return_cases_of(*, person_id: int, **_more: Any) -> None:
    """Receiver of `org.events.person_left` and `role_ended`: what was in their hands goes back to their unit."""
    return_cases(person_id=person_id)
