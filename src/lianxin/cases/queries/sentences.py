"""What happened to a case, as one readable sentence an event: for the desk, and mostly for the requester too."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.cases.enums import CaseKind, Channel, DeadlineKind, DeclineReason, Relation, Resolved, Urgency
from lianxin.ledger.queries import Event
from lianxin.org.queries import Person, Unit
from lianxin.ui.formatting import when

SENTENCES: Mapping[str, tuple[str | Promise, str]] = {
    "submit": (gettext_lazy("%(who)s submitted the case"), "message-plus"),
    "import": (gettext_lazy("Imported from a previous register"), "file-spreadsheet"),
    "accept": (gettext_lazy("%(who)s accepted the case"), "clipboard-check"),
    "decline": (gettext_lazy("%(who)s declined the case: %(reason)s"), "circle-x"),
    "appeal": (gettext_lazy("%(who)s appealed against the decision to decline"), "gavel"),
    "reclassify": (gettext_lazy("%(who)s corrected the classification: %(kind)s, %(urgency)s"), "tag"),
    "seal": (gettext_lazy("%(who)s transferred the case to discipline inspection"), "shield-lock"),
    "settle_subjects": (gettext_lazy("%(who)s confirmed who the case is about"), "user-question"),
    "name_people": (gettext_lazy("%(who)s recorded who the case is about"), "user-off"),
    "dispatch": (gettext_lazy("%(who)s dispatched the case to %(unit)s"), "route"),
    "recall": (gettext_lazy("%(who)s took the case back from %(unit)s"), "arrow-back-up"),
    "take_up": (gettext_lazy("%(who)s started work on the case"), "user-check"),
    "transfer": (gettext_lazy("%(who)s transferred the case to %(unit)s"), "transfer"),
    "merge": (gettext_lazy("%(who)s merged this case with another one about the same issue"), "git-merge"),
    "unmerge": (gettext_lazy("%(who)s undid the merge; this case is handled separately"), "git-merge"),
    "linked": (gettext_lazy("%(who)s linked a related case"), "link"),
    "apart": (gettext_lazy("%(who)s noted that a similar case is a different issue"), "x"),
    "unseal": (gettext_lazy("%(who)s unsealed the requester's name"), "lock-open"),
    "sign": (gettext_lazy("%(who)s signed for the case"), "pencil"),
    "send_back": (gettext_lazy("%(who)s sent the case back to the dispatcher"), "arrow-back-up"),
    "give_back": (gettext_lazy("Returned: the handler left or lost the role"), "user-off"),
    "take_over": (gettext_lazy("%(who)s became the lead handler"), "user-check"),
    "contact": (gettext_lazy("%(who)s sent the requester a message"), "message"),
    "co_part": (gettext_lazy("%(who)s submitted the supporting unit's contribution"), "users"),
    "reply": (gettext_lazy("%(who)s replied"), "message-check"),
    "request_extension": (gettext_lazy("%(who)s requested an extension of %(days)s working days"), "clock-plus"),
    "approve_extension": (
        gettext_lazy("%(who)s approved an extension of %(days)s working days; reply due %(due)s"),
        "clock-plus",
    ),
    "refuse_extension": (gettext_lazy("%(who)s rejected the extension"), "ban"),
    "ask": (gettext_lazy("%(who)s asked the requester a question; the deadlines are paused"), "message-question"),
    "answer": (gettext_lazy("%(who)s answered; the deadlines resume"), "message"),
    "no_answer": (gettext_lazy("Closed: the question was not answered"), "circle-x"),
    "add": (gettext_lazy("%(who)s added information"), "plus"),
    "note": (gettext_lazy("%(who)s added an internal note"), "note"),
    "rate": (gettext_lazy("%(who)s rated the reply: %(resolved)s"), "star"),
    "lapse": (gettext_lazy("Closed: not rated in time"), "circle-x"),
    "withdraw": (gettext_lazy("%(who)s withdrew the case"), "arrow-back-up"),
    "follow_alone": (gettext_lazy("%(who)s now follows the case without the colleague who submitted it"), "user-check"),
    "share": (gettext_lazy("%(who)s agreed to publication"), "speakerphone"),
    "unshare": (gettext_lazy("%(who)s withdrew consent; it is no longer published"), "eye-off"),
    "publish": (gettext_lazy("%(who)s published it with personal details removed"), "speakerphone"),
    "take_down": (gettext_lazy("%(who)s decided not to publish it"), "eye-off"),
    "supervise": (gettext_lazy("%(who)s put the case under supervision"), "eye-check"),
    "escalate": (gettext_lazy("Not accepted yet: escalated to the next level"), "bell"),
    "overdue": (gettext_lazy("Overdue: “%(clock)s” was due %(due)s"), "clock-exclamation"),
}
"""Action → its sentence and its icon."""


def who(event: Event) -> str:
    """Who acted. A requester is never named here: whoever may know the name finds it at the head of the page."""
    if event.role == Relation.REQUESTER:
        on_behalf = event.action == "submit" and event.data.get("channel") == Channel.ON_BEHALF
        return _("A colleague, on behalf of the requester,") if on_behalf else _("The requester")
    return called(event.actor) if event.actor else _("The system")


def called(person: Person) -> str:
    """The name of somebody who acted or has something in hand; of who has left, it says so."""
    return _("%(name)s (left)") % {"name": person.name} if person.left_on else person.name


def event_sentence(event: Event, units: Mapping[int, str] | None = None) -> str:
    """The event as a sentence in the reader's language. `units` (see `units_mentioned`) names where it went."""
    sentence, _icon = SENTENCES[event.action]
    if event.action == "ask" and event.data.get("pauses") is False:
        sentence = _("%(who)s asked the requester a question; the deadlines keep running")
    return str(sentence) % _words(event, units or {})


def event_icon(event: Event) -> str:
    """The icon that stands before the sentence."""
    return SENTENCES[event.action][1]


def units_mentioned(events: Iterable[Event], known: Iterable[Unit] = ()) -> dict[int, str]:
    """Unit id → name, of the units that the events speak of; one query unless they are all among the `known`."""
    names = {unit.pk: unit.name for unit in known}
    ids = {event.data["unit"] for event in events if event.data.get("unit")} - names.keys()
    return names | dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else names


def _words(event: Event, units: Mapping[int, str]) -> dict[str, Any]:
    data = event.data
    return {
        "who": who(event),
        "unit": units.get(data.get("unit", 0)) or _("handling unit"),
        "reason": _label(DeclineReason, data.get("reason")),
        "kind": _label(CaseKind, data.get("kind")),
        "urgency": _label(Urgency, data.get("urgency")),
        "resolved": _label(Resolved, data.get("resolved")),
        "clock": _label(DeadlineKind, data.get("clock")),
        "days": data.get("days", ""),
        "due": _moment(data.get("due")),
    }


def _label(words: Any, value: Any) -> str:
    return str(words(value).label) if value in words.values else ""


def _moment(value: Any) -> str:
    if not value:
        return ""
    return when(datetime.fromisoformat(value) if isinstance(value, str) else value)
