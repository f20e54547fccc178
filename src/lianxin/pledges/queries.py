"""Reading pledges."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from lianxin.cases.models import Case
from lianxin.kernel import timezone
from lianxin.kernel.trees import paths_down_to
from lianxin.org.enums import Role
from lianxin.org.models import Membership, PartyOrganisation, Person
from lianxin.org.queries import in_units_of
from lianxin.pledges.enums import PledgeState
from lianxin.pledges.models import Cycle, Pledge


def branches_for(viewer: Person) -> QuerySet[PartyOrganisation]:
    """The living Party organisations whose secretary they are."""
    there = in_units_of(viewer, "unit", Role.BRANCH_SECRETARY)
    return PartyOrganisation.objects.filter(there, ended_on__isnull=True).select_related("unit").order_by("path")


def cycles_for(viewer: Person) -> QuerySet[Cycle]:
    """The cycles of the branches whose secretary they are, the latest first."""
    there = in_units_of(viewer, "branch__unit", Role.BRANCH_SECRETARY)
    return Cycle.objects.filter(there).select_related("branch")


def open_cycles_for(person: Person) -> QuerySet[Cycle]:
    """The cycles in which they may pledge today: of their branch, and of the branches over a unit they lead."""
    mine = Membership.objects.filter(person=person.pk, ended_on__isnull=True).values("party_organisation")
    led = [path for grant in person.grants if grant.role == Role.UNIT_LEADER for path in paths_down_to(grant.unit_path)]
    fitting = Cycle.objects.filter(ends_on__gte=timezone.today())
    return fitting.filter(Q(branch__in=mine) | Q(branch__unit__path__in=led)).select_related("branch__unit")


def pledges_for(viewer: Person) -> QuerySet[Pledge]:
    """The pledges that they may read, those due first on top."""
    return Pledge.objects.visible_to(viewer).select_related("author", "unit", "cycle__branch")


def visible_pledges(person: Person, ids: Collection[str]) -> Mapping[str, bool]:
    """Those of some pledges that they still read; none is sealed."""
    found = Pledge.objects.visible_to(person).filter(pk__in=list(ids)).values_list("pk", flat=True)
    return {str(pk): False for pk in found}


def count_awaiting(viewer: Person) -> int:
    """How many pledges wait for them: to be reviewed or concluded by a secretary, returned ones of their own."""
    theirs = in_units_of(viewer, "cycle__branch__unit", Role.BRANCH_SECRETARY) & ~Q(author=viewer.pk)
    due = Q(state=PledgeState.PUBLISHED, due_on__lte=timezone.today())
    waiting = theirs & (Q(state=PledgeState.PROPOSED) | due)
    returned = Q(author=viewer.pk, state=PledgeState.DRAFT) & ~Q(returned_because="")
    return Pledge.objects.filter(waiting | returned).count()


def citable_cases(viewer: Person) -> QuerySet[Case]:
    """The cases that they solved and may cite, the latest first."""
    solved = Case.objects.staff_visible_to(viewer).filter(handler=viewer.pk, closed_at__isnull=False)
    return solved.filter(sealed=False, is_test=False).order_by("-closed_at")


def readable_cases(viewer: Person, case_ids: Collection[UUID]) -> set[UUID]:
    """Those of some cases whose page the viewer may open."""
    return set(Case.objects.visible_to(viewer).filter(pk__in=case_ids).values_list("pk", flat=True))
