"""What the figures are read from: every counted thing of every case, and sums of them.

All of it follows from cases, clocks and ratings by the definitions in `queries.figures` and can be made anew
(`lianxin rebuild-figures`). Sealed cases are in none of it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from lianxin.cases.models.case import Case
from lianxin.kernel.models import KeyedByDatabase


class Uncounted(KeyedByDatabase):
    """A case that changed since it was counted; written by triggers, in the transaction of the change.

    Whoever reads a figure counts these cases anew, so that it is right at every moment; `count_changed` counts them
    for good. There may be several rows for a case: whoever writes one waits for nobody.
    """

    case_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.case_id)


class Counted(KeyedByDatabase):
    """One thing that counts: a case raised, a deadline met, a first rating, a case closed.

    `measures` holds, as bits in the order of `enums.MEASURES`, what it counts for; `unit_trail` where the unit stood
    in the tree then.
    """

    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING, db_constraint=False, related_name="counted")
    day = models.DateField(db_index=True)
    unit = models.ForeignKey(
        "org.Unit", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    unit_trail = ArrayField(models.BigIntegerField())
    kind = models.CharField(max_length=12)
    category_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)
    measures = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit", "day"], name="counted_unit_day")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.day}"


class Sums(models.Model):
    """How often each measure was counted, at a unit and below it, where the unit stood right below `above_id`."""

    unit_id = models.BigIntegerField()
    above_id = models.BigIntegerField(null=True)
    raised = models.IntegerField()
    imported = models.IntegerField()
    merged = models.IntegerField()
    withdrawn = models.IntegerField()
    declined = models.IntegerField()
    no_answer = models.IntegerField()
    response_due = models.IntegerField()
    response_met = models.IntegerField()
    reply_due = models.IntegerField()
    reply_met = models.IntegerField()
    rated = models.IntegerField()
    resolved = models.IntegerField()
    satisfied = models.IntegerField()
    reopened = models.IntegerField()
    closed = models.IntegerField()
    closed_rated = models.IntegerField()
    first_pass = models.IntegerField()
    final_resolved = models.IntegerField()
    final_satisfied = models.IntegerField()

    class Meta:
        abstract = True


class DaySums(Sums):
    """The sums of a day."""

    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "day", "above_id"], nulls_distinct=False, name="day_sums_once")
        ]
        indexes = [models.Index(fields=["above_id", "day"], name="day_sums_above")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.day}"


class MonthSums(Sums):
    """The sums of a month (its first day), for each kind, category and channel."""

    month = models.DateField()
    kind = models.CharField(max_length=12)
    category_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_id", "month", "above_id", "kind", "category_id", "channel"],
                nulls_distinct=False,
                name="month_sums_once",
            )
        ]
        indexes = [models.Index(fields=["above_id", "month"], name="month_sums_above")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month}"
