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
    CONFIRM = "confirm", pgettext_lazy("hot issue", "confirmed as one matter")
    MERGE = "merge", pgettext_lazy("hot issue", "merged")
    SPLIT = "split", pgettext_lazy("hot issue", "split")
    APART = "apart", pgettext_lazy("hot issue", "cases taken out: not the same matter")
    BELONG = "belong", pgettext_lazy("hot issue", "cases taken in: the same matter")


class RuleKind(TextChoices):
    """What early warning looks for: always a matter, never a person."""

    DANGER = "danger", _("Words of danger to people")
    HAZARD = "hazard", _("A hazard is repeated")
    PEOPLE = "people", _("Many people about one matter")
    GROWTH = "growth", _("A matter grows against its own past")
    RETURNED = "returned", _("A matter that was closed comes back")
    DISSATISFIED = "dissatisfied", _("A unit's dissatisfaction departs from its normal")


class WarningState(TextChoices):
    """How far a warning has come."""

    NEW = "new", pgettext_lazy("warning", "new")
    TAKEN = "taken", pgettext_lazy("warning", "taken up")
    ACTED = "acted", pgettext_lazy("warning", "acted on")
    DISMISSED = "dismissed", pgettext_lazy("warning", "dismissed")


UNSETTLED = (WarningState.NEW, WarningState.TAKEN)


class WarningNotice(TextChoices):
    """What a line in the inbox says of a warning; %(label)s is a case's number. No matter's name is in it."""

    DANGER = "danger", _("Early warning: please look at %(label)s at once")
    HAZARD = "hazard", _("Early warning: a hazard is repeated")
    PEOPLE = "people", _("Early warning: many people raise the same matter")
    GROWTH = "growth", _("Early warning: a matter grows")
    RETURNED = "returned", _("Early warning: a matter that was closed comes back")
    DISSATISFIED = "dissatisfied", _("Early warning: a unit's dissatisfaction departs from its normal")
    DANGER_WAITS = "danger_waits", _("Nobody has taken up the early warning for %(label)s: please look at once")
    WAITS = "waits", _("Nobody has taken up an early warning yet: please look")
