"""Cases that may be about the same matter.

Sealed cases are in none of it: a trigger forgets a case when it is sealed (`models.triggers`).
"""

from django.db import models

from lianxin.cases.enums import Verdict
from lianxin.cases.models.case import Case
from lianxin.kernel.models import BaseModel


class SimilarCase(BaseModel):
    """Two cases that may be about the same matter, as seen from one of them; the other one has a row of its own.

    `same_person`: the same person raised the same text twice. `verdict`: what a person decided of the two.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="alike")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    similarity = models.FloatField()
    same_person = models.BooleanField(default=False)
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)

    class Meta:
        db_table = "cases_alike"
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="alike_once"),
            models.CheckConstraint(condition=~models.Q(case=models.F("other")), name="alike_are_two"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} ~ {self.other_id}"
