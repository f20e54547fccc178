"""Whether the words of a requester speak of danger: what they wrote first, and what they add or answer."""

from lianxin.cases.enums import CaseKind, Danger, Urgency
from lianxin.nlp.risk_detection import PRESSING, most_pressing


def danger_of(text: str, kind: CaseKind) -> tuple[Danger | None, Urgency]:
    """Why a case is to run on a hazard's clocks, by its words or its kind, and how urgent it so is."""
    found = most_pressing(text)
    if found is None:
        return (Danger.HAZARD, Urgency.URGENT) if kind == CaseKind.HAZARD else (None, Urgency.NORMAL)
    only_urgent = found not in PRESSING and kind == CaseKind.HAZARD
    return Danger(found.value), Urgency.URGENT if only_urgent else Urgency.EMERGENCY
