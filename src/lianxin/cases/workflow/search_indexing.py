"""What a case is found by, kept up as it is said. Never who raised it, nor the field that says whom it is about."""

from collections.abc import Iterable

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, Value
from django.db.models.functions import Cast

from lianxin.cases.models import Case, Message, SearchRow
from lianxin.nlp.search_terms import vector

MOST = 40_000
"""Characters of one case that are searched: a `tsvector` holds 1 MB. Nobody reads so much in one case."""
TITLE, BODY, SAID, INTERNAL = "A", "B", "C", "D"
"""The weights; what has the last one no requester may read."""


def search_row(case: Case, said: Iterable[tuple[str, bool]] = ()) -> SearchRow:
    """The row of a case, not saved; `said` are the messages, each with whether it is internal."""
    parts = [(case.number, TITLE), (case.title, TITLE), (case.body, BODY)]
    words, letters = vector([*parts, *((text, _weight(internal=internal)) for text, internal in said)], most=MOST)
    return SearchRow(
        case=case,
        words=words,
        letters=letters,
        sealed=case.sealed,
        asked_to_withdraw=case.asked_to_withdraw,
        state=case.state,
        kind=case.kind,
        submitted_at=case.submitted_at,
        due_at=case.due_at,
        place_unit_id=case.place_unit_id,
        lead_unit_id=case.lead_unit_id,
        inspection_unit_id=case.inspection_unit_id,
        category_id=case.category_id,
    )


def find_by(message: Message) -> None:
    """Let a case be found by what was just said in it."""
    words, letters = vector([(message.text, _weight(internal=message.internal))], most=MOST)
    row = SearchRow.objects.filter(case=message.case_id, letters__lte=MOST - letters)
    row.update(words=_Joined(F("words"), Cast(Value(words), SearchVectorField())), letters=F("letters") + letters)


class _Joined(Func):
    """`words || more`."""

    template = "%(expressions)s"
    arg_joiner = " || "


def _weight(*, internal: bool) -> str:
    return INTERNAL if internal else SAID
