"""The steps of a case as staff meet them, in the order of the menu."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy

from lianxin.kernel.workflow import Button

BUTTONS: Mapping[str, Button] = {
    "accept": Button(gettext_lazy("Accept"), "clipboard-check", gettext_lazy("Accepted")),
    "settle_subjects": Button(
        gettext_lazy("Confirm who it is about"),
        "user-question",
        gettext_lazy("Confirmed"),
        lead=gettext_lazy("The people you choose never see this case. After that it follows the normal process."),
    ),
    "decline": Button(
        gettext_lazy("Decline"),
        "circle-x",
        gettext_lazy("Declined; the requester was notified"),
        lead=gettext_lazy("The requester can read the reason. One appeal to a supervisor is possible."),
        danger=True,
    ),
    "dispatch": Button(gettext_lazy("Dispatch"), "route", gettext_lazy("Dispatched"), undo="recall"),
    "take_up": Button(gettext_lazy("Start work"), "user-check", gettext_lazy("You are now handling this case")),
    "sign": Button(gettext_lazy("Sign for"), "pencil", gettext_lazy("Signed for; you are now the lead handler")),
    "contact": Button(
        gettext_lazy("Contact the requester"),
        "message",
        gettext_lazy("Saved; the requester was notified"),
        lead=gettext_lazy(
            "A first substantive response, by message, call or visit, meets the response deadline: what you will do, "
            "and by when."
        ),
    ),
    "reply": Button(
        gettext_lazy("Reply"),
        "message-check",
        gettext_lazy("Replied; the requester is asked to rate it"),
        lead=gettext_lazy("The requester then rates whether it is solved. Only they can rate it."),
    ),
    "co_part": Button(gettext_lazy("Submit contribution"), "users", gettext_lazy("Contribution submitted")),
    "approve_extension": Button(
        gettext_lazy("Approve extension"),
        "clock-plus",
        gettext_lazy("Extension approved; the requester can read the reason"),
    ),
    "refuse_extension": Button(
        gettext_lazy("Reject extension"), "ban", gettext_lazy("Extension rejected; the deadline does not change")
    ),
    "ask": Button(
        gettext_lazy("Ask the requester"),
        "message-question",
        gettext_lazy("Question sent; the deadlines are paused until the answer"),
        lead=gettext_lazy(
            "The deadlines are paused until the answer; after 10 working days without one the case is closed."
        ),
    ),
    "request_extension": Button(
        gettext_lazy("Request extension"),
        "clock-plus",
        gettext_lazy("Extension requested; your unit leader or supervisor decides"),
        lead=gettext_lazy("Once per case, at most 10 working days. Your unit leader or a supervisor decides."),
    ),
    "send_back": Button(
        gettext_lazy("Send back"),
        "arrow-back-up",
        gettext_lazy("Sent back to the dispatcher"),
        lead=gettext_lazy("The dispatcher will choose another unit. Allowed once per case."),
    ),
    "recall": Button(
        gettext_lazy("Take back"),
        "arrow-back-up",
        gettext_lazy("Taken back; waiting for dispatch"),
        lead=gettext_lazy("Nobody has signed for it yet. You can then dispatch it to another unit."),
    ),
    "transfer": Button(
        gettext_lazy("Transfer"),
        "transfer",
        gettext_lazy("Transferred; the deadline does not change"),
        lead=gettext_lazy("Another unit takes it over. The deadline does not change."),
    ),
    "take_over": Button(
        gettext_lazy("Take over"),
        "user-check",
        gettext_lazy("You are now the lead handler"),
        lead=gettext_lazy("You replace your colleague as lead handler."),
    ),
    "reclassify": Button(
        gettext_lazy("Correct kind and category"),
        "tag",
        gettext_lazy("Corrected"),
        lead=gettext_lazy("Running deadlines do not move."),
    ),
    "merge": Button(
        gettext_lazy("Merge"),
        "git-merge",
        gettext_lazy("Merged; the requester was notified"),
        lead=gettext_lazy(
            "This case will be merged into the other: one reply for all, and each requester rates it separately."
        ),
        undo="unmerge",
    ),
    "unmerge": Button(
        gettext_lazy("Undo merge"),
        "git-merge",
        gettext_lazy("Merge undone; waiting for acceptance"),
        lead=gettext_lazy("The case is separate again and waits for acceptance."),
    ),
    "supervise": Button(
        gettext_lazy("Supervise"),
        "eye-check",
        gettext_lazy("Under supervision; the handler and unit leader were notified"),
        lead=gettext_lazy("The handler and unit leader are reminded every working day until there is a reply."),
    ),
    "note": Button(gettext_lazy("Internal note"), "note", gettext_lazy("Note saved")),
    "name_people": Button(
        gettext_lazy("Record who it is about"),
        "user-off",
        gettext_lazy("Saved; they cannot see this case"),
        lead=gettext_lazy("They lose access immediately; if they were handling the case, it goes back for dispatch."),
    ),
    "unseal": Button(
        gettext_lazy("Unseal the name"),
        "lock-open",
        gettext_lazy("The name was unsealed for you; the requester was notified"),
        lead=gettext_lazy("The requester asked for confidentiality. The unsealing is recorded permanently."),
        danger=True,
    ),
    "seal": Button(
        gettext_lazy("Transfer to discipline inspection"),
        "shield-lock",
        gettext_lazy("Transferred to discipline inspection"),
        lead=gettext_lazy("After the transfer, only discipline inspectors can see this case. You will lose access."),
        danger=True,
    ),
}
