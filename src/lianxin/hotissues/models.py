"""What is known of the matters that people talk about: issues, whose cases they are, and what people decided."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.hotissues.enums import DecisionKind, Standing
from lianxin.kernel.models import AppendOnly


class Issue(models.Model):
    """One concrete matter. Its key is its number, which it keeps while its cases come and go.

    `sure`: three cases and more, held together by a name or word of their own; else it is for a person to look at.
    `renamed` and `confirmed`: a person said so, and no regrouping says otherwise. `merged_into`: where it went.
    """

    name = models.CharField(_("name"), max_length=100)
    keywords = ArrayField(models.CharField(max_length=40), default=list)
    sure = models.BooleanField(default=False)
    renamed = models.BooleanField(default=False)
    confirmed = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    version = models.PositiveIntegerField(default=1)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="issue_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        """What it is called; its number where its cases have no words in common."""
        return self.name or gettext("Issue %(number)d") % {"number": self.pk}


class Membership(models.Model):
    """To which issue a case belongs, or may belong: at most one."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="+")
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="memberships")
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.MEMBER)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(standing__in=Standing.values), name="membership_known")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.standing} {self.issue_id}"


class Decision(AppendOnly):
    """What a person decided, and why. Regroupings replay all of them in order, so none is ever undone by one.

    `these` and `those` are cases: together with each other in `issue` (merged, taken in), or `these` apart from
    `those` (taken out; split, so that `these` are together in `other`). `at` is known to the hour, as with a warning.
    """

    kind = models.CharField(max_length=10, choices=DecisionKind)
    issue = models.ForeignKey(Issue, on_delete=models.PROTECT, related_name="decisions")
    other = models.ForeignKey(Issue, on_delete=models.PROTECT, null=True, related_name="+")
    these = ArrayField(models.UUIDField(), default=list)
    those = ArrayField(models.UUIDField(), default=list)
    name = models.CharField(max_length=100, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    actor = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.issue_id}"


class Follow(models.Model):
    """Somebody wants to have an issue in sight."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "issue"], name="follow_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.issue_id}"


class Grouping(models.Model):
    """The one row under whose lock issues change. `version` is another with each change of who belongs where; `meant`
    says whether the last regrouping knew what the cases mean, or only their words.
    """

    version = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField(null=True)
    meant = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.version)
