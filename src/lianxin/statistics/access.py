"""Whose figures somebody may see: those of the units of their role, and of all below."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from lianxin.cases.enums import OPEN_STATES, CaseState
from lianxin.cases.models import Case
from lianxin.cases.policies import FIGURE_ROLES, named_in
from lianxin.kernel import timezone
from lianxin.kernel.trees import STEP
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit, in_reach, role_paths, unit_among


def sees_figures(viewer: Person) -> bool:
    """Whether they hold a role that comes with figures."""
    return viewer.holds(*FIGURE_ROLES)


def opens_all(viewer: Person, unit: Unit) -> bool:
    """Whether they may open whatever counts in a unit: its supervisors, and the dispatchers of the whole enterprise."""
    return any(
        grant.reaches(unit.path) and (grant.role == Role.SUPERVISOR or len(grant.unit_path) == STEP)
        for grant in viewer.grants
        if grant.role in (Role.SUPERVISOR, Role.DISPATCHER)
    )


def figure_units(*, viewer: Person) -> QuerySet[Unit]:
    """The units, ended ones too, whose figures the viewer may see, from the top down."""
    return Unit.objects.filter(in_reach(role_paths(viewer, *FIGURE_ROLES), "path")).order_by("depth", "path")


def figures_unit_for(*, viewer: Person, code: str = "") -> tuple[Unit, Sequence[Unit]]:
    """The unit of this code (none given: the viewer's topmost), and those above it that they may see as well.

    Raises:
        NotFound: there is none such within the viewer's reach.
    """
    return unit_among(figure_units(viewer=viewer), code)


def open_matters(*, viewer: Person) -> dict[str, int]:
    """How many matters of the people in the viewer's units are open, overdue, or wait for the requester.

    Without sealed cases and those that name the viewer: these do not exist for them.
    """
    here = in_reach(role_paths(viewer, *FIGURE_ROLES), "place_unit__path")
    cases = Case.objects.filter(here, sealed=False, is_test=False, state__in=OPEN_STATES).exclude(
        pk__in=named_in(viewer)
    )
    return cases.aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=timezone.now())),
        answer=Count("pk", filter=Q(state=CaseState.WAITING)),
        rating=Count("pk", filter=Q(state=CaseState.REPLIED)),
    )
