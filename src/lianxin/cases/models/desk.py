"""What people at a desk keep for themselves or for their unit."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.models import BaseModel
from lianxin.org.queries import Person, Unit


class ReplyTemplate(BaseModel):
    """Words that a unit often writes to requesters. Its handlers, and those below it, put them into what they write."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("text"), max_length=2000)

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cases:change_reply_template", args=[self.pk])


class SavedView(BaseModel):
    """A work list as somebody narrowed and sorted it, under a name of their own; `query` is its address."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=30)
    query = models.CharField(max_length=2400)
    """As long as a filter can be whose every sign takes twelve in an address."""

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
