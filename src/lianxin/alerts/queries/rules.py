"""The rules of early warning, with what became of what they found. Nothing here tells of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Count, Field, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.alerts.enums import UNSETTLED, AlertState, RuleKind
from lianxin.alerts.models import Alert, AlertRule
from lianxin.alerts.policies import LIMITS, Limit, administers_rules, barred, owns_rule, sees_rules
from lianxin.alerts.queries.inbox import AlertLine, lines_of, seen_among, settled_of
from lianxin.alerts.queries.reasons import chance
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.ledger.queries import events_of
from lianxin.org.enums import ADMINISTRATORS
from lianxin.org.queries import Person

RULE = "hotissues.rule"
COUNTED_DAYS = 365
_CHANGED = ("enabled", "owner", "fewest", "days", "before_days", "alpha")
"""What can be changed, in the order in which it is told."""
LATEST = 20

_EXPLAINED: Mapping[str, str | Promise] = {
    RuleKind.DANGER: gettext_lazy(
        "An open case of the last %(days)d days mentions danger to life, violence, or a person who "
        "may harm themselves. The people handling it are notified immediately."
    ),
    RuleKind.HAZARD: gettext_lazy(
        "At least %(fewest)d cases, open or from the last %(days)d days, are about hazards or danger "
        "to life: on the same issue, or at the same place in the same category."
    ),
    RuleKind.PEOPLE: gettext_lazy("At least %(fewest)d different people report the same issue within %(days)d days."),
    RuleKind.GROWTH: gettext_lazy(
        "At least %(fewest)d different people report the same issue within %(days)d days, and the "
        "probability of this many cases by chance is at most %(alpha)s, based on the previous "
        "%(before_days)d days."
    ),
    RuleKind.RETURNED: gettext_lazy(
        "All cases about an issue (three or more) have been closed for at least %(days)d and at most "
        "%(before_days)d days, and it is reported again."
    ),
    RuleKind.DISSATISFIED: gettext_lazy(
        "Out of at least %(fewest)d first ratings of a unit within %(days)d days, at least three "
        "from different people are dissatisfied or “not solved”, and the probability of this many by "
        "chance is at most %(alpha)s, based on the unit's previous %(before_days)d days; the more "
        "units are evaluated, the lower the probability has to be."
    ),
}
_OWN_LABELS: Mapping[tuple[str, str], str | Promise] = {
    (RuleKind.RETURNED, "days"): gettext_lazy("closed for at least (days)"),
    (RuleKind.RETURNED, "before_days"): gettext_lazy("and for at most (days)"),
}


@dataclass(frozen=True)
class RuleCounts:
    """What became of the alerts of a rule that were raised in the last 365 days."""

    raised: int
    waiting: int
    acted: int
    dismissed: int
    false_alarms: int

    @property
    def settled(self) -> int:
        """How many were acted on or dismissed."""
        return self.acted + self.dismissed

    @property
    def share(self) -> float | None:
        """False alarms ÷ settled; None while none is settled."""
        return self.false_alarms / self.settled if self.settled else None


@dataclass(frozen=True)
class RuleLine:
    """A rule as the viewer may read it. `counts` only for its owner and the administrator."""

    rule: AlertRule
    counts: RuleCounts | None
    may_change: bool
    may_choose_owner: bool

    @property
    def kind(self) -> RuleKind:
        """Which it is."""
        return RuleKind(self.rule.kind)

    @property
    def explained(self) -> str:
        """What it looks for, in a sentence with its numbers."""
        numbers = {name: getattr(self.rule, name) for name in self.limits}
        if "alpha" in numbers:
            numbers["alpha"] = chance(float(numbers["alpha"]))
        return str(_EXPLAINED[self.rule.kind]) % numbers

    @property
    def limits(self) -> Mapping[str, Limit]:
        """The names of its numbers, each with its bounds."""
        return LIMITS[self.kind]

    @property
    def numbers(self) -> list[tuple[str, Any]]:
        """Its numbers with what they are called."""
        return [(str(label_of(name, self.kind)), getattr(self.rule, name)) for name in self.limits]


@dataclass(frozen=True)
class RuleChange:
    """What somebody changed in a rule: (what, from, to)."""

    at: datetime
    who: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Outcome:
    """What became of an alert, for the owner of its rule; `opens`: whether they may open the alert itself.

    What somebody wrote may speak of a case, so an administrator who owns a rule does not read it.
    """

    line: AlertLine
    opens: bool
    note: str

    @property
    def title(self) -> str:
        """What it was about; of what the owner may not open, only where it was."""
        return self.line.title if self.opens else self.line.where


@dataclass(frozen=True)
class RulePage:
    """One rule, its changes (newest first), and what became of its latest alerts, false alarms among them."""

    line: RuleLine
    history: list[RuleChange]
    outcomes: list[Outcome]


def label_of(name: str, kind: str = "") -> str | Promise:
    """What a number of a rule is called, of this kind where given."""
    if (kind, name) in _OWN_LABELS:
        return _OWN_LABELS[kind, name]
    field = cast("Field[Any, Any]", AlertRule._meta.get_field(name))
    return field.verbose_name


def reads_rules(viewer: Person) -> bool:
    """Whether there is a rule for the viewer to read: by their role, or as one that they answer for."""
    return sees_rules(viewer) or AlertRule.objects.filter(owner=viewer.pk).exists()


def names_of_rules(kinds: list[str]) -> Mapping[str, str]:
    """What rules are called, for the audit trail."""
    return {kind: str(RuleKind(kind).label) for kind in kinds}


def rules_for(*, viewer: Person) -> list[RuleLine]:
    """The rules that the viewer may read, in the order of `RuleKind`; an owner without a role reads their own."""
    rules = AlertRule.objects.select_related("owner")
    found = {rule.kind: rule for rule in rules if sees_rules(viewer) or owns_rule(viewer, rule)}
    counts = _counts(viewer) if found else {}
    return [_line(viewer, found[kind], counts) for kind in RuleKind if kind in found]


def rule_for(*, viewer: Person, kind: str) -> RulePage:
    """One rule.

    Raises:
        NotFound: there is none such for the viewer.
    """
    line = next((line for line in rules_for(viewer=viewer) if line.rule.kind == kind), None)
    if line is None:
        raise NotFound(_("Rule not found."))
    history = [_change(event) for event in events_of(RULE, kind).reverse()]
    return RulePage(line, history, _outcomes(viewer, kind) if owns_rule(viewer, line.rule) else [])


def _outcomes(viewer: Person, kind: str) -> list[Outcome]:
    alerts = list(settled_of(kind, viewer=viewer)[:LATEST])
    opens, reads = seen_among(viewer, alerts), not viewer.holds(*ADMINISTRATORS)
    return [
        Outcome(line, line.alert.pk in opens, line.alert.note if reads else "")
        for line in lines_of(viewer=viewer, alerts=alerts)
    ]


def _line(viewer: Person, rule: AlertRule, counts: Mapping[str, RuleCounts]) -> RuleLine:
    chooses, owns = administers_rules(viewer), owns_rule(viewer, rule)
    shown = counts.get(rule.kind, RuleCounts(0, 0, 0, 0, 0)) if chooses or owns else None
    return RuleLine(rule, shown, may_change=chooses or owns, may_choose_owner=chooses)


def _counts(viewer: Person) -> Mapping[str, RuleCounts]:
    """By rule, in one statement. What does not exist for the viewer is not counted for them either."""
    since = timezone.now() - timedelta(days=COUNTED_DAYS)
    rows = Alert.objects.filter(~barred(viewer), raised_at__gte=since).values("rule")
    counted = rows.annotate(
        raised=Count("pk"),
        waiting=Count("pk", filter=Q(state__in=UNSETTLED)),
        acted=Count("pk", filter=Q(state=AlertState.ACTED)),
        dismissed=Count("pk", filter=Q(state=AlertState.DISMISSED)),
        false_alarms=Count("pk", filter=Q(false_alarm=True)),
    )
    names = [each.name for each in fields(RuleCounts)]
    return {kind: RuleCounts(*numbers) for kind, *numbers in counted.values_list("rule", *names)}


def _change(event: Any) -> RuleChange:
    names = _owners([event])
    changed = ((name, *event.data[name]) for name in _CHANGED if name in event.data)
    changes = [
        (str(label_of(name, event.subject_id)), _said(name, before, names), _said(name, after, names))
        for name, before, after in changed
    ]
    return RuleChange(event.at, event.actor.name if event.actor else _("the system"), changes)


def _owners(events: Sequence[Any]) -> Mapping[int, str]:
    ids = [pk for event in events for pk in event.data.get("owner", ()) if pk]
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _said(name: str, value: Any, names: Mapping[int, str]) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return names.get(value, str(value)) if name == "owner" else str(value)
