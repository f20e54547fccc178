"""What stands on the board, who finds it right too, and who reads it in a feed reader."""

from datetime import date, datetime, time

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.board.enums import PostState
from lianxin.kernel import timezone
from lianxin.kernel.models import BaseModel


def midnight(day: date) -> datetime:
    """The beginning of a day where the enterprise is."""
    return datetime.combine(day, time(), tzinfo=timezone.zone())


class Post(BaseModel):
    """A case as everybody may read it. It knows its case; nothing that is shown of it leads there.

    `published_on` is the first day on which it is shown, the day after the dispatcher put it up; `changed_on` the day
    of the last correction; `endorsed` how many endorsed it when `counted_on` began.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=PostState, default=PostState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(_("title"), max_length=100)
    question = models.TextField(_("case"))
    answer = models.TextField(_("reply"))
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    category = models.ForeignKey(
        "cases.Category", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("category")
    )
    published_on = models.DateField(null=True)
    changed_on = models.DateField(null=True)
    endorsed = models.PositiveIntegerField(default=0)
    counted_on = models.DateField(null=True)
    words = SearchVectorField(default="")
    """What it is found by, kept with the three texts."""

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PostState.values), name="post_state_known"),
            models.CheckConstraint(
                condition=~Q(state=PostState.PUBLISHED) | Q(published_on__isnull=False, changed_on__isnull=False),
                name="post_published_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["-published_on", "id"], condition=Q(state=PostState.PUBLISHED), name="post_published"),
            GinIndex(fields=["words"], name="post_words"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def day(self) -> datetime:
        """The beginning of the first day on which it is shown, the only time that anybody reads."""
        return midnight(self.published_on or timezone.today())


class Endorsement(models.Model):
    """One person's endorsement of one post. `tag` is a keyed hash of the two: nobody can list who endorsed."""

    tag = models.BinaryField(primary_key=True, max_length=32)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="endorsements")

    def __str__(self) -> str:
        return str(self.post_id)


class FeedKey(models.Model):
    """The secret in somebody's feed address, of which only a keyed hash is kept; one a person."""

    person = models.OneToOneField("org.Person", on_delete=models.CASCADE, primary_key=True, related_name="+")
    key_hash = models.BinaryField(max_length=32, unique=True)

    def __str__(self) -> str:
        return str(self.person_id)
