"""What cases are found by."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import DO_NOTHING, Q

from lianxin.cases.models import visibility
from lianxin.cases.models.case import Case
from lianxin.org.queries import Person


class SearchRowQuerySet(models.QuerySet["SearchRow"]):
    """Rows by which cases are found."""

    def searchable_by(self, viewer: Person) -> "SearchRowQuerySet":
        """Those of the cases that the viewer sees by their roles."""
        return self.filter(visibility.searchable_by(viewer))


class SearchRow(models.Model):
    """What one case is found by: its number, title and text, what was said to the requester or by them, and, with the
    weight "D", what only staff read. Never who raised it or whom it is about.

    Beside the words stand the columns of the case by which a search is narrowed and by which `searchable_by` decides
    who finds it; the database keeps them as they are there (trigger, migration `0008_search`). The words lie apart
    from the row (TOAST), so that thousands of rows are looked through in little time.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="search_row")
    words = SearchVectorField()
    letters = models.PositiveIntegerField()
    """How many characters `words` is made of."""
    sealed = models.BooleanField()
    asked_to_withdraw = models.BooleanField()
    state = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    place_unit = models.ForeignKey("org.Unit", DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    lead_unit = models.ForeignKey(
        "org.Unit", DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    inspection_unit = models.ForeignKey(
        "org.Unit", DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        "cases.Category", DO_NOTHING, null=True, related_name="+", db_constraint=False, db_index=False
    )

    objects = SearchRowQuerySet.as_manager()

    class Meta:
        # A short list of what is not yet sorted in: each search looks through all of it.
        indexes = [
            GinIndex(fields=["words"], name="search_words", gin_pending_list_limit=1024),
            # For words that are everywhere: the newest with them are found without looking at all the others.
            models.Index(fields=["-submitted_at", "case"], name="search_newest"),
            # The same for whoever sees the cases of some units; of one kind, four of five rows are not fetched.
            models.Index(fields=["place_unit", "-submitted_at", "kind"], name="search_place"),
            models.Index(fields=["lead_unit", "-submitted_at", "kind"], name="search_lead"),
            models.Index(
                fields=["inspection_unit", "-submitted_at"],
                condition=Q(inspection_unit__isnull=False),
                name="search_inspection",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
