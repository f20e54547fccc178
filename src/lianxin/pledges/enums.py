"""The words of pledges."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PledgeKind(TextChoices):
    POST_GOAL = "post_goal", _("post goal")
    SERVICE = "service", _("service to colleagues")
    UNIT_GOAL = "unit_goal", _("unit goal")


class PledgeState(TextChoices):
    DRAFT = "draft", pgettext_lazy("pledge", "draft")
    PROPOSED = "proposed", pgettext_lazy("pledge", "under review")
    PUBLISHED = "published", pgettext_lazy("pledge", "published")
    CONCLUDED = "concluded", pgettext_lazy("pledge", "concluded")
    WITHDRAWN = "withdrawn", pgettext_lazy("pledge", "withdrawn")


class PledgeOutcome(TextChoices):
    KEPT = "kept", pgettext_lazy("pledge", "kept")
    PARTLY = "partly", pgettext_lazy("pledge", "partly kept")
    NOT_KEPT = "not_kept", pgettext_lazy("pledge", "not kept")


class PledgeRelation(TextChoices):
    """What somebody is to a pledge."""

    AUTHOR = "author", _("author")
    SECRETARY = "secretary", _("branch secretary")
    COLLEAGUE = "colleague", _("colleague")
    SYSTEM = "system", _("system")


class PledgeNotice(TextChoices):
    """What a line in the inbox says of a pledge; %(label)s is its author's name."""

    TO_REVIEW = "to_review", _("%(label)s submitted a pledge: please review it")
    RETURNED = "returned", _("Your pledge was returned: please read the reason")
    PUBLISHED = "published", _("Your pledge was published")
    DUE = "due", _("The pledge of %(label)s is due: please assess and conclude it")
    CONCLUDED = "concluded", _("Your pledge was concluded")
