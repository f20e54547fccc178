"""The events of a case as they are told to its requester: 您 where the desk reads "the requester"."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.cases.enums import Channel, Resolved, Satisfaction
from lianxin.cases.queries.sentences import event_sentence
from lianxin.ledger.queries import Event

_TO_REQUESTER: Mapping[str, str | Promise] = {
    "submit": gettext_lazy("You submitted it"),
    "appeal": gettext_lazy("You appealed; a supervisor decides"),
    "unseal": gettext_lazy("%(who)s unsealed your name"),
    "ask": gettext_lazy("%(who)s asked you a question; the deadlines are paused"),
    "answer": gettext_lazy("You answered; the deadlines resume"),
    "contact": gettext_lazy("%(who)s sent you a message"),
    "no_answer": gettext_lazy("Closed: you did not answer within ten working days"),
    "add": gettext_lazy("You added information"),
    "rate": gettext_lazy("Your rating: %(resolved)s, %(satisfaction)s"),
    "lapse": gettext_lazy("Closed without a rating; this does not count as satisfied"),
    "withdraw": gettext_lazy("You withdrew it"),
    "follow_alone": gettext_lazy("You took it over; the colleague who submitted it no longer sees it"),
    "share": gettext_lazy("You agreed to publication"),
    "unshare": gettext_lazy("You withdrew consent; it is no longer published"),
    "supervise": gettext_lazy("Under supervision: checked every day until it is closed"),
}


def told_to_requester(event: Event, units: Mapping[int, str] | None = None) -> str:
    """The event as a sentence to the requester. `units` as for `event_sentence`."""
    if event.action == "submit" and event.data.get("channel") == Channel.ON_BEHALF and event.actor:
        return _("%(who)s submitted the case on your behalf") % {"who": event.actor.name}
    sentence = _TO_REQUESTER.get(event.action)
    if event.action == "ask" and event.data.get("pauses") is False:
        sentence = _("%(who)s asked you a question; work continues meanwhile")
    if sentence is None:
        return event_sentence(event, units)
    resolved, satisfaction = event.data.get("resolved"), event.data.get("satisfaction")
    return str(sentence) % {
        "who": event.actor.name if event.actor else _("The system"),
        "resolved": Resolved(resolved).label if resolved in Resolved.values else "",
        "satisfaction": Satisfaction(satisfaction).label if satisfaction in Satisfaction.values else "",
    }
