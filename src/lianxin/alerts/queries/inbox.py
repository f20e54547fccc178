"""The inbox of alerts, and one of them: what the viewer may see, and no more."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case as CaseWhen
from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lianxin.alerts.enums import UNSETTLED, AlertState, RuleKind
from lianxin.alerts.models import Alert, AlertRecipient
from lianxin.alerts.policies import actable, barred, sees_alerts, visible
from lianxin.alerts.queries.reasons import Part, reason, reason_parts
from lianxin.alerts.workflow import ACTOR, READER, SUBJECT
from lianxin.cases.enums import CaseState
from lianxin.cases.queries.publication import Case
from lianxin.hotissues.models import Issue
from lianxin.hotissues.policies import FEWEST
from lianxin.hotissues.queries.issue import issues_for
from lianxin.kernel.errors import NotFound
from lianxin.ledger.queries import Event, events_of
from lianxin.org.queries import Person


@dataclass(frozen=True)
class Group:
    """A tab of the inbox: what it is called, and which alerts stand in it."""

    label: str | Promise
    test: Callable[[Person], Q]


GROUPS: Mapping[str, Group] = {
    "mine": Group(
        pgettext_lazy("warnings", "Mine"),
        lambda viewer: (
            (Q(state=AlertState.NEW) & _was_notified(viewer)) | Q(state=AlertState.TAKEN, taken_by=viewer.pk)
        ),
    ),
    "waiting": Group(pgettext_lazy("warnings", "Unassigned"), lambda _viewer: Q(state=AlertState.NEW)),
    "in_hand": Group(pgettext_lazy("warnings", "In progress"), lambda _viewer: Q(state=AlertState.TAKEN)),
    "settled": Group(pgettext_lazy("warnings", "Resolved"), lambda _viewer: ~Q(state__in=UNSETTLED)),
}
"""In the order of the tabs. Mine: what the viewer was told of and nobody has taken up, and what they took up.
The others hold all that the viewer sees.
"""
_PRESSING = CaseWhen(
    When(rule=RuleKind.DANGER, state=AlertState.NEW, then=Value(0)), default=Value(1), output_field=IntegerField()
)
_READ_WITH = ("issue", "unit", "category", "case__place_unit", "taken_by", "settled_by")


@dataclass(frozen=True)
class AlertLine:
    """An alert as it stands in a list.

    `title`: what it is about, as the viewer may know it. `where`: the unit's name. `issue`, `case`: where it leads, if
    that exists for them.
    `may_act`: whether the viewer may take it up, act or dismiss.
    """

    alert: Alert
    title: str
    where: str
    reason: str
    issue: Issue | None
    case: Case | None
    may_act: bool

    @property
    def kind(self) -> RuleKind:
        """Which rule found it."""
        return RuleKind(self.alert.rule_id)

    @property
    def is_pressing(self) -> bool:
        """Whether somebody may be in danger, and nobody has taken it up."""
        return self.kind == RuleKind.DANGER and self.alert.state == AlertState.NEW


@dataclass(frozen=True)
class HistoryLine:
    """What was done with an alert, when and by whom."""

    at: datetime
    who: str
    said: str


_DONE: Mapping[str, str | Promise] = {
    "raise": gettext_lazy("raised"),
    "rise": gettext_lazy("not assigned: escalated to the next level"),
    "join": gettext_lazy("combined with the same warning of a merged issue"),
    "acknowledge": gettext_lazy("assigned"),
    "release": gettext_lazy("returned: whoever had it in hand left or lost the role"),
    "act": gettext_lazy("handled"),
    "dismiss": gettext_lazy("no action needed"),
}


@dataclass(frozen=True)
class AlertPage:
    """One alert with its numbers and its rows.

    `cases`: the rows that the viewer may open, newest first. `more`: how many others there are; 0 if fewer than three,
    so that nothing can be told by what is missing. `history`: what was done with it, oldest first.
    """

    line: AlertLine
    parts: list[Part]
    cases: QuerySet[Case]
    more: int
    history: list[HistoryLine]


def _was_notified(viewer: Person) -> Q:
    return Q(Exists(AlertRecipient.objects.filter(alert=OuterRef("pk"), person=viewer.pk)))


def alerts_for(*, viewer: Person, group: str = "waiting") -> QuerySet[Alert]:
    """The alerts of a group (see `GROUPS`) that the viewer sees: danger to people first, then the newest."""
    rows = Alert.objects.filter(visible(viewer), GROUPS[group].test(viewer))
    return rows.select_related(*_READ_WITH).alias(pressing=_PRESSING).order_by("pressing", "-raised_at", "pk")


def settled_of(kind: str, *, viewer: Person) -> QuerySet[Alert]:
    """What became of a rule's alerts, the latest first: for its owner, wherever the alerts lie, but for those of which
    they may know nothing.
    """
    rows = Alert.objects.filter(~barred(viewer), rule=kind).exclude(state__in=UNSETTLED)
    return rows.select_related(*_READ_WITH).order_by("-settled_at", "pk")


def seen_among(viewer: Person, alerts: Iterable[Alert]) -> set[UUID]:
    """The ids of those of some alerts that the viewer may open."""
    rows = Alert.objects.filter(visible(viewer), pk__in=[alert.pk for alert in alerts])
    return set(rows.values_list("pk", flat=True))


def unsettled() -> QuerySet[Alert]:
    """All that nobody has settled, danger first, then the newest: for whoever runs the system, without any case."""
    rows = Alert.objects.filter(state__in=UNSETTLED).select_related(*_READ_WITH)
    return rows.alias(pressing=_PRESSING).order_by("pressing", "-raised_at", "pk")


def dangers_in(*, viewer: Person, case_id: UUID) -> list[Alert]:
    """The unsettled alerts of danger of a case on which the viewer may act; nothing is asked for who never may.

    What the viewer may do is asked only where there is one, which is rare.
    """
    if not sees_alerts(viewer):
        return []
    dangers = Alert.objects.filter(rule=RuleKind.DANGER, case=case_id, state__in=UNSETTLED)
    return list(dangers.filter(actable(viewer)).select_related("case")) if dangers.exists() else []


def lines_of(*, viewer: Person, alerts: Iterable[Alert]) -> list[AlertLine]:
    """How alerts that the viewer sees read to them. Two statements."""
    found = list(alerts)
    issues = {alert.issue_id for alert in found if alert.issue_id}
    seen = issues_for(viewer=viewer, among=issues).in_bulk() if issues else {}
    mine = Alert.objects.filter(actable(viewer), pk__in=[alert.pk for alert in found])
    may_act = set(mine.values_list("pk", flat=True)) if found else set()
    lines = []
    for alert in found:
        issue = seen.get(alert.issue_id) if alert.issue_id else None
        title = title_of(alert, issue)
        lines.append(AlertLine(alert, title, _where(alert), reason(alert), issue, alert.case, alert.pk in may_act))
    return lines


def _where(alert: Alert) -> str:
    unit = alert.case.place_unit if alert.case is not None else alert.unit
    return unit.name if unit is not None else ""


def title_of(alert: Alert, issue: Issue | None) -> str:
    """What an alert is about."""
    if alert.case is not None:
        return alert.case.number
    if issue is not None:
        return issue.title
    if alert.issue_id is not None:
        return pgettext("warning", "An issue in %(unit)s") % {"unit": alert.unit}
    return " · ".join(str(part) for part in (alert.unit, alert.category) if part)


def alert_for(*, viewer: Person, alert_id: UUID | str) -> AlertPage:
    """One alert that the viewer sees.

    Raises:
        NotFound: there is none such for them.
    """
    alert = get_alert_for(viewer=viewer, alert_id=alert_id)
    (line,) = lines_of(viewer=viewer, alerts=[alert])
    rows = Case.objects.filter(pk__in=alert.rows.values("case"), sealed=False).exclude(state=CaseState.WITHDRAWN)
    cases = rows.staff_visible_to(viewer).select_related("place_unit", "lead_unit").order_by("-submitted_at", "pk")
    more = rows.count() - cases.count()
    return AlertPage(
        line=line,
        parts=reason_parts(alert),
        cases=cases,
        more=more if more >= FEWEST else 0,
        history=[_done(event) for event in events_of(SUBJECT, alert.pk)],
    )


def _done(event: Event) -> HistoryLine:
    return HistoryLine(event.at, event.actor.name if event.actor else _("the system"), str(_DONE[event.action]))


def get_alert_for(*, viewer: Person, alert_id: UUID | str, lock: bool = False) -> Alert:
    """An alert that the viewer sees; with `lock` nobody else changes it until the transaction ends.

    Raises:
        NotFound: there is none such for them.
    """
    rows = Alert.objects.filter(visible(viewer)).select_related(*_READ_WITH)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=alert_id).first()
    if found is None:
        raise NotFound(_("Warning not found."))
    return found


def relations_of(actor: Person, alert: Alert) -> Collection[str]:
    """What somebody who sees an alert is to it."""
    acts = Alert.objects.filter(actable(actor), pk=alert.pk).exists()
    return {READER, ACTOR} if acts else {READER}


def standing_of_alerts(viewer: Person, ids: Collection[str]) -> dict[str, bool]:
    """Those of some alerts that the viewer sees; none is sealed."""
    seen = Alert.objects.filter(visible(viewer), pk__in=ids).values_list("pk", flat=True)
    return {str(pk): False for pk in seen}
