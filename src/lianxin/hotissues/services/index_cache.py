"""The decisions of people, replayed; and the lock under which issues change."""

from uuid import UUID, uuid4

from lianxin.hotissues.enums import DecisionKind
from lianxin.hotissues.models import Decision, Grouping, Issue
from lianxin.hotissues.services.pair_constraints import Pins


def locked() -> Grouping:
    """Nobody else changes issues until the transaction ends."""
    Grouping.objects.get_or_create(pk=1)
    return Grouping.objects.select_for_update().get(pk=1)


def renew(grouping: Grouping) -> None:
    """Somebody belongs elsewhere now: whoever keeps in memory who belongs where reads it anew."""
    grouping.version = uuid4()
    grouping.save()


def now_called() -> dict[int, int]:
    """Where issues went that were merged into others."""
    rows = Issue.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    return {issue: into for issue, into in rows if into}


def pins() -> Pins[UUID]:
    """What follows from all that people decided about who belongs where."""
    found: Pins[UUID] = Pins()
    into = now_called()
    for row in Decision.objects.exclude(kind__in=[DecisionKind.RENAME, DecisionKind.CONFIRM]).order_by("id"):
        issue = into.get(row.issue_id, row.issue_id)
        if row.kind in (DecisionKind.MERGE, DecisionKind.BELONG):
            found.together([*row.these, *row.those], issue)
        else:
            other = into.get(row.other_id, row.other_id) if row.other_id else None
            found.apart(row.these, row.those, issue, other)
    return found
