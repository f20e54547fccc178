"""The words of hot issues."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Lens(TextChoices):
    """What the enterprise looks at: three focal points."""

    LIFE = "life", _("Daily life")
    STABILITY = "stability", _("Stability and harmony")
    SAFETY = "safety", _("Safe production")


class Standing(TextChoices):
    """How a case stands to an issue."""

    MEMBER = "member", pgettext_lazy("hot issue", "belongs to it")
    SUGGESTED = "suggested", pgettext_lazy("hot issue", "may belong to it")


class DecisionKind(TextChoices):
    """What a person decided about an issue."""

    RENAME = "rename", pgettext_lazy("hot issue", "renamed")
    CONFIRM = "confirm", pgettext_lazy("hot issue", "confirmed as one issue")
    MERGE = "merge", pgettext_lazy("hot issue", "merged")
    SPLIT = "split", pgettext_lazy("hot issue", "split")
    APART = "apart", pgettext_lazy("hot issue", "cases removed: different issue")
    BELONG = "belong", pgettext_lazy("hot issue", "cases added: same issue")


class RuleKind(TextChoices):
    """What early warning looks for: always a matter, never a person."""

    DANGER = "danger", _("Personal safety risk")
    HAZARD = "hazard", _("Repeated hazard")
    PEOPLE = "people", _("Many people report the same issue")
    GROWTH = "growth", _("Issue grows compared with its own history")
    RETURNED = "returned", _("Closed issue recurs")
    DISSATISFIED = "dissatisfied", _("Unusual dissatisfaction in a unit")


class WarningState(TextChoices):
    """How far a warning has come."""

    NEW = "new", pgettext_lazy("warning", "unassigned")
    TAKEN = "taken", pgettext_lazy("warning", "in progress")
    ACTED = "acted", pgettext_lazy("warning", "handled")
    DISMISSED = "dismissed", pgettext_lazy("warning", "no action needed")


UNSETTLED = (WarningState.NEW, WarningState.TAKEN)


class WarningNotice(TextChoices):
    """What a line in the inbox says of a warning; %(label)s is a case's number. No matter's name is in it."""

    DANGER = "danger", _("Early warning: please check %(label)s immediately")
    HAZARD = "hazard", _("Early warning: repeated hazard")
    PEOPLE = "people", _("Early warning: many people report the same issue")
    GROWTH = "growth", _("Early warning: growing issue")
    RETURNED = "returned", _("Early warning: closed issue recurs")
    DISSATISFIED = "dissatisfied", _("Early warning: unusual dissatisfaction in a unit")
    DANGER_WAITS = "danger_waits", _("The early warning for %(label)s is still unassigned: please check immediately")
    WAITS = "waits", _("An early warning is still unassigned: please check")
