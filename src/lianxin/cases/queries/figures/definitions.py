"""What each figure means, in words that users read beside it; `counting` says the same to the database.

Of every figure: merged, withdrawn and declined cases, cases taken over from a register and sealed cases are in no
denominator. A case counts for the unit that led it, at the place that unit had in the tree then. All days are days
where the enterprise is, and both ends of a period belong to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise
SMALLEST = 5
"""A rate over fewer is told as its two numbers; what all may see is not told at all below it."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A rate: `part` ÷ `whole`, both measures counted over the same cohort.

    `question` heads its page; `counts`, `over` and `cohort` are its definition; `good` tells whether more is better.
    """

    code: str
    label: Text
    question: Text
    part: str
    whole: str
    counts: Text
    over: Text
    cohort: Text
    good: bool = True


_DUE = _("deadlines that lie in the period")
_FIRST = _("first ratings made in the period, late ones included")
_CLOSED = _("cases closed in the period")

_ALL = (
    Figure(
        code="satisfaction",
        label=_("Satisfaction rate"),
        question=_("Where are employees not satisfied?"),
        part="satisfied",
        whole="rated",
        counts=_("first ratings with “very satisfied”, “satisfied” or “fairly satisfied”"),
        over=_("all first ratings; who did not rate is not counted as satisfied"),
        cohort=_FIRST,
    ),
    Figure(
        code="resolution",
        label=_("Resolution rate"),
        question=_("Where are matters not solved?"),
        part="resolved",
        whole="rated",
        counts=_("first ratings that say “solved”; “partly solved” is not counted"),
        over=_("all first ratings"),
        cohort=_FIRST,
    ),
    Figure(
        code="response",
        label=_("Response rate"),
        question=_("Where do employees wait too long for a first response?"),
        part="response_met",
        whole="response_due",
        counts=_("first responses given by their deadline"),
        over=_("deadlines for a first response that are over, or were met before; each round has its own"),
        cohort=_DUE,
    ),
    Figure(
        code="on_time",
        label=_("On-time rate"),
        question=_("Where do replies come late?"),
        part="reply_met",
        whole="reply_due",
        counts=_("replies given by their deadline, more time granted and pauses included"),
        over=_("deadlines for a reply that are over, or were met before; each round has its own"),
        cohort=_DUE,
    ),
    Figure(
        code="coverage",
        label=_("Rating coverage"),
        question=_("Where do few employees rate?"),
        part="closed_rated",
        whole="closed",
        counts=_("cases that closed with a rating"),
        over=_("cases that closed after a reply; those closed because a question stayed unanswered are told apart"),
        cohort=_CLOSED,
    ),
    Figure(
        code="reopen",
        label=_("Reopen rate"),
        question=_("Where must matters be handled again?"),
        part="reopened",
        whole="rated",
        counts=_("first ratings with “not solved” or one of the two dissatisfied levels: they reopen the case"),
        over=_("all first ratings"),
        cohort=_FIRST,
        good=False,
    ),
    Figure(
        code="first_pass",
        label=_("First-pass resolution"),
        question=_("Where are matters not solved at the first go?"),
        part="first_pass",
        whole="closed_rated",
        counts=_("cases rated “solved” that closed in the first round"),
        over=_("cases that closed with a rating"),
        cohort=_CLOSED,
    ),
    Figure(
        code="final_resolution",
        label=_("Final resolution rate"),
        question=_("Where are matters not solved in the end?"),
        part="final_resolved",
        whole="closed_rated",
        counts=_("cases whose last rating says “solved”, in the first or the second round"),
        over=_("cases that closed with a rating"),
        cohort=_CLOSED,
    ),
    Figure(
        code="final_satisfaction",
        label=_("Final satisfaction rate"),
        question=_("Where are employees not satisfied in the end?"),
        part="final_satisfied",
        whole="closed_rated",
        counts=_("cases whose last rating is one of the three satisfied levels, in the first or the second round"),
        over=_("cases that closed with a rating"),
        cohort=_CLOSED,
    ),
)
FIGURES: Mapping[str, Figure] = {figure.code: figure for figure in _ALL}
"""The rates, by code, in the order in which they are shown."""

EXCLUSIONS = _(
    "In no rate: cases merged, withdrawn or declined by now, cases taken over from an older register, and conduct "
    "cases. They are shown beside the rates; conduct cases only as one number a year for the whole enterprise."
)
PLACE = _(
    "A case counts for the unit that led it, at the place that unit had in the organisation then. Before a unit leads "
    "it, it counts where it happened. Kind and category are those it has now."
)
SMALL = _("A rate over fewer than five is shown as its two numbers.")
VOLUME = _("Cases raised in the period, of every outcome and those from a register included; never conduct cases.")

COUNTS: Mapping[str, Text] = {
    "raised": pgettext_lazy("figure", "Raised"),
    "imported": pgettext_lazy("figure", "Taken over"),
    "merged": pgettext_lazy("figure", "Merged"),
    "withdrawn": pgettext_lazy("figure", "Withdrawn"),
    "declined": pgettext_lazy("figure", "Declined"),
    "no_answer": pgettext_lazy("figure", "No answer"),
}
"""The volume and what of it stands beside the rates, all of the cases raised in the period and as they are now."""
