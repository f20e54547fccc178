"""The mark that a system was filled as a sample: written once into the record, which nobody can change.

Without it there is no signing in by one click, whatever a process was started with.
"""

from lianxin.accounts.queries import setup_is_open
from lianxin.ledger.queries import events_of
from lianxin.ledger.services import append_event

_SUBJECT = ("system", "sample")


def is_empty() -> bool:
    """Whether nothing has been set up here yet."""
    return setup_is_open()


def is_sample() -> bool:
    """Whether this system was made as a sample, when it was empty."""
    return events_of(*_SUBJECT).exists()


def mark_as_sample() -> None:
    """Say for ever that all people here are invented."""
    subject_type, subject_id = _SUBJECT
    append_event(subject_type=subject_type, subject_id=subject_id, action="fill", role="system", internal=True)
