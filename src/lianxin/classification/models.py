"""What the software understood of a case, and what people made of it.

Sealed cases are in none of it: a trigger forgets a case when it is sealed (`cases.models.triggers`).
"""

from django.db import models

from lianxin.cases.enums import Field
from lianxin.cases.models import Case
from lianxin.kernel.models import BaseModel, KeyedByDatabase


class Unread(KeyedByDatabase):
    """A case whose text the worker has yet to read; written by triggers, in the transaction of the change.

    Whoever writes one waits for nobody, so there may be several rows for a case. `raised_at` is the hour in which the
    case was raised: those raised last are read first. When the row was written is not kept.
    """

    case_id = models.UUIDField()
    raised_at = models.DateTimeField()

    class Meta:
        db_table = "cases_unread"
        indexes = [models.Index(fields=["-raised_at"], name="unread_raised")]

    def __str__(self) -> str:
        return str(self.case_id)


class CaseMeaning(BaseModel):
    """The meaning of a case's text as a vector, made once for a text and a model.

    `model` is empty and `vector` missing where there is no model; `offered` is what is suggested for the case
    (`queries.suggestions` says how it reads).
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="meaning")
    model = models.CharField(max_length=80, blank=True)
    text_hash = models.BinaryField(max_length=32)
    vector = models.BinaryField(null=True)
    offered = models.JSONField(default=dict)

    class Meta:
        db_table = "cases_casemeaning"
        indexes = [
            models.Index(fields=["model"], name="case_meaning_model"),
            models.Index(fields=["text_hash"], name="case_meaning_text"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.model}"


class Suggestion(BaseModel):
    """What was suggested for one field when a case was accepted, the first choice first, and what was taken.

    `rank` is the place of what was taken among what was offered, from 1; none if it was not among it.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="suggestions")
    field = models.CharField(max_length=10, choices=Field)
    offered = models.JSONField()
    taken = models.CharField(max_length=20)
    rank = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "cases_suggestion"
        constraints = [models.UniqueConstraint(fields=["case", "field"], name="suggestion_once")]
        indexes = [models.Index(fields=["field", "at"], name="suggestion_field_at")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.field}"
