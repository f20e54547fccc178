"""An uploaded roster, what its rows come to, and what its columns were said to mean."""

from django.db import models

from lianxin.org.enums import RosterOutcome, RosterPart, RosterState
from lianxin.org.models.people import Person


class RosterImport(models.Model):
    """A roster that was uploaded: the file while it is needed, what it comes to, and what became of it.

    `actor` is empty for the command line; `for_roles`: only its sheets of roles are read. `sheets` tells how its sheets
    were understood, `choices` what was chosen by hand where they were not. `digest` stands for the plan that was looked
    at: applying makes it anew and refuses another one.
    """

    actor = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    applied_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=20, choices=RosterState, default=RosterState.READING)
    file_name = models.CharField(max_length=120)
    file = models.BinaryField(null=True)
    sheets = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    for_roles = models.BooleanField(default=False)
    missing_left = models.BooleanField(default=False)
    present = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    stale = models.BooleanField(default=False)
    problem = models.TextField(blank=True)
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class RosterProgress(models.Model):
    """How far the job of a roster is; a row of its own, because the job's transaction holds the other."""

    roster = models.OneToOneField(RosterImport, on_delete=models.CASCADE, primary_key=True, related_name="progress")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.done} / {self.total}"


class RosterLine(models.Model):
    """What one row of a roster comes to. `row` is 0 for somebody who is missing from the file.

    changes: `[field, before, after]`; reasons: `[reason, {what it says}]`; `news`: it differs from the plan before;
    `cells`: of a rejected row all that stands in it, by column.
    """

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="lines")
    part = models.CharField(max_length=10, choices=RosterPart)
    sheet = models.CharField(max_length=40)
    row = models.IntegerField()
    outcome = models.CharField(max_length=10, choices=RosterOutcome)
    key = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    place = models.CharField(max_length=200)
    changes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    cells = models.JSONField(default=dict)
    news = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["roster", "outcome", "id"], name="roster_line_outcome")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


class RosterHeader(models.Model):
    """A column that an administrator has once said the meaning of; `field` is empty for one that means nothing."""

    part = models.CharField(max_length=10, choices=RosterPart)
    header = models.CharField(max_length=100)
    field = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "header"], name="one_meaning_of_a_header")]

    def __str__(self) -> str:
        return self.header
