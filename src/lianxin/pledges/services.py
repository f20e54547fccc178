"""Opening a cycle, drafting a pledge, reminding: what is more than one step of the table."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.org.enums import Role
from lianxin.org.queries import Person
from lianxin.pledges.enums import PledgeKind, PledgeNotice, PledgeState
from lianxin.pledges.models import Cycle, Pledge
from lianxin.pledges.queries import branches_for, open_cycles_for
from lianxin.pledges.workflow import NOTICES, PLEDGE, author_of, secretaries_of

REMIND_AGAIN = timedelta(days=7)
"""How long after a reminder of a pledge that is due the next one goes out."""


def open_cycle(*, actor: Person, branch_id: int, title: str, starts_on: date, ends_on: date) -> Cycle:
    """Open a cycle in which the branch's members and units pledge.

    Raises:
        PermissionDenied: the actor is not the branch's secretary.
        ValidationFailed: it ends before it begins, or the branch has one of this title.
    """
    branch = branches_for(actor).filter(pk=branch_id).first()
    if branch is None:
        raise PermissionDenied(_("This is for the branch's secretary."))
    if ends_on <= starts_on:
        raise ValidationFailed({"ends_on": _("It has to end after it begins.")})
    cycle, is_new = Cycle.objects.get_or_create(
        branch=branch, title=title.strip(), defaults={"starts_on": starts_on, "ends_on": ends_on}
    )
    if not is_new:
        raise ValidationFailed({"title": _("The branch has a cycle of this title already.")})
    return cycle


@transaction.atomic
def draft_pledge(*, actor: Person, cycle: Cycle, kind: str, text: str, due_on: date) -> Pledge:
    """Draft a pledge of one's own, or of the unit that one leads.

    Raises:
        PermissionDenied: the actor is neither a member of the branch nor a leader there.
        ValidationFailed: the day lies outside the cycle, or a unit goal is not the actor's to promise.
    """
    if not open_cycles_for(actor).filter(pk=cycle.pk).exists():
        raise PermissionDenied(_("This cycle is for the members and unit leaders of its branch."))
    if not cycle.starts_on <= due_on <= cycle.ends_on:
        raise ValidationFailed({"due_on": _("The day lies outside the cycle.")})
    led = next((grant.unit_id for grant in actor.grants if grant.role == Role.UNIT_LEADER), None)
    if kind == PledgeKind.UNIT_GOAL and led is None:
        raise ValidationFailed({"kind": _("A unit goal is promised by the unit's leader.")})
    home: int = actor.unit.pk if actor.unit else cycle.branch.unit_id
    pledge = Pledge.objects.create(
        cycle=cycle,
        author=actor,
        unit_id=led if led and kind == PledgeKind.UNIT_GOAL else home,
        kind=kind,
        text=text.strip(),
        due_on=due_on,
    )
    PLEDGE.record_start(pledge, actor=actor, action="draft")
    return pledge


def remind_of_due() -> int:
    """Tell authors and secretaries of the published pledges that are due; return of how many. Safe to run again."""
    today, told = timezone.today(), 0
    due = Pledge.objects.filter(state=PledgeState.PUBLISHED, remind_on__lte=today)
    for pledge in due.select_related("author", "cycle__branch__unit").iterator():
        with transaction.atomic():
            claimed = Pledge.objects.filter(pk=pledge.pk, remind_on=pledge.remind_on)
            if not claimed.update(remind_on=today + REMIND_AGAIN):
                continue
            NOTICES.send(PledgeNotice.DUE, pledge, [*author_of(pledge), *secretaries_of(pledge)])
            told += 1
    return told
