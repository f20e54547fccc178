"""Where a case stands for its requester: a word for it, the line of progress, what comes next and by when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.cases.enums import CaseState, DeadlineKind, Outcome
from lianxin.cases.models import Case, Deadline
from lianxin.cases.queries.case_context import CasePage
from lianxin.kernel import timezone
from lianxin.kernel.workflow import TransitionContext
from lianxin.ui.components import Step
from lianxin.ui.formatting import day_of, when

S = CaseState
REQUESTER_ACTIONS = ("answer", "rate", "appeal", "add", "withdraw", "share", "unshare")
"""What a requester can do, the more pressing first."""
PRESSING = REQUESTER_ACTIONS[:3]


class Word(NamedTuple):
    """The state of a case in the requester's words."""

    word: str | Promise
    icon: str
    tone: Literal["neutral", "info", "success", "warning", "danger", "accent"]


_WORDS: Mapping[str, Word] = {
    S.SUBMITTED: Word(gettext_lazy("Submitted"), "send", "info"),
    S.ACCEPTED: Word(gettext_lazy("Accepted"), "circle-check", "info"),
    S.DISPATCHED: Word(gettext_lazy("Accepted"), "circle-check", "info"),
    S.IN_PROGRESS: Word(gettext_lazy("In progress"), "progress", "info"),
    S.WAITING: Word(gettext_lazy("Waiting for your answer"), "message-question", "accent"),
    S.REPLIED: Word(gettext_lazy("Please rate"), "star", "accent"),
    S.REOPENED: Word(gettext_lazy("Reopened"), "repeat", "warning"),
    S.DECLINED: Word(gettext_lazy("Declined"), "ban", "warning"),
    S.MERGED: Word(gettext_lazy("Merged"), "git-merge", "info"),
    S.WITHDRAWN: Word(gettext_lazy("Withdrawn"), "arrow-back-up", "neutral"),
    S.CLOSED: Word(gettext_lazy("Closed"), "archive", "neutral"),
}
_OUTCOMES: Mapping[str, Word] = {
    Outcome.RATED: Word(gettext_lazy("Rated"), "checks", "success"),
    Outcome.UNRATED: Word(gettext_lazy("Not rated"), "hourglass", "neutral"),
    Outcome.NO_ANSWER: Word(gettext_lazy("Closed without an answer"), "hourglass", "neutral"),
}


def word_for(case: Case) -> Word:
    """How the state of a case is called towards its requester."""
    if case.state == S.CLOSED and case.outcome:
        return _OUTCOMES[case.outcome]
    return _WORDS[case.state]


@dataclass(frozen=True)
class Standing:
    """Where a case stands for its requester. `actions` are those of `REQUESTER_ACTIONS` that are open to them now."""

    word: Word
    steps: list[Step]
    coming: str
    actions: tuple[str, ...]

    @property
    def main(self) -> str:
        """The action that the case waits for, or nothing."""
        return self.actions[0] if self.actions and self.actions[0] in PRESSING else ""


def standing_of(page: CasePage) -> Standing:
    """Where the case stands, for the page of its requester."""
    actions = tuple(action for action in REQUESTER_ACTIONS if _is_open(page, action))
    word = word_for(page.case)
    if page.case.state == S.MERGED and "rate" in actions:
        word = _WORDS[S.REPLIED]
    return Standing(word=word, steps=_steps(page.case), coming=_coming(page, actions), actions=actions)


def _is_open(page: CasePage, action: str) -> bool:
    """Whether the table has the step and none of its guards refuses; a requester's guards look at no input."""
    case = page.case
    step = next((step for step in page.transitions if step.action == action), None)
    if step is None:
        return False
    context: TransitionContext[Case] = TransitionContext(
        case, step, None, page.relations, {}, timezone.now(), case.state
    )
    return not any(guard(context) for guard in step.conditions)


_POSITIONS: Mapping[str, int] = {
    S.SUBMITTED: 0,
    S.ACCEPTED: 1,
    S.DISPATCHED: 1,
    S.IN_PROGRESS: 2,
    S.REOPENED: 2,
    S.MERGED: 2,
    S.REPLIED: 3,
}
"""Which of the five steps of the line is the present one."""


def _steps(case: Case) -> list[Step]:
    """已提交 → 已受理 → 办理中 → 已答复 → 已评价; a case that ended otherwise shows how."""
    first, ended = day_of(case.submitted_at), day_of(case.closed_at) if case.closed_at else ""
    word = str(word_for(case).word)
    if case.state in (S.DECLINED, S.WITHDRAWN) or case.outcome == Outcome.NO_ANSWER:
        return [
            Step(label=_("Submitted"), state="done", note=first),
            Step(label=word, state="current", note=ended),
        ]
    labels = [_("Submitted"), _("Accepted"), _("In progress"), _("Replied"), _("Rated")]
    notes = [first, "", "", day_of(case.replied_at) if case.replied_at else "", ended]
    if case.state == S.CLOSED:
        labels[-1] = word
        return [Step(label=label, state="done", note=note) for label, note in zip(labels, notes, strict=True)]
    here = _position(case)
    notes[here] = _note(case) or notes[here]
    return [
        Step(label=label, state="done" if at < here else "current" if at == here else "todo", note=note)
        for at, (label, note) in enumerate(zip(labels, [*notes[: here + 1], *[""] * (4 - here)], strict=True))
    ]


def _position(case: Case) -> int:
    if case.state == S.MERGED and _primary_replied(case):
        return _POSITIONS[S.REPLIED]
    return _POSITIONS[case.state_before_waiting if case.state == S.WAITING else case.state]


def _primary_replied(case: Case) -> bool:
    return case.primary is not None and case.primary.replied_at is not None


def _note(case: Case) -> str:
    """What stands below the present step."""
    if case.state == S.WAITING:
        return _("waiting for you")
    if case.round > 1:
        return _("second round")
    return _("merged with another case") if case.state == S.MERGED else ""


def _coming(page: CasePage, actions: tuple[str, ...]) -> str:
    """What will happen next, and by when."""
    case = page.case
    if case.state in (S.SUBMITTED, S.DISPATCHED, S.IN_PROGRESS, S.WAITING, S.REPLIED, S.REOPENED):
        return "\n".join(_awaited(case, page.deadlines))
    if case.state == S.CLOSED:
        return _ended(case, may_rate="rate" in actions)
    if case.state == S.DECLINED:
        if "appeal" in actions:
            return _(
                "It was declined. The reason is below. If you disagree, you may appeal once; a supervisor decides."
            )
        if case.is_test:
            return _("The test case was declined. You can start another one.")
        if case.appealed_at is None:
            return _(
                "It was declined. The reason is below. No one else here can decide an appeal. If you "
                "disagree, please contact the unit or Party organisation above."
            )
        return _("It was declined again after your appeal. This decision is final. The reason is below.")
    if case.state == S.MERGED:
        if "rate" in actions:
            return _("The case has a reply. Please rate it for yourself.")
        return _(
            "Others reported the same issue, so the cases are handled together. You will see the reply "
            "here and rate it yourself."
        )
    return (
        _("You withdrew it. It will not be handled further.")
        if case.state == S.WITHDRAWN
        else _("The dispatcher is choosing the handling unit.")
    )


def _ended(case: Case, *, may_rate: bool) -> str:
    if case.outcome == Outcome.NO_ANSWER:
        return _("It was closed because the question was not answered. If it still matters, please submit it again.")
    if may_rate:
        return _("It was closed without a rating. You can still rate it for 30 days.")
    return _("Thank you for your rating.") if case.outcome == Outcome.RATED else _("The case is closed.")


_SENTENCES: Mapping[tuple[str, str], tuple[str | Promise, str | Promise]] = {
    (S.SUBMITTED, DeadlineKind.CONTACT): (
        gettext_lazy("You will be contacted by %(due)s."),
        gettext_lazy("You should have been contacted by %(due)s; this has been escalated."),
    ),
    (S.SUBMITTED, DeadlineKind.REPLY): (
        gettext_lazy("You get a reply by %(due)s."),
        gettext_lazy("You should have had a reply by %(due)s; this has been escalated."),
    ),
    (S.SUBMITTED, DeadlineKind.ACCEPT): (
        gettext_lazy("It will be accepted by %(due)s, or you will be told why not."),
        gettext_lazy("It should have been accepted by %(due)s; this has been escalated."),
    ),
    (S.REOPENED, DeadlineKind.ACCEPT): (
        gettext_lazy("A supervisor decides by %(due)s who handles it next."),
        gettext_lazy("It should have been dispatched again by %(due)s; this has been escalated."),
    ),
    (S.DISPATCHED, DeadlineKind.CONTACT): (
        gettext_lazy("%(unit)s will contact you by %(due)s."),
        gettext_lazy("%(unit)s should have contacted you by %(due)s; this has been escalated."),
    ),
    (S.DISPATCHED, DeadlineKind.REPLY): (
        gettext_lazy("You get a reply by %(due)s."),
        gettext_lazy("You should have had a reply by %(due)s; this has been escalated."),
    ),
    (S.WAITING, DeadlineKind.ANSWER): (
        gettext_lazy(
            "Please answer by %(due)s. The deadline is paused until then; without an answer the case will be closed."
        ),
        gettext_lazy("The time to answer ended on %(due)s; the case will be closed."),
    ),
    (S.REPLIED, DeadlineKind.RATING): (
        gettext_lazy("Please tell us by %(due)s whether it is solved. Only you can decide."),
        gettext_lazy("The rating period ended on %(due)s; you can still rate it for 30 days."),
    ),
}
"""What a running deadline means to the requester: while there is time, and when it is over."""


def _awaited(case: Case, deadlines: list[Deadline]) -> list[str]:
    state = S.DISPATCHED if case.state == S.IN_PROGRESS else case.state
    sentences = []
    for each in sorted(deadlines, key=lambda row: row.due_at):
        pair = _SENTENCES.get((state, each.kind))
        if pair is None or each.completed_at or each.cancelled_at:
            continue
        values: dict[str, Any] = {"due": when(each.due_at), "unit": each.unit.name}
        sentences.append(str(pair[each.due_at < timezone.now()]) % values)
    return sentences
