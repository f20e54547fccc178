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

_DUE = _("deadlines in the period")
_FIRST = _("first ratings made in the period, including late ones")
_CLOSED = _("cases closed in the period")

_ALL = (
    Rate(
        code="satisfaction",
        label=_("Satisfaction rate"),
        question=_("Where are employees dissatisfied?"),
        numerator=Measure(
            name="satisfied",
            label=_("Rated satisfied"),
            definition=_("first ratings of “very satisfied”, “satisfied” or “fairly satisfied”"),
        ),
        denominator=Measure(
            name="rated",
            label=_("First ratings"),
            definition=_("all first ratings; unrated cases are not counted as satisfied"),
        ),
        cohort=_FIRST,
        others=_("Rated dissatisfied"),
    ),
    Rate(
        code="resolution",
        label=_("Resolution rate"),
        question=_("Where are cases not solved?"),
        numerator=Measure(
            name="resolved",
            label=_("Rated solved"),
            definition=_("first ratings of “solved”; “partly solved” is not counted"),
        ),
        denominator=Measure(name="rated", label=_("First ratings"), definition=_("all first ratings")),
        cohort=_FIRST,
        others=_("Not rated solved"),
    ),
    Rate(
        code="response",
        label=_("Response rate"),
        question=_("Where do employees wait too long for a first response?"),
        numerator=Measure(
            name="response_met", label=_("Responded in time"), definition=_("first responses given by their deadline")
        ),
        denominator=Measure(
            name="response_due",
            label=_("Responses due"),
            definition=_("first response deadlines that have passed or were met early; each round has its own"),
        ),
        cohort=_DUE,
        others=_("Responded late or not yet"),
    ),
    Rate(
        code="on_time",
        label=_("On-time rate"),
        question=_("Where are replies late?"),
        numerator=Measure(
            name="reply_met",
            label=_("Replied in time"),
            definition=_("replies given by their deadline, including approved extensions and pauses"),
        ),
        denominator=Measure(
            name="reply_due",
            label=_("Replies due"),
            definition=_("reply deadlines that have passed or were met early; each round has its own"),
        ),
        cohort=_DUE,
        others=_("Replied late or not yet"),
    ),
    Rate(
        code="coverage",
        label=_("Rating rate"),
        question=_("Where do few employees rate?"),
        numerator=Measure(
            name="closed_rated", label=_("Closed with a rating"), definition=_("cases that closed with a rating")
        ),
        denominator=Measure(
            name="closed",
            label=_("Closed after a reply"),
            definition=_(
                "cases closed after a reply; those closed because a question was not answered are reported separately"
            ),
        ),
        cohort=_CLOSED,
        others=_("Closed without a rating"),
    ),
    Rate(
        code="reopen",
        label=_("Reopen rate"),
        question=_("Where are cases reopened?"),
        numerator=Measure(
            name="reopened",
            label=_("Reopened by a rating"),
            definition=_("first ratings of “not solved” or one of the two dissatisfied levels, which reopen the case"),
        ),
        denominator=Measure(name="rated", label=_("First ratings"), definition=_("all first ratings")),
        cohort=_FIRST,
        others=_("Not reopened"),
        higher_is_better=False,
    ),
    Rate(
        code="first_pass",
        label=_("First-pass resolution rate"),
        question=_("Where are cases not solved in the first round?"),
        numerator=Measure(
            name="first_pass",
            label=_("Solved in the first round"),
            definition=_("cases closed in the first round and rated “solved”"),
        ),
        denominator=Measure(
            name="closed_rated", label=_("Closed with a rating"), definition=_("cases that closed with a rating")
        ),
        cohort=_CLOSED,
        others=_("Not solved in the first round"),
    ),
    Rate(
        code="final_resolution",
        label=_("Final resolution rate"),
        question=_("Where are cases not solved in the end?"),
        numerator=Measure(
            name="final_resolved",
            label=_("Solved in the end"),
            definition=_("cases whose last rating is “solved”, in either round"),
        ),
        denominator=Measure(
            name="closed_rated", label=_("Closed with a rating"), definition=_("cases that closed with a rating")
        ),
        cohort=_CLOSED,
        others=_("Not solved in the end"),
    ),
    Rate(
        code="final_satisfaction",
        label=_("Final satisfaction rate"),
        question=_("Where are employees dissatisfied in the end?"),
        numerator=Measure(
            name="final_satisfied",
            label=_("Satisfied in the end"),
            definition=_("cases whose last rating is one of the three satisfied levels, in either round"),
        ),
        denominator=Measure(
            name="closed_rated", label=_("Closed with a rating"), definition=_("cases that closed with a rating")
        ),
        cohort=_CLOSED,
        others=_("Dissatisfied in the end"),
    ),
)
RATES: Mapping[str, Rate] = {rate.code: rate for rate in _ALL}
"""The rates, by code, in the order in which they are shown."""

EXCLUSIONS = _(
    "Excluded from all rates: cases that are merged, withdrawn or declined, cases imported from "
    "a register, and conduct cases. They are shown next to the rates; conduct cases only as one "
    "number a year for the whole enterprise."
)
PLACE = _(
    "A case is counted for its lead unit, at that unit's place in the organisation at the time. "
    "Until there is a lead unit, it is counted where it happened. Kind and category are the "
    "current ones."
)
SMALL = _(
    "A rate out of fewer than five is shown as two numbers; units with fewer than five are compared as one. The same "
    "holds on the page, in Excel and in JSON."
)
VOLUME = _(
    "Cases submitted in the period, whatever the outcome and including those imported from a "
    "register; never conduct cases."
)

WITHOUT: Mapping[str, Text] = {
    "satisfied": _("These cases were rated dissatisfied."),
    "resolved": _("These cases were not rated “solved”."),
    "response_met": _("In these cases the first response was late."),
    "reply_met": _("In these cases the reply was late."),
    "closed_rated": _("These cases were closed without a rating."),
    "first_pass": _("These cases were not solved in the first round."),
    "final_resolved": _("These cases were not solved in the end."),
    "final_satisfied": _("These cases were rated dissatisfied in the end."),
}
"""What the cases have in common that count in the denominator of a rate and not in its numerator, by the latter."""

COUNTS: Mapping[str, Text] = {
    "raised": pgettext_lazy("figure", "Submitted"),
    "imported": pgettext_lazy("figure", "Imported"),
    "merged": pgettext_lazy("figure", "Merged"),
    "withdrawn": pgettext_lazy("figure", "Withdrawn"),
    "declined": pgettext_lazy("figure", "Declined"),
    "no_answer": pgettext_lazy("figure", "No answer"),
}
"""The volume and what of it stands beside the rates, all of the cases raised in the period and as they are now."""
