"""The words of the record."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Beginning(TextChoices):
    """Why the record goes on under a new name."""

    FIRST = "first", _("the record began")
    RESTORED = "restored", _("a backup was restored")
    BEHIND = "behind", _("the database was older than the last published checkpoint")
    KEY = "key", _("the signing key was replaced")
