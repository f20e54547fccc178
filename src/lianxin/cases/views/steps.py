"""Which form and which service each step has that staff take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lianxin.cases.forms import desk as forms
from lianxin.cases.models import Case
from lianxin.cases.services import bulk_actions, handling, triage


@dataclass(frozen=True)
class Action:
    """The form of a step; and its service, where there is more to it than the step itself."""

    form: type[forms.ActForm]
    service: Callable[..., Case] | None = None


def _accept(*, lead_unit: Any = None, **entered: Any) -> Case:
    return (
        bulk_actions.accept_and_dispatch(lead_unit=lead_unit, **entered) if lead_unit else triage.accept_case(**entered)
    )


ACTIONS: Mapping[str, Action] = {
    "accept": Action(forms.AcceptAndDispatchForm, _accept),
    "settle_subjects": Action(forms.SettleSubjectsForm, triage.settle_subjects),
    "decline": Action(forms.DeclineForm, triage.decline_case),
    "dispatch": Action(forms.DispatchForm, triage.dispatch_case),
    "recall": Action(forms.ActForm),
    "take_up": Action(forms.ActForm),
    "sign": Action(forms.ActForm),
    "contact": Action(forms.ContactForm, handling.contact_requester),
    "reply": Action(forms.ReplyForm, handling.reply_to_requester),
    "co_part": Action(forms.PartForm),
    "approve_extension": Action(forms.ActForm),
    "refuse_extension": Action(forms.ReasonForm),
    "ask": Action(forms.QuestionForm),
    "request_extension": Action(forms.ExtensionForm),
    "send_back": Action(forms.ReasonForm),
    "transfer": Action(forms.DispatchForm, triage.transfer_case),
    "take_over": Action(forms.ActForm),
    "reclassify": Action(forms.ClassifyForm, triage.reclassify_case),
    "merge": Action(forms.MergeForm, triage.merge_case),
    "unmerge": Action(forms.ActForm),
    "supervise": Action(forms.ReminderForm),
    "note": Action(forms.NoteForm),
    "name_people": Action(forms.NamePeopleForm, triage.name_people),
    "unseal": Action(forms.UnsealForm, triage.unseal_requester),
    "seal": Action(forms.SealForm, triage.seal_case),
}
