"""The steps as staff meet them: one table, in the order of the menu."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from lianxin.cases.forms import desk as forms
from lianxin.cases.models import Case
from lianxin.cases.services import bulk_actions, handling, triage

Words = str | Promise


@dataclass(frozen=True)
class Action:
    """One step as staff meet it: what it is called, its form, its service, what is said when it is done.

    `lead` says beforehand what will follow; `undo` names the action that takes it back.
    """

    label: Words
    icon: str
    form: type[forms.ActForm]
    service: Callable[..., Case]
    done: Words
    lead: Words = ""
    danger: bool = False
    undo: str = ""

    @property
    def at_once(self) -> bool:
        """Whether there is nothing to enter, so that one tap does it."""
        return self.form is forms.ActForm


def _accept(*, lead_unit: Any = None, **entered: Any) -> Case:
    return (
        bulk_actions.accept_and_dispatch(lead_unit=lead_unit, **entered) if lead_unit else triage.accept_case(**entered)
    )


ACTIONS: Mapping[str, Action] = {
    "accept": Action(
        gettext_lazy("Accept"), "clipboard-check", forms.AcceptAndDispatchForm, _accept, gettext_lazy("Accepted")
    ),
    "settle_subjects": Action(
        gettext_lazy("Settle whom it is about"),
        "user-question",
        forms.SettleSubjectsForm,
        triage.settle_subjects,
        gettext_lazy("Settled"),
        lead=gettext_lazy("Those whom you choose never see this case. After that it goes its ordinary way."),
    ),
    "decline": Action(
        gettext_lazy("Decline"),
        "circle-x",
        forms.DeclineForm,
        triage.decline_case,
        gettext_lazy("Declined; the requester was told and may appeal once"),
        lead=gettext_lazy("The requester reads the reason and may appeal once, to a supervisor."),
        danger=True,
    ),
    "dispatch": Action(
        gettext_lazy("Dispatch"), "route", forms.DispatchForm, triage.dispatch_case, gettext_lazy("Dispatched")
    ),
    "take_up": Action(
        gettext_lazy("Take in hand"),
        "user-check",
        forms.ActForm,
        triage.take_up_case,
        gettext_lazy("You are handling this case now"),
    ),
    "sign": Action(
        gettext_lazy("Sign for it"),
        "pencil",
        forms.ActForm,
        handling.sign_for,
        gettext_lazy("Signed for; you are the lead handler now"),
    ),
    "contact": Action(
        gettext_lazy("Write to the requester"),
        "message",
        forms.MessageForm,
        handling.contact_requester,
        gettext_lazy("Sent to the requester"),
        lead=gettext_lazy("A first substantive response, which stops the response clock: what you will do, and when."),
    ),
    "reply": Action(
        gettext_lazy("Reply"),
        "message-check",
        forms.ReplyForm,
        handling.reply_to_requester,
        gettext_lazy("Replied; the requester is asked to rate it"),
        lead=gettext_lazy("After this the requester says whether it is solved. Only they can."),
    ),
    "co_part": Action(
        gettext_lazy("Give your unit's part"),
        "users",
        forms.PartForm,
        handling.contribute_part,
        gettext_lazy("Your unit's part is on record"),
    ),
    "approve_extension": Action(
        gettext_lazy("Grant more time"),
        "clock-plus",
        forms.ActForm,
        handling.approve_extension,
        gettext_lazy("More time was granted; the requester reads the reason"),
    ),
    "refuse_extension": Action(
        gettext_lazy("Refuse more time"),
        "ban",
        forms.ReasonForm,
        handling.refuse_extension,
        gettext_lazy("More time was refused; the deadline stays"),
    ),
    "ask": Action(
        gettext_lazy("Ask the requester"),
        "message-question",
        forms.QuestionForm,
        handling.ask_requester,
        gettext_lazy("Asked; the deadlines pause until the answer"),
        lead=gettext_lazy("The deadlines pause until the answer; after 10 working days without one the case closes."),
    ),
    "request_extension": Action(
        gettext_lazy("Ask for more time"),
        "clock-plus",
        forms.ExtensionForm,
        handling.request_extension,
        gettext_lazy("Asked for; your unit leader or supervisor decides"),
        lead=gettext_lazy("Once for a case, at most 10 working days. Your unit leader or a supervisor decides."),
    ),
    "send_back": Action(
        gettext_lazy("Send back"),
        "arrow-back-up",
        forms.ReasonForm,
        handling.send_back,
        gettext_lazy("Sent back to the dispatcher"),
        lead=gettext_lazy("The dispatcher will choose another unit. Once for a case."),
    ),
    "transfer": Action(
        gettext_lazy("Transfer"),
        "transfer",
        forms.DispatchForm,
        triage.transfer_case,
        gettext_lazy("Transferred; the deadline stays"),
        lead=gettext_lazy("Another unit goes on with it; the deadline does not move."),
    ),
    "take_over": Action(
        gettext_lazy("Take over"),
        "user-check",
        forms.ActForm,
        handling.take_over,
        gettext_lazy("You are the lead handler now"),
        lead=gettext_lazy("You become the lead handler in your colleague's place."),
    ),
    "reclassify": Action(
        gettext_lazy("Correct kind and category"),
        "tag",
        forms.ClassifyForm,
        triage.reclassify_case,
        gettext_lazy("Corrected"),
        lead=gettext_lazy("Deadlines that run already do not move."),
    ),
    "merge": Action(
        gettext_lazy("Join with another case"),
        "git-merge",
        forms.MergeForm,
        triage.merge_case,
        gettext_lazy("Joined; the requester was told"),
        lead=gettext_lazy(
            "This case will follow the other one: one reply for all, and each requester rates it themselves."
        ),
        undo="unmerge",
    ),
    "unmerge": Action(
        gettext_lazy("Separate again"),
        "git-merge",
        forms.ActForm,
        triage.unmerge_case,
        gettext_lazy("Separated; it waits to be accepted"),
        lead=gettext_lazy("The case stands on its own again and is accepted anew."),
    ),
    "supervise": Action(
        gettext_lazy("Supervise"),
        "eye-check",
        forms.ReminderForm,
        triage.supervise_case,
        gettext_lazy("Under supervision; handler and unit leader were told"),
        lead=gettext_lazy("Handler and unit leader are reminded every working day until there is a reply."),
    ),
    "note": Action(
        gettext_lazy("Internal note"), "note", forms.NoteForm, handling.write_note, gettext_lazy("The note is there")
    ),
    "name_people": Action(
        gettext_lazy("Note whom it is about"),
        "user-off",
        forms.NamePeopleForm,
        triage.name_people,
        gettext_lazy("Noted; they do not see this case"),
        lead=gettext_lazy(
            "They lose sight of the case at once; if it was in their hands, it goes back to be dispatched."
        ),
    ),
    "unseal": Action(
        gettext_lazy("Unseal the name"),
        "lock-open",
        forms.UnsealForm,
        triage.unseal_requester,
        gettext_lazy("The name was unsealed for you; the requester was told"),
        lead=gettext_lazy("The requester asked for confidentiality. Unsealing stands on the trail for good."),
        danger=True,
    ),
    "seal": Action(
        gettext_lazy("Hand over to discipline inspection"),
        "shield-lock",
        forms.SealForm,
        triage.seal_case,
        gettext_lazy("Handed over to discipline inspection"),
        lead=gettext_lazy("From then on only discipline inspectors see this case. You will no longer see it."),
        danger=True,
    ),
}
"""In the order of the menu."""
