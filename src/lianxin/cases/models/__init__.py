"""The facts of a case, and what must always be true of them."""

from lianxin.cases.models.case import Case, Category, SlaRule
from lianxin.cases.models.desk import ReplyTemplate, SavedView
from lianxin.cases.models.duplicates import SimilarCase
from lianxin.cases.models.parts import (
    Attachment,
    CaseAccessLog,
    CaseSubject,
    Deadline,
    Extension,
    ImportedMessage,
    Message,
    PossibleSubject,
    Rating,
    SupportingUnit,
    Unsealing,
)
from lianxin.cases.models.search import SearchRow

__all__ = [
    "Attachment",
    "Case",
    "CaseAccessLog",
    "CaseSubject",
    "Category",
    "Deadline",
    "Extension",
    "ImportedMessage",
    "Message",
    "PossibleSubject",
    "Rating",
    "ReplyTemplate",
    "SavedView",
    "SearchRow",
    "SimilarCase",
    "SlaRule",
    "SupportingUnit",
    "Unsealing",
]
