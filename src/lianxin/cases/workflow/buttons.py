"""The steps of a case as staff meet them, in the order of the menu."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from lianxin.kernel.workflow import Button

BUTTONS: Mapping[str, Button] = {
    "accept": Button(gettext_lazy("Accept"), "clipboard-check", gettext_lazy("Accepted")),
    "settle_subjects": Button(
        gettext_lazy("Settle whom it is about"),
        "user-question",
        gettext_lazy("Settled"),
        lead=gettext_lazy("Those whom you choose never see this case. After that it goes its ordinary way."),
    ),
    "decline": Button(
        gettext_lazy("Decline"),
        "circle-x",
        gettext_lazy("Declined; the requester was told and may appeal once"),
        lead=gettext_lazy("The requester reads the reason and may appeal once, to a supervisor."),
        danger=True,
    ),
    "dispatch": Button(gettext_lazy("Dispatch"), "route", gettext_lazy("Dispatched")),
    "take_up": Button(gettext_lazy("Take in hand"), "user-check", gettext_lazy("You are handling this case now")),
    "sign": Button(gettext_lazy("Sign for it"), "pencil", gettext_lazy("Signed for; you are the lead handler now")),
    "contact": Button(
        gettext_lazy("Write to the requester"),
        "message",
        gettext_lazy("Sent to the requester"),
        lead=gettext_lazy("A first substantive response, which stops the response clock: what you will do, and when."),
    ),
    "reply": Button(
        gettext_lazy("Reply"),
        "message-check",
        gettext_lazy("Replied; the requester is asked to rate it"),
        lead=gettext_lazy("After this the requester says whether it is solved. Only they can."),
    ),
    "co_part": Button(gettext_lazy("Give your unit's part"), "users", gettext_lazy("Your unit's part is on record")),
    "approve_extension": Button(
        gettext_lazy("Grant more time"),
        "clock-plus",
        gettext_lazy("More time was granted; the requester reads the reason"),
    ),
    "refuse_extension": Button(
        gettext_lazy("Refuse more time"), "ban", gettext_lazy("More time was refused; the deadline stays")
    ),
    "ask": Button(
        gettext_lazy("Ask the requester"),
        "message-question",
        gettext_lazy("Asked; the deadlines pause until the answer"),
        lead=gettext_lazy("The deadlines pause until the answer; after 10 working days without one the case closes."),
    ),
    "request_extension": Button(
        gettext_lazy("Ask for more time"),
        "clock-plus",
        gettext_lazy("Asked for; your unit leader or supervisor decides"),
        lead=gettext_lazy("Once for a case, at most 10 working days. Your unit leader or a supervisor decides."),
    ),
    "send_back": Button(
        gettext_lazy("Send back"),
        "arrow-back-up",
        gettext_lazy("Sent back to the dispatcher"),
        lead=gettext_lazy("The dispatcher will choose another unit. Once for a case."),
    ),
    "transfer": Button(
        gettext_lazy("Transfer"),
        "transfer",
        gettext_lazy("Transferred; the deadline stays"),
        lead=gettext_lazy("Another unit goes on with it; the deadline does not move."),
    ),
    "take_over": Button(
        gettext_lazy("Take over"),
        "user-check",
        gettext_lazy("You are the lead handler now"),
        lead=gettext_lazy("You become the lead handler in your colleague's place."),
    ),
    "reclassify": Button(
        gettext_lazy("Correct kind and category"),
        "tag",
        gettext_lazy("Corrected"),
        lead=gettext_lazy("Deadlines that run already do not move."),
    ),
    "merge": Button(
        gettext_lazy("Join with another case"),
        "git-merge",
        gettext_lazy("Joined; the requester was told"),
        lead=gettext_lazy(
            "This case will follow the other one: one reply for all, and each requester rates it themselves."
        ),
        undo="unmerge",
    ),
    "unmerge": Button(
        gettext_lazy("Separate again"),
        "git-merge",
        gettext_lazy("Separated; it waits to be accepted"),
        lead=gettext_lazy("The case stands on its own again and is accepted anew."),
    ),
    "supervise": Button(
        gettext_lazy("Supervise"),
        "eye-check",
        gettext_lazy("Under supervision; handler and unit leader were told"),
        lead=gettext_lazy("Handler and unit leader are reminded every working day until there is a reply."),
    ),
    "note": Button(gettext_lazy("Internal note"), "note", gettext_lazy("The note is there")),
    "name_people": Button(
        gettext_lazy("Note whom it is about"),
        "user-off",
        gettext_lazy("Noted; they do not see this case"),
        lead=gettext_lazy(
            "They lose sight of the case at once; if it was in their hands, it goes back to be dispatched."
        ),
    ),
    "unseal": Button(
        gettext_lazy("Unseal the name"),
        "lock-open",
        gettext_lazy("The name was unsealed for you; the requester was told"),
        lead=gettext_lazy("The requester asked for confidentiality. Unsealing stands on the trail for good."),
        danger=True,
    ),
    "seal": Button(
        gettext_lazy("Hand over to discipline inspection"),
        "shield-lock",
        gettext_lazy("Handed over to discipline inspection"),
        lead=gettext_lazy("From then on only discipline inspectors see this case. You will no longer see it."),
        danger=True,
    ),
}
