"""Pledges: what members and units promise for a period, what they did, and what the branch concluded."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.models import AppendOnly, BaseModel
from lianxin.org.models import PartyOrganisation, Person, Unit
from lianxin.pledges.enums import PledgeKind, PledgeOutcome, PledgeState
from lianxin.pledges.visibility import visible_to

MAX_TEXT = 1000


class Cycle(BaseModel):
    """A period for which a branch asks its members and units for pledges."""

    branch = models.ForeignKey(PartyOrganisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch"))
    title = models.CharField(_("title"), max_length=60)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))

    class Meta:
        ordering = ["-starts_on", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="pledge_cycle_forward"),
            models.UniqueConstraint(fields=["branch", "title"], name="one_cycle_of_a_title"),
        ]

    def __str__(self) -> str:
        return f"{self.branch.name} · {self.title}"

    def get_absolute_url(self) -> str:
        """The list of its pledges."""
        return f"{reverse('pledges:list')}?cycle={self.pk}"


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def visible_to(self, viewer: Person) -> Self:
        """The pledges that a person may read: their own, those of their branch's desk, published ones near them."""
        return self.filter(visible_to(viewer))

    def with_people(self) -> Self:
        """With all that a page of a pledge and its policies need."""
        return self.select_related("author", "unit", "cycle__branch__unit").prefetch_related("evidence__case", "texts")


class Pledge(BaseModel):
    """One promise with a date and people who can judge it.

    `unit` is where the author worked when they drafted it, or the unit that a unit goal is about: whose people read it
    once it is published. `text` and `due_on` are those of now; what they were before stands in `texts`.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("cycle"))
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("author"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("kind"), max_length=20, choices=PledgeKind)
    state = models.CharField(_("state"), max_length=20, choices=PledgeState, default=PledgeState.DRAFT)
    version = models.IntegerField(default=1)
    text = models.TextField(_("pledge"), max_length=MAX_TEXT)
    due_on = models.DateField(_("due on"))
    remind_on = models.DateField(null=True)
    returned_because = models.TextField(max_length=MAX_TEXT, blank=True)
    assessment = models.TextField(_("self-assessment"), max_length=MAX_TEXT, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=PledgeOutcome, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=MAX_TEXT, blank=True)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="pledge_has_text"),
            models.CheckConstraint(
                condition=Q(state=PledgeState.CONCLUDED) ^ Q(outcome=""), name="pledge_concluded_with_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["author", "state"], name="pledge_author"),
            models.Index(fields=["unit", "state"], name="pledge_unit"),
            models.Index(fields=["remind_on"], condition=Q(remind_on__isnull=False), name="pledge_remind"),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    def get_absolute_url(self) -> str:
        return reverse("pledges:pledge", args=[self.pk])


class PledgeText(AppendOnly, BaseModel):
    """What a pledge said until it was amended after publication."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="texts")
    text = models.TextField(max_length=MAX_TEXT)
    due_on = models.DateField()
    until = models.DateField()

    class Meta(AppendOnly.Meta):
        ordering = ["until", "id"]


class Evidence(AppendOnly, BaseModel):
    """A case that was solved, cited for a pledge. Who may not read the case sees that there is one."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="evidence")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta(AppendOnly.Meta):
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["pledge", "case"], name="cited_once")]
