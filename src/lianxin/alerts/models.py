"""Early warning: the rules, what they found, and who was told. Nothing here knows who raised a case.

The only people in these tables are those who act: a rule's owner, who was told, who took an alert up or settled it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.alerts.enums import UNSETTLED, AlertState, RuleKind
from lianxin.hotissues.models import Issue
from lianxin.kernel.models import BaseModel
from lianxin.nlp.risk_detection import DangerKind


class AlertRule(models.Model):
    """One rule of early warning; `policies.LIMITS` says which numbers a kind has, and between which bounds.

    `fewest`: how many people, cases or ratings it takes. `days`: the window that is looked at. `before_days`: the past
    with which the window is compared. `alpha`: how improbable the window must be. Of what comes back, `days` and
    `before_days` are how long it must, and how long it may have ended. `owner`: who answers for the rule.
    """

    kind = models.CharField(_("rule"), primary_key=True, max_length=12, choices=RuleKind)
    enabled = models.BooleanField(_("enabled"), default=True)
    fewest = models.PositiveSmallIntegerField(_("at least"), null=True)
    days = models.PositiveSmallIntegerField(_("within (days)"))
    before_days = models.PositiveSmallIntegerField(_("comparison period (days)"), null=True)
    alpha = models.DecimalField(_("maximum probability by chance"), max_digits=5, decimal_places=4, null=True)
    owner = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("owner")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "hotissues_warningrule"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RuleKind.values), name="warning_rule_known"),
            models.CheckConstraint(condition=Q(days__gte=1), name="warning_rule_days"),
            models.CheckConstraint(
                condition=~Q(kind__in=[RuleKind.PEOPLE, RuleKind.GROWTH]) | Q(fewest__isnull=False, fewest__gte=3),
                name="warning_rule_three_people",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[RuleKind.HAZARD, RuleKind.DISSATISFIED])
                | Q(fewest__isnull=False, fewest__gte=2),
                name="warning_rule_fewest",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[RuleKind.GROWTH, RuleKind.RETURNED, RuleKind.DISSATISFIED])
                | Q(before_days__isnull=False, before_days__gte=1),
                name="warning_rule_before",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[RuleKind.GROWTH, RuleKind.DISSATISFIED])
                | Q(alpha__isnull=False, alpha__gt=0, alpha__lt=1),
                name="warning_rule_alpha",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class Alert(BaseModel):
    """Something that a rule found, once, about one subject: an issue, a unit (in one category), or a case.

    `unit` is the lowest that covers all rows, or the unit itself: whoever answers for it may act. What was counted, as
    of then: `cases` made it, of `of`, within `days`; `past`, of `past_of`, in the `before_days` before; `expected` and
    `probability` by the rule's statistic; `fewest` people at least. `raised_at` is known to the hour, so that it cannot
    be laid beside the moment at which an anonymous case was written. `escalates_at`: when one level more is told.
    """

    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, null=True, related_name="alerts")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey("cases.Category", on_delete=models.PROTECT, null=True, related_name="+")

    danger = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in DangerKind], blank=True)
    cases = models.PositiveIntegerField()
    of = models.PositiveIntegerField(null=True)
    fewest = models.PositiveSmallIntegerField(null=True)
    days = models.PositiveIntegerField(null=True)
    past = models.PositiveIntegerField(null=True)
    past_of = models.PositiveIntegerField(null=True)
    before_days = models.PositiveIntegerField(null=True)
    expected = models.FloatField(null=True)
    probability = models.FloatField(null=True)

    state = models.CharField(max_length=10, choices=AlertState, default=AlertState.NEW)
    version = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    escalates_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    note = models.TextField(_("action taken, or why none"), blank=True)
    false_alarm = models.BooleanField(_("false alarm"), default=False)

    class Meta:
        db_table = "hotissues_earlywarning"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AlertState.values), name="warning_state_known"),
            models.CheckConstraint(
                condition=Q(case__isnull=False, issue__isnull=True, unit__isnull=True, category__isnull=True)
                | Q(case__isnull=True, issue__isnull=False, unit__isnull=False, category__isnull=True)
                | Q(case__isnull=True, issue__isnull=True, unit__isnull=False),
                name="warning_of_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNSETTLED, settled_at__isnull=True, false_alarm=False)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(state__in=UNSETTLED) & ~Q(note="")),
                name="warning_settled_with_note",
            ),
            models.CheckConstraint(
                condition=Q(false_alarm=False) | Q(state=AlertState.DISMISSED), name="warning_false_is_dismissed"
            ),
            models.UniqueConstraint(
                fields=["rule", "issue"],
                condition=Q(state__in=UNSETTLED, issue__isnull=False),
                name="one_warning_of_an_issue",
            ),
            models.UniqueConstraint(
                fields=["rule", "case"], condition=Q(case__isnull=False), name="one_warning_of_a_case"
            ),
            models.UniqueConstraint(
                fields=["rule", "unit", "category"],
                condition=Q(state__in=UNSETTLED, issue__isnull=True, case__isnull=True),
                nulls_distinct=False,
                name="one_warning_of_a_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["escalates_at"], condition=Q(state="new"), name="warning_rises"),
            models.Index(fields=["-raised_at"], name="warning_raised"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.state}"


class AlertCase(BaseModel):
    """A case that made an alert, as of then: one of its rows."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, db_column="warning_id", related_name="rows")
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "hotissues_warningcase"
        constraints = [models.UniqueConstraint(fields=["alert", "case"], name="warning_case_once")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.case_id}"


class AlertRecipient(BaseModel):
    """Who was told of an alert: each person once."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, db_column="warning_id", related_name="recipients")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "hotissues_warningtold"
        constraints = [models.UniqueConstraint(fields=["person", "alert"], name="warning_told_once")]

    def __str__(self) -> str:
        return f"{self.alert_id} > {self.person_id}"


class Peril(models.Model):
    """A case whose words speak of danger; written when it is read, gone when it is sealed.

    `kinds`: of what (`nlp.risk_detection.DangerKind`), the most pressing first.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    kinds = ArrayField(models.CharField(max_length=10))

    class Meta:
        db_table = "hotissues_peril"
        constraints = [
            models.CheckConstraint(
                condition=Q(kinds__contained_by=[kind.value for kind in DangerKind]) & ~Q(kinds=[]), name="peril_known"
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)
