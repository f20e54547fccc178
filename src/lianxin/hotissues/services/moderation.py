"""What people say about issues. Each decision is kept with who and why, and no regrouping undoes it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.hotissues.enums import DecisionKind, Standing
from lianxin.hotissues.events import issues_merged
from lianxin.hotissues.models import Decision, Follow, Issue, Membership
from lianxin.hotissues.policies import may_decide
from lianxin.hotissues.queries import cases_of, issue_for, suggested_for
from lianxin.hotissues.services.index_cache import locked, renew
from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied, ValidationFailed, VersionConflict
from lianxin.ledger.services import append_event
from lianxin.org.queries import Person

SUBJECT = "hotissues.issue"


@transaction.atomic
def rename(*, actor: Person, issue_id: int, name: str, expected: int, reason: str = "") -> Issue:
    """Call an issue by a name that people know it by.

    Raises:
        NotFound, PermissionDenied: it is not the actor's to decide.
        VersionConflict: somebody decided something else in between.
        ValidationFailed: there is no name.
    """
    issue = _taken(actor, issue_id, expected)
    if not name.strip():
        raise ValidationFailed({"name": _("Please enter a name.")})
    issue.name, issue.renamed = name.strip(), True
    _note(actor, issue, DecisionKind.RENAME, name=issue.name, reason=reason)
    return issue


@transaction.atomic
def confirm(*, actor: Person, issue_id: int, expected: int, reason: str = "") -> Issue:
    """Say that it is one matter, though the words of its cases leave it open. Raises: as `rename`."""
    issue = _taken(actor, issue_id, expected)
    issue.confirmed = True
    _note(actor, issue, DecisionKind.CONFIRM, reason=reason)
    return issue


@transaction.atomic
def merge(*, actor: Person, issue_id: int, other_id: int, expected: int, reason: str) -> Issue:
    """Say that another issue is the same matter: its cases and followers come here, and its number leads here.

    Raises:
        NotFound, PermissionDenied, VersionConflict: as `rename`, of either of the two.
        ValidationFailed: no reason, or the same issue.
    """
    issue, other = _taken(actor, issue_id, expected), issue_for(viewer=actor, issue_id=other_id)
    _needed(reason)
    if other.pk == issue.pk:
        raise ValidationFailed({"other": _("Please choose another issue.")})
    these, those = _members(other), _members(issue)
    Membership.objects.filter(issue=other).update(issue=issue)
    follows = Follow.objects.filter(issue=other)
    moved = [Follow(issue=issue, person_id=pk) for pk in follows.values_list("person", flat=True)]
    Follow.objects.bulk_create(moved, ignore_conflicts=True)
    follows.delete()
    other.merged_into = issue
    other.save()
    Issue.objects.filter(merged_into=other).update(merged_into=issue)
    issues_merged.send(sender=None, issue=issue, other=other)
    issue.sure = issue.sure or other.sure
    _note(actor, issue, DecisionKind.MERGE, other=other, these=these, those=those, reason=reason)
    return issue


@transaction.atomic
def split(*, actor: Person, issue_id: int, cases: Collection[UUID], name: str, expected: int, reason: str) -> Issue:
    """Say that some of its cases are a matter of their own; returned is that new issue. Raises: as `take_out`."""
    issue = _taken(actor, issue_id, expected)
    these, those = _chosen(actor, issue, cases), _members(issue)
    _needed(reason)
    if not name.strip():
        raise ValidationFailed({"name": _("Please enter a name.")})
    other = Issue.objects.create(name=name.strip(), renamed=True, confirmed=True, found_at=timezone.this_hour())
    Membership.objects.filter(case__in=these).update(issue=other, standing=Standing.MEMBER)
    rest = [case for case in those if case not in set(these)]
    _note(actor, issue, DecisionKind.SPLIT, other=other, these=these, those=rest, reason=reason)
    return other


@transaction.atomic
def take_out(*, actor: Person, issue_id: int, cases: Collection[UUID], expected: int, reason: str) -> Issue:
    """Say that some of its cases, or of those that may belong to it, are not the same matter.

    Raises:
        NotFound, PermissionDenied, VersionConflict: as `rename`.
        ValidationFailed: no reason, or none of its cases that the actor sees is chosen.
    """
    issue = _taken(actor, issue_id, expected)
    these = _chosen(actor, issue, cases)
    _needed(reason)
    Membership.objects.filter(case__in=these).delete()
    _note(actor, issue, DecisionKind.APART, these=these, those=_members(issue), reason=reason)
    return issue


@transaction.atomic
def take_in(*, actor: Person, issue_id: int, cases: Collection[UUID], expected: int, reason: str = "") -> Issue:
    """Say that cases that may belong to it do. Raises: as `take_out`; it needs no reason."""
    issue = _taken(actor, issue_id, expected)
    these = _chosen(actor, issue, cases)
    Membership.objects.filter(case__in=these).update(standing=Standing.MEMBER)
    _note(actor, issue, DecisionKind.BELONG, these=these, those=_members(issue), reason=reason)
    return issue


def follow(*, actor: Person, issue_id: int, wanted: bool) -> None:
    """Have an issue among those one follows, or no longer; saying it twice is saying it once.

    Raises:
        NotFound: there is none such for them.
    """
    issue = issue_for(viewer=actor, issue_id=issue_id)
    if wanted:
        Follow.objects.bulk_create([Follow(issue=issue, person=actor)], ignore_conflicts=True)
    else:
        Follow.objects.filter(issue=issue, person=actor).delete()


def _taken(actor: Person, issue_id: int, expected: int) -> Issue:
    """The issue, under the lock."""
    locked()
    issue = issue_for(viewer=actor, issue_id=issue_id)
    if not may_decide(actor):
        raise PermissionDenied(_("Only dispatchers and supervisors can do this."))
    if issue.version != expected or issue.pk != issue_id:
        raise VersionConflict(_("Someone changed this issue in the meantime. Please review it again."))
    return issue


def _members(issue: Issue) -> list[UUID]:
    rows = Membership.objects.filter(issue=issue, standing=Standing.MEMBER).order_by("case")
    return list(rows.values_list("case", flat=True))


def _chosen(actor: Person, issue: Issue, cases: Collection[UUID]) -> list[UUID]:
    """Those of the chosen cases that are the issue's, or may be, and that the actor sees."""
    mine = cases_of(viewer=actor, issue=issue) | suggested_for(viewer=actor, issue=issue)
    found = sorted(mine.filter(pk__in=cases).order_by().values_list("pk", flat=True).distinct())
    if not found:
        raise ValidationFailed({"cases": _("Please select at least one case.")})
    return found


def _needed(reason: str) -> None:
    if not reason.strip():
        raise ValidationFailed({"reason": _("Please give a reason.")})


def _note(
    actor: Person,
    issue: Issue,
    kind: DecisionKind,
    *,
    other: Issue | None = None,
    these: Sequence[UUID] = (),
    those: Sequence[UUID] = (),
    name: str = "",
    reason: str = "",
) -> None:
    """Keep the decision and put it on the record, there without anybody's words."""
    at = timezone.this_hour()
    issue.version += 1
    issue.save()
    Decision.objects.create(
        kind=kind,
        issue=issue,
        other=other,
        these=list(these),
        those=list(those),
        name=name,
        reason=reason.strip(),
        actor=actor,
        at=at,
    )
    append_event(
        subject_type=SUBJECT,
        subject_id=issue.pk,
        action=kind.value,
        actor_id=actor.pk,
        version=issue.version,
        at=at,
        data={"other": other.pk if other else None, "cases": len(these)},
    )
    renew(locked())
