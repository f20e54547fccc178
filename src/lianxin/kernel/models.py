"""What every context's tables have in common, and the kernel's own few tables."""

import uuid
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.triggers import APPEND_ONLY


class BaseModel(models.Model):
    """A row with a random id, which tells neither when nor in what order it was made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class KeyedByDatabase(models.Model):
    """As `BaseModel`, for tables into which the database itself writes rows (triggers, sets of rows made by SQL)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)

    class Meta:
        abstract = True


class AppendOnly(models.Model):
    """A row that is written once: the database refuses to change or delete it (see `kernel.db_roles`).

    A model with a `Meta` of its own inherits this one's.
    """

    class Meta:
        abstract = True
        triggers = APPEND_ONLY

    def save(self, *args: Any, **kwargs: Any) -> None:
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)


class DayOverride(models.Model):
    """A day on which the enterprise works, or not, against the calendar."""

    day = models.DateField(_("day"), unique=True)
    working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return str(self.day)


class BusinessHours(models.Model):
    """One stretch of the working day; the rows together are the enterprise's business hours."""

    opens = models.TimeField(_("from"), unique=True)
    closes = models.TimeField(_("to"))

    class Meta:
        ordering = ["opens"]
        constraints = [
            models.CheckConstraint(condition=models.Q(closes__gt=models.F("opens")), name="business_hours_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


class Throttle(models.Model):
    """How often something was tried in one window of time. `key` is a keyed hash: it names neither person nor
    address.
    """

    key = models.BinaryField(primary_key=True, max_length=32)
    count = models.IntegerField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.count)


class KeyFingerprint(models.Model):
    """By what a key is known again that the database was written with (see `kernel.keys`)."""

    name = models.CharField(primary_key=True, max_length=40)
    fingerprint = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


class SpoolCell(models.Model):
    """A place in the spool: 2,048 sealed bytes, whether or not something is in it (see `kernel.spool`)."""

    n = models.IntegerField(primary_key=True)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.n)
