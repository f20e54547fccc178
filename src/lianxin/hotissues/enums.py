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
