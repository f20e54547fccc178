"""Every night: which cases are about the same matter, without anybody's number, name or decision being lost."""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import transaction

from lianxin.hotissues.enums import Standing
from lianxin.hotissues.models import Grouping, Issue, Membership
from lianxin.hotissues.policies import FEWEST
from lianxin.hotissues.services.index_cache import locked, now_called, pins, renew
from lianxin.hotissues.services.pair_constraints import Placed, joined, regrouped, sundered
from lianxin.hotissues.services.population import Population, is_meant, kept_apart, linked, population
from lianxin.hotissues.services.titles import Namer, Naming
from lianxin.kernel import timezone
from lianxin.ledger.services import append_event
from lianxin.nlp.grouping import Texts
from lianxin.org.queries import register_words_in

_BATCH = 2000
FEW = 1000
"""Among fewer cases than this it cannot be told which words are rare, so that each group counts as a matter."""


def regroup(*, progress: Callable[[int], object] | None = None) -> int:
    """Group the cases of the last months anew; return how many issues they come to.

    The texts are compared before anything is locked. What people decide meanwhile is kept: decisions are read after.
    """
    found = population()
    texts = Texts(found.messages, found.vectors, names=found.names)
    groups = [[found.cases[n] for n in members] for members in texts.groups(progress)]
    with transaction.atomic():
        grouping = locked()
        into = now_called()
        before = dict(Membership.objects.filter(standing=Standing.MEMBER).values_list("case", "issue"))
        known = set(found.cases)
        old = {case: into.get(issue, issue) for case, issue in before.items() if case in known}
        apart = kept_apart()
        together = joined(groups, [pair for pair in linked() if known.issuperset(pair)])
        placed = [
            Placed(each.issue, cases)
            for each in regrouped(sundered(together, apart), pins(), old)
            if (cases := [case for case in each.cases if case in known])
        ]
        _keep(found, texts, placed, before)
        grouping.at, grouping.meant = timezone.now(), found.vectors is not None
        renew(grouping)
        append_event(
            subject_type="hotissues.grouping",
            subject_id=grouping.pk,
            action="regroup",
            role="clock",
            data={"cases": len(found.cases), "issues": len(placed)},
        )
    return len(placed)


def regroup_if_meant() -> bool:
    """Group anew where issues were found by words alone and by now meaning counts; return whether it was so."""
    grouping = Grouping.objects.first()
    due = grouping is not None and not grouping.meant and Issue.objects.exists() and is_meant()
    if due:
        regroup()
    return due


def _keep(found: Population, texts: Texts, placed: Sequence[Placed[UUID]], before: dict[UUID, int]) -> None:
    """Write what was found; rows that stay as they are are not touched."""
    issues = _issues(found, texts, placed)
    wanted = {case: issue.pk for each, issue in zip(placed, issues, strict=True) for case in each.cases}
    gone = [case for case in found.cases if case in before and case not in wanted]
    moved = [Membership(case_id=case, issue_id=issue) for case, issue in wanted.items() if before.get(case) != issue]
    for start in range(0, len(gone), _BATCH):
        Membership.objects.filter(case__in=gone[start : start + _BATCH]).delete()
    Membership.objects.bulk_create(
        moved,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=["issue", "standing"],
    )
    Membership.objects.filter(case__sealed=True).delete()


def _issues(found: Population, texts: Texts, placed: Sequence[Placed[UUID]]) -> list[Issue]:
    """The issue of each group, old or new, with what it is called now."""
    place = {case: number for number, case in enumerate(found.cases)}
    members = [[place[case] for case in each.cases] for each in placed]
    namings = _namings(Namer(found.messages, found.names), members)
    there = Issue.objects.in_bulk([each.issue for each in placed if each.issue is not None])
    few = len(found.cases) < FEW
    issues: list[Issue] = []
    changed: list[Issue] = []
    for each, rows, naming in zip(placed, members, namings, strict=True):
        issue = there[each.issue] if each.issue is not None else Issue(found_at=timezone.this_hour())
        issue.sure = len(rows) >= FEWEST and (few or texts.is_firm(rows))
        issue.keywords = naming.keywords
        if not issue.renamed:
            issue.name = naming.name
        (changed if issue.pk else issues).append(issue)
    Issue.objects.bulk_create(issues, batch_size=_BATCH)
    Issue.objects.bulk_update(changed, ["sure", "keywords", "name"], batch_size=_BATCH)
    new = iter(issues)
    return [there[each.issue] if each.issue is not None else next(new) for each in placed]


def _namings(namer: Namer, groups: Sequence[Sequence[int]]) -> list[Naming]:
    """What the groups are called; nobody's name is in it."""
    namings = [namer.name(members) for members in groups]
    names, _numbers = register_words_in("\n".join(f"{each.name} {' '.join(each.keywords)}" for each in namings))
    if not names:
        return namings
    return [
        namer.name(members, without=names) if any(name in f"{each.name} {each.keywords}" for name in names) else each
        for members, each in zip(groups, namings, strict=True)
    ]
