"""The words of accounts."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Device(TextChoices):
    """All that is kept of where somebody signed in."""

    PHONE = "phone", pgettext_lazy("device", "phone")
    TABLET = "tablet", pgettext_lazy("device", "tablet")
    COMPUTER = "computer", pgettext_lazy("device", "computer")
