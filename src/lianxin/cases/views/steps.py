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
        gettext_lazy("Confirm who it is about"),
        "user-question",
        forms.SettleSubjectsForm,
        triage.settle_subjects,
        gettext_lazy("Confirmed"),
        lead=gettext_lazy("The people you choose never see this case. After that it follows the normal process."),
    ),
    "decline": Action(
        gettext_lazy("Decline"),
        "circle-x",
        forms.DeclineForm,
        triage.decline_case,
        gettext_lazy("Declined; the requester was notified and may appeal once"),
        lead=gettext_lazy("The requester can read the reason and may appeal once to a supervisor."),
        danger=True,
    ),
    "dispatch": Action(
        gettext_lazy("Dispatch"), "route", forms.DispatchForm, triage.dispatch_case, gettext_lazy("Dispatched")
    ),
    "take_up": Action(
        gettext_lazy("Start work"),
        "user-check",
        forms.ActForm,
        triage.take_up_case,
        gettext_lazy("You are now handling this case"),
    ),
    "sign": Action(
        gettext_lazy("Sign for"),
        "pencil",
        forms.ActForm,
        handling.sign_for,
        gettext_lazy("Signed for; you are now the lead handler"),
    ),
    "contact": Action(
        gettext_lazy("Message the requester"),
        "message",
        forms.MessageForm,
        handling.contact_requester,
        gettext_lazy("Sent to the requester"),
        lead=gettext_lazy(
            "A first substantive response, which meets the response deadline: what you will do, and by when."
        ),
    ),
    "reply": Action(
        gettext_lazy("Reply"),
        "message-check",
        forms.ReplyForm,
        handling.reply_to_requester,
        gettext_lazy("Replied; the requester is asked to rate it"),
        lead=gettext_lazy("The requester then rates whether it is solved. Only they can rate it."),
    ),
    "co_part": Action(
        gettext_lazy("Submit contribution"),
        "users",
        forms.PartForm,
        handling.contribute_part,
        gettext_lazy("Contribution submitted"),
    ),
    "approve_extension": Action(
        gettext_lazy("Approve extension"),
        "clock-plus",
        forms.ActForm,
        handling.approve_extension,
        gettext_lazy("Extension approved; the requester can read the reason"),
    ),
    "refuse_extension": Action(
        gettext_lazy("Reject extension"),
        "ban",
        forms.ReasonForm,
        handling.refuse_extension,
        gettext_lazy("Extension rejected; the deadline does not change"),
    ),
    "ask": Action(
        gettext_lazy("Ask the requester"),
        "message-question",
        forms.QuestionForm,
        handling.ask_requester,
        gettext_lazy("Question sent; the deadlines are paused until the answer"),
        lead=gettext_lazy(
            "The deadlines are paused until the answer; after 10 working days without one the case is closed."
        ),
    ),
    "request_extension": Action(
        gettext_lazy("Request extension"),
        "clock-plus",
        forms.ExtensionForm,
        handling.request_extension,
        gettext_lazy("Extension requested; your unit leader or supervisor decides"),
        lead=gettext_lazy("Once per case, at most 10 working days. Your unit leader or a supervisor decides."),
    ),
    "send_back": Action(
        gettext_lazy("Send back"),
        "arrow-back-up",
        forms.ReasonForm,
        handling.send_back,
        gettext_lazy("Sent back to the dispatcher"),
        lead=gettext_lazy("The dispatcher will choose another unit. Allowed once per case."),
    ),
    "transfer": Action(
        gettext_lazy("Transfer"),
        "transfer",
        forms.DispatchForm,
        triage.transfer_case,
        gettext_lazy("Transferred; the deadline does not change"),
        lead=gettext_lazy("Another unit takes it over. The deadline does not change."),
    ),
    "take_over": Action(
        gettext_lazy("Take over"),
        "user-check",
        forms.ActForm,
        handling.take_over,
        gettext_lazy("You are now the lead handler"),
        lead=gettext_lazy("You replace your colleague as lead handler."),
    ),
    "reclassify": Action(
        gettext_lazy("Correct kind and category"),
        "tag",
        forms.ClassifyForm,
        triage.reclassify_case,
        gettext_lazy("Corrected"),
        lead=gettext_lazy("Running deadlines do not move."),
    ),
    "merge": Action(
        gettext_lazy("Merge"),
        "git-merge",
        forms.MergeForm,
        triage.merge_case,
        gettext_lazy("Merged; the requester was notified"),
        lead=gettext_lazy(
            "This case will be merged into the other: one reply for all, and each requester rates it separately."
        ),
        undo="unmerge",
    ),
    "unmerge": Action(
        gettext_lazy("Undo merge"),
        "git-merge",
        forms.ActForm,
        triage.unmerge_case,
        gettext_lazy("Merge undone; waiting for acceptance"),
        lead=gettext_lazy("The case is separate again and waits for acceptance."),
    ),
    "supervise": Action(
        gettext_lazy("Supervise"),
        "eye-check",
        forms.ReminderForm,
        triage.supervise_case,
        gettext_lazy("Under supervision; the handler and unit leader were notified"),
        lead=gettext_lazy("The handler and unit leader are reminded every working day until there is a reply."),
    ),
    "note": Action(
        gettext_lazy("Internal note"), "note", forms.NoteForm, handling.write_note, gettext_lazy("Note saved")
    ),
    "name_people": Action(
        gettext_lazy("Record who it is about"),
        "user-off",
        forms.NamePeopleForm,
        triage.name_people,
        gettext_lazy("Saved; they cannot see this case"),
        lead=gettext_lazy("They lose access immediately; if they were handling the case, it goes back for dispatch."),
    ),
    "unseal": Action(
        gettext_lazy("Unseal the name"),
        "lock-open",
        forms.UnsealForm,
        triage.unseal_requester,
        gettext_lazy("The name was unsealed for you; the requester was notified"),
        lead=gettext_lazy("The requester asked for confidentiality. The unsealing is recorded permanently."),
        danger=True,
    ),
    "seal": Action(
        gettext_lazy("Transfer to discipline inspection"),
        "shield-lock",
        forms.SealForm,
        triage.seal_case,
        gettext_lazy("Transferred to discipline inspection"),
        lead=gettext_lazy("After the transfer, only discipline inspectors can see this case. You will lose access."),
        danger=True,
    ),
}
"""In the order of the menu."""
