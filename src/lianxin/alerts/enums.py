"""The words of alerts: what early warning looks for, and what becomes of what it finds."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RuleKind(TextChoices):
    """What early warning looks for: always a matter, never a person."""

    DANGER = "danger", _("Words of danger to people")
    HAZARD = "hazard", _("A hazard is repeated")
    PEOPLE = "people", _("Many people about one matter")
    GROWTH = "growth", _("A matter grows against its own past")
    RETURNED = "returned", _("A matter that was closed comes back")
    DISSATISFIED = "dissatisfied", _("A unit's dissatisfaction departs from its normal")


class AlertState(TextChoices):
    """How far an alert has come."""

    NEW = "new", pgettext_lazy("warning", "new")
    TAKEN = "taken", pgettext_lazy("warning", "taken up")
    ACTED = "acted", pgettext_lazy("warning", "acted on")
    DISMISSED = "dismissed", pgettext_lazy("warning", "dismissed")


UNSETTLED = (AlertState.NEW, AlertState.TAKEN)


class AlertNotification(TextChoices):
    """What a line in the inbox says of an alert; %(label)s is a case's number. No matter's name is in it."""

    DANGER = "danger", _("Early warning: please look at %(label)s at once")
    HAZARD = "hazard", _("Early warning: a hazard is repeated")
    PEOPLE = "people", _("Early warning: many people raise the same matter")
    GROWTH = "growth", _("Early warning: a matter grows")
    RETURNED = "returned", _("Early warning: a matter that was closed comes back")
    DISSATISFIED = "dissatisfied", _("Early warning: a unit's dissatisfaction departs from its normal")
    DANGER_WAITS = "danger_waits", _("Nobody has taken up the early warning for %(label)s: please look at once")
    WAITS = "waits", _("Nobody has taken up an early warning yet: please look")
