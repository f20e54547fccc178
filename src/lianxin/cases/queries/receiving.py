"""Who will deal with a case that was just submitted, and how long that usually takes."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import ngettext

from lianxin.cases.enums import CaseKind, CaseState, DeadlineKind, Measure
from lianxin.cases.models import Case, Category
from lianxin.cases.workflow import routing, sla
from lianxin.kernel import timezone
from lianxin.org.enums import Role
from lianxin.org.models import RoleGrant, active_on

_FROM_DISPATCH = (DeadlineKind.CONTACT, DeadlineKind.REPLY)


@dataclass(frozen=True)
class Receiving:
    """The unit whose dispatchers receive the case, where that may be said, and the usual spans from dispatch."""

    unit: str
    contact: str
    reply: str


def receiving_of(case: Case) -> Receiving | None:
    """For whoever submitted it; nothing once it is accepted, nor of a sealed case, which takes other ways."""
    if case.state != CaseState.SUBMITTED or case.sealed:
        return None
    contact, reply = "", ""  # of a hazard the clocks run already, to the minute
    if not case.danger:
        contact, reply = (_span(clock, case.kind, case.category) for clock in _FROM_DISPATCH)
    # Where it goes around whom it is about, or may be about, would say what was recognised.
    return Receiving("" if case.about_text else _unit(case), contact, reply)


def _unit(case: Case) -> str:
    grants = RoleGrant.objects.filter(
        active_on(timezone.today()),
        role=case.desk_role or Role.DISPATCHER,
        person__in=routing.dispatchers(case),
        unit__path__in=case.place_unit.ancestor_paths,
    )
    return grants.order_by("-unit__path").values_list("unit__name", flat=True).first() or ""


def usual_spans() -> list[tuple[str, str]]:
    """Each kind of case, with how long after dispatch its reply usually takes."""
    kinds = [kind for kind in CaseKind if kind not in (CaseKind.HAZARD, CaseKind.UNSORTED)]
    return [(capfirst(str(kind.label)), _span(DeadlineKind.REPLY, kind)) for kind in kinds]


def _span(deadline: DeadlineKind, kind: str, category: Category | None = None) -> str:
    return span_text(*sla.rule_for(deadline, kind, category))


def span_text(amount: int, measure: str) -> str:
    """A length of time in words: "1 working day"."""
    said = {
        Measure.WORKING_DAYS: ngettext("%(n)d working day", "%(n)d working days", amount),
        Measure.DAYS: ngettext("%(n)d day", "%(n)d days", amount),
        Measure.HOURS: ngettext("%(n)d hour", "%(n)d hours", amount),
        Measure.MINUTES: ngettext("%(n)d minute", "%(n)d minutes", amount),
    }
    return said[Measure(measure)] % {"n": amount}
