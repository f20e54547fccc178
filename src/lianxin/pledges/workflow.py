"""The process of a pledge: drafted, reviewed, published, kept or not."""

import pgtrigger
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kernel import timezone
from lianxin.kernel.triggers import transition_trigger
from lianxin.kernel.workflow import Button, Transition, TransitionContext, store
from lianxin.ledger.recorded_workflow import RecordedWorkflow
from lianxin.notifications.services import Notifier
from lianxin.org.enums import Role
from lianxin.org.queries import nearest_holders
from lianxin.pledges.enums import PledgeNotice, PledgeRelation, PledgeState
from lianxin.pledges.models import Evidence, Pledge, PledgeText
from lianxin.pledges.policies import relations_of

SUBJECT = "pledges.pledge"
DRAFT, PROPOSED, PUBLISHED = PledgeState.DRAFT, PledgeState.PROPOSED, PledgeState.PUBLISHED
CONCLUDED, WITHDRAWN = PledgeState.CONCLUDED, PledgeState.WITHDRAWN
AUTHOR, SECRETARY, SYSTEM = PledgeRelation.AUTHOR, PledgeRelation.SECRETARY, PledgeRelation.SYSTEM
Context = TransitionContext[Pledge]


def _cycle_is_open(context: Context) -> str | Promise | None:
    return _("The cycle has ended.") if context.subject.cycle.ends_on < timezone.today() else None


def _is_due(context: Context) -> str | Promise | None:
    early = context.subject.due_on > timezone.today()
    return _("It is not due yet. It is concluded on its day, or the author amends the day.") if early else None


def _date_fits(context: Context) -> str | Promise | None:
    due = context.get("due_on")
    cycle = context.subject.cycle
    fits = due is None or cycle.starts_on <= due <= cycle.ends_on
    return None if fits else _("The day lies outside the cycle.")


def _case_fits(context: Context) -> str | Promise | None:
    """A case that its author solved: neither sealed nor a test, closed, and led by them."""
    case = context.inputs["case"]
    if context.subject.evidence.filter(case=case).exists():
        return _("This case is cited already.")
    solved = case.closed_at and case.handler_id == context.subject.author_id
    return None if solved and not case.sealed and not case.is_test else _("Only a case that you solved can be cited.")


def _keep_text(context: Context) -> None:
    pledge = context.subject
    PledgeText.objects.create(pledge=pledge, text=pledge.text, due_on=pledge.due_on, until=timezone.today())
    _rewrite(context)
    pledge.remind_on = pledge.due_on


_rewrite = store(text="text", due_on="due_on")


def _publish(context: Context) -> None:
    context.subject.returned_because, context.subject.remind_on = "", context.subject.due_on


def _cite(context: Context) -> None:
    Evidence.objects.create(pledge=context.subject, case=context.inputs["case"], day=timezone.today())


def _conclude(context: Context) -> None:
    store(outcome="outcome", conclusion="text")(context)
    context.data["outcome"] = context.subject.outcome
    _end(context)


def _end(context: Context) -> None:
    context.subject.remind_on = None


def author_of(pledge: Pledge) -> list[int]:
    """The id of whoever made the pledge."""
    return [pledge.author_id]


def secretaries_of(pledge: Pledge) -> list[int]:
    """Ids of the nearest secretaries who decide about a pledge: never its author."""
    path = pledge.cycle.branch.unit.path
    return nearest_holders(Role.BRANCH_SECRETARY, path, excluding=author_of(pledge))


NOTICES: Notifier[Pledge] = Notifier(SUBJECT, label=lambda pledge: pledge.author.name)
NOTHING_TO_DO = NOTICES.done(PledgeNotice.TO_REVIEW, PledgeNotice.RETURNED, PledgeNotice.DUE)

PLEDGE: RecordedWorkflow[Pledge] = RecordedWorkflow(
    Transition("edit", (DRAFT,), (AUTHOR,), required=("text",), conditions=(_date_fits,), apply=_rewrite),
    Transition(
        "propose",
        (DRAFT,),
        (AUTHOR,),
        to=PROPOSED,
        conditions=(_cycle_is_open,),
        then=(NOTICES.done(PledgeNotice.RETURNED), NOTICES.to(PledgeNotice.TO_REVIEW, secretaries_of)),
    ),
    Transition(
        "publish",
        (PROPOSED,),
        (SECRETARY,),
        to=PUBLISHED,
        apply=_publish,
        then=(NOTICES.done(PledgeNotice.TO_REVIEW), NOTICES.to(PledgeNotice.PUBLISHED, author_of)),
    ),
    Transition(
        "return",
        (PROPOSED,),
        (SECRETARY,),
        to=DRAFT,
        required=("text",),
        apply=store(returned_because="text"),
        then=(NOTICES.done(PledgeNotice.TO_REVIEW), NOTICES.to(PledgeNotice.RETURNED, author_of)),
    ),
    Transition("cite", (PUBLISHED,), (AUTHOR,), required=("case",), conditions=(_case_fits,), apply=_cite),
    Transition("assess", (PUBLISHED,), (AUTHOR,), required=("text",), apply=store(assessment="text")),
    Transition("amend", (PUBLISHED,), (AUTHOR,), required=("text",), conditions=(_date_fits,), apply=_keep_text),
    Transition(
        "conclude",
        (PUBLISHED,),
        (SECRETARY,),
        to=CONCLUDED,
        required=("outcome", "text"),
        conditions=(_is_due,),
        apply=_conclude,
        then=(NOTICES.done(PledgeNotice.DUE), NOTICES.to(PledgeNotice.CONCLUDED, author_of)),
    ),
    Transition("withdraw", (DRAFT, PROPOSED), (AUTHOR, SYSTEM), to=WITHDRAWN, apply=_end, then=(NOTHING_TO_DO,)),
    Transition("withdraw", (PUBLISHED,), (SYSTEM,), to=WITHDRAWN, apply=_end, then=(NOTHING_TO_DO,)),
    subject_type=SUBJECT,
    relations=relations_of,
    rows=Pledge.objects.with_people,
    buttons={
        "propose": Button(_("Submit for review"), "send", _("Submitted; the secretary reviews it")),
        "publish": Button(pgettext_lazy("pledge", "Publish"), "check", _("Published; colleagues can read it")),
        "return": Button(pgettext_lazy("pledge", "Return"), "arrow-back-up", _("Returned; the author was notified")),
        "edit": Button(_("Edit"), "pencil", _("Saved")),
        "cite": Button(_("Cite a solved case"), "link", _("Cited")),
        "assess": Button(_("Assess it yourself"), "clipboard-check", _("Your assessment is saved")),
        "amend": Button(
            _("Amend"), "pencil", _("Amended"), lead=_("Both texts stay visible: the one before and the new one.")
        ),
        "conclude": Button(_("Conclude"), "flag", _("Concluded; the author was notified")),
        "withdraw": Button(pgettext_lazy("pledge", "Withdraw"), "trash", _("Withdrawn"), danger=True),
    },
    labels={"draft": pgettext_lazy("pledge", "Drafted")},
)

pgtrigger.register(transition_trigger(PLEDGE.state_changes()))(Pledge)
