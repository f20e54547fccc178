"""What the figures are counted from: one row for each thing of a case that counts."""

from typing import Self

from django.db import models

from lianxin.cases.enums import CaseKind, Channel
from lianxin.kernel.figures import Fact, FactQuerySet
from lianxin.org.models import Person


class CaseFactQuerySet(FactQuerySet["CaseFact"]):
    """Facts of cases."""

    def visible_to(self, viewer: Person | None) -> Self:
        """Without the cases that are about the viewer: these do not exist for them. None: commands, which see all."""
        from lianxin.cases.policies import named_in  # noqa: PLC0415 - policies need all models to be loaded

        return self.exclude(case__in=named_in(viewer)) if viewer else self


class CaseFact(Fact):
    """A case submitted, a deadline fallen due or met, a first rating, or a case closed.

    Written in the transaction of the change (`facts.refresh_facts`) and made anew by `lianxin rebuild-figures`; what
    each column means stands in `definitions`. Kind and category are those that the case has now. Sealed cases have no
    facts.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField(max_length=12, choices=CaseKind)
    category = models.ForeignKey(
        "cases.Category", on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=Channel)

    raised = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)
    merged = models.BooleanField(default=False)
    withdrawn = models.BooleanField(default=False)
    declined = models.BooleanField(default=False)
    no_answer = models.BooleanField(default=False)
    response_due = models.BooleanField(default=False)
    response_met = models.BooleanField(default=False)
    reply_due = models.BooleanField(default=False)
    reply_met = models.BooleanField(default=False)
    rated = models.BooleanField(default=False)
    resolved = models.BooleanField(default=False)
    satisfied = models.BooleanField(default=False)
    reopened = models.BooleanField(default=False)
    closed = models.BooleanField(default=False)
    closed_rated = models.BooleanField(default=False)
    first_pass = models.BooleanField(default=False)
    final_resolved = models.BooleanField(default=False)
    final_satisfied = models.BooleanField(default=False)

    objects = CaseFactQuerySet.as_manager()

    class Meta(Fact.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.case_id} {self.day}"
