"""What each figure means, in words that users read beside it; `facts` says the same in code.

Of every figure: merged, withdrawn and declined cases, cases taken over from a register and sealed cases are in no
denominator. A case counts for the unit that led it, at the place that unit had in the tree then. All days are days
where the enterprise is, and both ends of a period belong to it.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kernel.figures import Measure, Rate, Text

MEASURES = (
    "raised",
    "imported",
    "merged",
    "withdrawn",
    "declined",
    "no_answer",
    "response_due",
    "response_met",
    "reply_due",
    "reply_met",
    "rated",
    "resolved",
    "satisfied",
    "reopened",
    "closed",
    "closed_rated",
    "first_pass",
    "final_resolved",
    "final_satisfied",
)
"""What is counted: the boolean columns of `CaseFact`."""

_DUE = _("deadlines that lie in the period")
_FIRST = _("first ratings made in the period, late ones included")
_CLOSED = _("cases closed in the period")

_ALL = (
    Rate(
        code="satisfaction",
        label=_("Satisfaction rate"),
        question=_("Where are employees not satisfied?"),
        numerator=Measure(
            name="satisfied", definition=_("first ratings with “very satisfied”, “satisfied” or “fairly satisfied”")
        ),
        denominator=Measure(
            name="rated", definition=_("all first ratings; who did not rate is not counted as satisfied")
        ),
        cohort=_FIRST,
    ),
    Rate(
        code="resolution",
        label=_("Resolution rate"),
        question=_("Where are matters not solved?"),
        numerator=Measure(
            name="resolved", definition=_("first ratings that say “solved”; “partly solved” is not counted")
        ),
        denominator=Measure(name="rated", definition=_("all first ratings")),
        cohort=_FIRST,
    ),
    Rate(
        code="response",
        label=_("Response rate"),
        question=_("Where do employees wait too long for a first response?"),
        numerator=Measure(name="response_met", definition=_("first responses given by their deadline")),
        denominator=Measure(
            name="response_due",
            definition=_("deadlines for a first response that are over, or were met before; each round has its own"),
        ),
        cohort=_DUE,
    ),
    Rate(
        code="on_time",
        label=_("On-time rate"),
        question=_("Where do replies come late?"),
        numerator=Measure(
            name="reply_met", definition=_("replies given by their deadline, more time granted and pauses included")
        ),
        denominator=Measure(
            name="reply_due",
            definition=_("deadlines for a reply that are over, or were met before; each round has its own"),
        ),
        cohort=_DUE,
    ),
    Rate(
        code="coverage",
        label=_("Rating coverage"),
        question=_("Where do few employees rate?"),
        numerator=Measure(name="closed_rated", definition=_("cases that closed with a rating")),
        denominator=Measure(
            name="closed",
            definition=_(
                "cases that closed after a reply; those closed because a question stayed unanswered are told apart"
            ),
        ),
        cohort=_CLOSED,
    ),
    Rate(
        code="reopen",
        label=_("Reopen rate"),
        question=_("Where must matters be handled again?"),
        numerator=Measure(
            name="reopened",
            definition=_("first ratings with “not solved” or one of the two dissatisfied levels: they reopen the case"),
        ),
        denominator=Measure(name="rated", definition=_("all first ratings")),
        cohort=_FIRST,
        higher_is_better=False,
    ),
    Rate(
        code="first_pass",
        label=_("First-pass resolution"),
        question=_("Where are matters not solved at the first go?"),
        numerator=Measure(name="first_pass", definition=_("cases rated “solved” that closed in the first round")),
        denominator=Measure(name="closed_rated", definition=_("cases that closed with a rating")),
        cohort=_CLOSED,
    ),
    Rate(
        code="final_resolution",
        label=_("Final resolution rate"),
        question=_("Where are matters not solved in the end?"),
        numerator=Measure(
            name="final_resolved",
            definition=_("cases whose last rating says “solved”, in the first or the second round"),
        ),
        denominator=Measure(name="closed_rated", definition=_("cases that closed with a rating")),
        cohort=_CLOSED,
    ),
    Rate(
        code="final_satisfaction",
        label=_("Final satisfaction rate"),
        question=_("Where are employees not satisfied in the end?"),
        numerator=Measure(
            name="final_satisfied",
            definition=_(
                "cases whose last rating is one of the three satisfied levels, in the first or the second round"
            ),
        ),
        denominator=Measure(name="closed_rated", definition=_("cases that closed with a rating")),
        cohort=_CLOSED,
    ),
)
RATES: Mapping[str, Rate] = {rate.code: rate for rate in _ALL}
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
