"""What the enterprise calls its places and its equipment."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.org.enums import OwnNameKind
from lianxin.org.models.units import Unit


class OwnName(models.Model):
    """What the enterprise calls one of its places or pieces of equipment, and how else people spell it."""

    kind = models.CharField(_("kind"), max_length=10, choices=OwnNameKind)
    name = models.CharField(_("name"), max_length=60, unique=True)
    others = ArrayField(models.CharField(max_length=60), verbose_name=_("other spellings"), default=list, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="own_names", null=True, blank=True, verbose_name=_("unit")
    )

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name
