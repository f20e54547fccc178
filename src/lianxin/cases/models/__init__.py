"""The facts of a case, and what must always be true of them."""

from lianxin.cases.models.case import Case, Category, ClockRule
from lianxin.cases.models.duplicates import Alike
from lianxin.cases.models.parts import (
    About,
    Attachment,
    Clock,
    CoHandling,
    Extension,
    ImportedMessage,
    Message,
    Opening,
    PossibleSubject,
    Rating,
    Unsealing,
)
from lianxin.cases.models.search import SearchRow

__all__ = [
    "About",
    "Alike",
    "Attachment",
    "Case",
    "Category",
    "Clock",
    "ClockRule",
    "CoHandling",
    "Extension",
    "ImportedMessage",
    "Message",
    "Opening",
    "PossibleSubject",
    "Rating",
    "SearchRow",
    "Unsealing",
]
