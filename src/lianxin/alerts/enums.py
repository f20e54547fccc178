"""The words of alerts: what early warning looks for, and what becomes of what it finds."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RuleKind(TextChoices):
    """What early warning looks for: always a matter, never a person."""

    DANGER = "danger", _("Personal safety risk")
    HAZARD = "hazard", _("Repeated hazard")
    PEOPLE = "people", _("Many people report the same issue")
    GROWTH = "growth", _("Issue grows compared with its own history")
    RETURNED = "returned", _("Closed issue recurs")
    DISSATISFIED = "dissatisfied", _("Unusual dissatisfaction in a unit")


class AlertState(TextChoices):
    """How far an alert has come."""

    NEW = "new", pgettext_lazy("warning", "new")
    TAKEN = "taken", pgettext_lazy("warning", "in progress")
    ACTED = "acted", pgettext_lazy("warning", "handled")
    DISMISSED = "dismissed", pgettext_lazy("warning", "no action needed")


UNSETTLED = (AlertState.NEW, AlertState.TAKEN)


class AlertNotification(TextChoices):
    """What a line in the inbox says of an alert; %(label)s is a case's number. No matter's name is in it."""

    DANGER = "danger", _("Early warning: please check %(label)s immediately")
    HAZARD = "hazard", _("Early warning: repeated hazard")
    PEOPLE = "people", _("Early warning: many people report the same issue")
    GROWTH = "growth", _("Early warning: growing issue")
    RETURNED = "returned", _("Early warning: closed issue recurs")
    DISSATISFIED = "dissatisfied", _("Early warning: unusual dissatisfaction in a unit")
    DANGER_WAITS = "danger_waits", _("The early warning for %(label)s is still unassigned: please check immediately")
    WAITS = "waits", _("An early warning is still unassigned: please check")
