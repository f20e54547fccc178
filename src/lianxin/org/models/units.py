"""Units and Party organisations as two trees, and how they moved."""

import re
import unicodedata
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from lianxin.kernel.trees import paths_down_to
from lianxin.nlp.columns import UnitKey
from lianxin.org.enums import PartyOrganisationKind, UnitKind


def active_on(day: date, prefix: str = "") -> Q:
    """Rows that hold on a day."""
    return Q(**{f"{prefix}started_on__lte": day}) & (
        Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gte": day})
    )


def normal_number(text: str) -> str:
    """An employee number as it is stored: without spaces, full-width characters as ordinary ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


_MOBILE_WITH_EXTENSION = re.compile(
    r"(1\d{10})(?:[(（\[/,，;；、#转xX*+]|ext|-|\s)+\D{0,4}\d{1,8}[)）\]]?", re.IGNORECASE
)
_LANDLINE_WITH_EXTENSION = re.compile(r"(0\d{9,11}|\d{7,8})(?:转|分机|ext\.?|x|#)+\d{1,8}", re.IGNORECASE)


def normal_phone(text: str) -> str:
    """A phone number as it is stored: digits only, without the country's +86 and without an extension or short number
    behind it (`13900009103(609103)`). What is no number keeps what is wrong with it.
    """
    folded = re.sub(r"^\(?(?:\+|00)86\)?[\s-]*", "", unicodedata.normalize("NFKC", text).strip())
    folded = re.sub(r"^(1\d{2})[\s-]?(\d{4})[\s-]?(\d{4})(?!\d)", r"\1\2\3", folded)
    found = _MOBILE_WITH_EXTENSION.fullmatch(folded)
    digits = re.sub(r"[\s()\-]", "", folded)
    return found[1] if found else _LANDLINE_WITH_EXTENSION.sub(r"\1", digits)


def is_phone(phone: str) -> bool:
    """Whether what `normal_phone` gave is one phone number: digits, and of a mobile number neither more nor fewer."""
    digits = phone.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and 3 <= len(digits) <= 20):  # noqa: PLR2004
        return False
    return not (re.match(r"1[3-9]\d{9}", digits) and len(digits) > 11)  # noqa: PLR2004


class Unit(MP_Node):
    """A unit of the enterprise: a company, a department, a team."""

    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind, default=UnitKind.DEPARTMENT)
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(UnitKey("name"), name="unit_name_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def ancestor_paths(self) -> list[str]:
        """The paths from the root down to this unit itself."""
        return paths_down_to(self.path)


class DutyPhone(models.Model):
    """A number that is answered at any hour for a unit, and for all below it that keep none of their own."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="duty_phones")
    name = models.CharField(_("name"), max_length=30)
    number = models.CharField(_("phone number"), max_length=30)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["unit", "position"]
        constraints = [models.UniqueConstraint(fields=["unit", "position"], name="duty_phone_position")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def dial(self) -> str:
        """The number as a phone dials it."""
        return re.sub(r"[^\d+]", "", self.number)


class PartyOrganisation(MP_Node):
    """A Party organisation, which stands at a unit but has a tree of its own."""

    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PartyOrganisationKind)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="party_organisations", verbose_name=_("unit"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class UnitMove(models.Model):
    """A unit was put below another parent (`to_parent` empty: it became a root)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="moves")
    from_parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    to_parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    moved_on = models.DateField()

    class Meta:
        ordering = ["moved_on", "id"]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.from_parent_id} > {self.to_parent_id}"


class PartyOrganisationMove(models.Model):
    """A Party organisation was put below another parent."""

    party_organisation = models.ForeignKey(PartyOrganisation, on_delete=models.PROTECT, related_name="moves")
    from_parent = models.ForeignKey(PartyOrganisation, on_delete=models.PROTECT, null=True, related_name="+")
    to_parent = models.ForeignKey(PartyOrganisation, on_delete=models.PROTECT, null=True, related_name="+")
    moved_on = models.DateField()

    class Meta:
        ordering = ["moved_on", "id"]

    def __str__(self) -> str:
        return f"{self.party_organisation_id}: {self.from_parent_id} > {self.to_parent_id}"
