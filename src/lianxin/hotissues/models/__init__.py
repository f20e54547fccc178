"""What is known of the matters that people talk about, and what early warning found."""

from lianxin.hotissues.models.issues import Decision, Follow, Grouping, Issue, Membership
from lianxin.hotissues.models.warnings import EarlyWarning, Peril, WarningCase, WarningRule, WarningTold

__all__ = [
    "Decision",
    "EarlyWarning",
    "Follow",
    "Grouping",
    "Issue",
    "Membership",
    "Peril",
    "WarningCase",
    "WarningRule",
    "WarningTold",
]
