"""What people do with a warning: take it up, act, dismiss it."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.cases.queries.publication import Case
from lianxin.hotissues.models import EarlyWarning
from lianxin.hotissues.queries.early_warning.inbox import get_warning_for, relations_of
from lianxin.hotissues.workflow import SUBJECT, WARNING, this_hour
from lianxin.kernel.errors import NotAllowed
from lianxin.notifications.services import mark_read
from lianxin.org.queries import Person


def acknowledge(*, actor: Person, warning_id: UUID | str, expected: int | None = None) -> EarlyWarning:
    """Say that one has it in hand: nobody further up is told.

    Raises:
        NotFound: there is no such warning for the actor.
        NotAllowed: they follow the issue, but do not answer for its units.
        Stale: somebody acted in between.
    """
    return _perform("acknowledge", actor, warning_id, expected)


def act(*, actor: Person, warning_id: UUID | str, text: str, expected: int | None = None) -> EarlyWarning:
    """Say what was done about it; it is settled.

    Raises:
        NotFound, NotAllowed, Stale: as `acknowledge`.
        Invalid: nothing is said (field `text`).
    """
    return _perform("act", actor, warning_id, expected, text=text)


def dismiss(
    *, actor: Person, warning_id: UUID | str, text: str, false_alarm: bool, expected: int | None = None
) -> EarlyWarning:
    """Say why nothing is to be done, and whether there was nothing to warn of; it is settled. Raises: as `act`."""
    return _perform("dismiss", actor, warning_id, expected, text=text, false_alarm=false_alarm)


def _perform(action: str, actor: Person, warning_id: UUID | str, expected: int | None, **inputs: Any) -> EarlyWarning:
    def fetch() -> EarlyWarning:
        found = get_warning_for(viewer=actor, warning_id=warning_id, lock=True)
        _refuse_own(actor, found)
        return found

    warning = WARNING.perform(
        action,
        actor=actor,
        fetch=fetch,
        relations=relations_of,
        expected=expected,
        at=this_hour(),
        **inputs,
    )
    mark_read(actor=actor, subject_type=SUBJECT, subject_id=warning.pk)
    return warning


def _refuse_own(actor: Person, warning: EarlyWarning) -> None:
    """A warning reaches whoever raised one of its cases in confidence like everybody else; but it is not theirs to
    settle.
    """
    concerned = Q(pk=warning.case_id) | Q(pk__in=warning.rows.values("case"))
    if Case.objects.raised_by(actor).filter(concerned).exists():
        raise NotAllowed(_("You submitted this case, so someone else has to do this."))
