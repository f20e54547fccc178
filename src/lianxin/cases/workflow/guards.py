"""What must hold before a step may be taken; each guard returns None or the sentence that says why not."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.cases.enums import OPEN_STATES, CaseKind, CaseState, DeadlineKind, ExtensionState, Outcome, Relation
from lianxin.cases.models import Case
from lianxin.cases.workflow import routing, sla
from lianxin.cases.workflow.actors import Clockwork
from lianxin.kernel.workflow import TransitionContext
from lianxin.org.queries import Person, Unit

LATE_RATING_DAYS = 30
Refusal = str | Promise | None


def not_conduct(context: TransitionContext[Case]) -> Refusal:
    """A conduct case goes to the inspectors by `seal`, not by a correction of its kind."""
    if context.get("kind") == CaseKind.CONDUCT and not context.subject.sealed:
        return _("Conduct issues are handled by the discipline inspector. Use “Transfer to discipline inspection”.")
    if context.subject.sealed and context.get("kind") != CaseKind.CONDUCT:
        return _("A sealed case must remain a conduct case.")
    return None


def not_sealed(context: TransitionContext[Case]) -> Refusal:
    """A case is sealed once."""
    return _("This case is already sealed.") if context.subject.sealed else None


def not_a_test(context: TransitionContext[Case]) -> Refusal:
    """A test case has requester, dispatcher and handler, and nobody above them; it touches no other case."""
    return _("This step is not available for test cases.") if context.subject.is_test else None


def reaches_inspectors(context: TransitionContext[Case]) -> Refusal:
    """What is handed over to discipline inspection has to reach an inspector, or it would lie with nobody."""
    case = context.subject
    if routing.inspectors_of(case, routing.inspection_unit(case)):
        return None
    return _(
        "No discipline inspector could receive it: none is appointed, or the case is about them. "
        "Please have one appointed first."
    )


def leaves_somebody(context: TransitionContext[Case]) -> Refusal:
    """Naming people must leave somebody whose desk it is."""
    case = context.subject
    people, units = newly_named(context)
    if isinstance(context.actor, Clockwork) or (not people and not units):
        return None
    if routing.dispatchers_without(case, people, units):
        return None
    return _("Then no one could handle it. Please have someone who is not involved appointed first.")


def appeal_reaches_somebody(context: TransitionContext[Case]) -> Refusal:
    """An appeal is decided by somebody other than whoever declined."""
    case = context.subject
    if routing.appeal_judges(case):
        return None
    return _("Apart from the person who declined it, no one here can decide an appeal, so it would reach no one.")


def not_appealed(context: TransitionContext[Case]) -> Refusal:
    """An appeal is possible once."""
    return _("You have already appealed once; the second decision is final.") if context.subject.appealed_at else None


def subjects_settled(context: TransitionContext[Case]) -> Refusal:
    """It is settled whom the case is about. A hazard goes its way at once, and is settled meanwhile."""
    if context.subject.subjects_unsettled and not context.subject.danger:
        return _("First confirm who this case is about. It cannot be dispatched until then.")
    return None


def subjects_unsettled(context: TransitionContext[Case]) -> Refusal:
    """Whom the case is about is settled once; whoever turns up later is named."""
    return None if context.subject.subjects_unsettled else _("It has already been confirmed who this case is about.")


def says_who_is_meant(context: TransitionContext[Case]) -> Refusal:
    """Either people and units, or that nobody is meant who works here."""
    if bool(context.get("people") or context.get("units")) == bool(context.get("nobody")):
        return _("Choose the people or units concerned, or confirm that it is about no one who works here.")
    return None


def lead_unit_fits(context: TransitionContext[Case]) -> Refusal:
    """The lead unit is alive, is not itself what the case is about, and has somebody who can sign."""
    case, unit = context.subject, context.get("lead_unit")
    if any(each.ended_on for each in (unit, *(context.get("co_units") or []))):
        return _("This unit no longer exists. Please choose another.")
    if case.sealed:
        return _("Sealed cases are handled by the discipline inspector and are not dispatched.")
    co_units = context.get("co_units") or []
    if any(routing.is_about_unit(case, each) for each in (unit, *co_units)):
        return _("The case is about this unit. Please choose a unit that is not involved.")
    if unit in co_units:
        return _("A unit cannot be both the lead and a supporting unit.")
    handler = context.get("handler")
    able = routing.everyone_able(case, unit)
    if not able:
        return _("No one in this unit can handle the case. Please choose another unit, or have a handler appointed.")
    if handler is not None and handler.pk not in able:
        return _("This person cannot handle the case for that unit.")
    return None


def sent_back_once(context: TransitionContext[Case]) -> Refusal:
    """A handler may send a case back once; the second time takes the supervisor."""
    if context.subject.times_sent_back and Relation.SUPERVISOR not in context.relations:
        return _("This case was already sent back once. Only the supervisor can send it back again.")
    return None


def no_extension_yet(context: TransitionContext[Case]) -> Refusal:
    """More time can be asked for once."""
    return _("An extension has already been requested once.") if hasattr(context.subject, "extension") else None


def extension_days_fit(context: TransitionContext[Case]) -> Refusal:
    """At most ten working days."""
    days = context.get("days")
    return None if isinstance(days, int) and 1 <= days <= 10 else _("An extension can be 1 to 10 working days.")  # noqa: PLR2004 - cases.md


def extension_open(context: TransitionContext[Case]) -> Refusal:
    """There is a request to decide, and not the decider's own."""
    extension = getattr(context.subject, "extension", None)
    if extension is None or extension.state != ExtensionState.REQUESTED:
        return _("There is no pending extension request.")
    if extension.requested_by_id == context.actor.pk:
        return _("You cannot decide your own request.")
    return None


def parts_on_record(context: TransitionContext[Case]) -> Refusal:
    """Co-handling units have said their part before the lead replies."""
    case = context.subject
    missing = case.supporting_units.filter(round=case.round, done_at__isnull=True).select_related("unit")
    names = "、".join(row.unit.name for row in missing)
    return _("Contributions still missing: %(units)s.") % {"units": names} if names else None


def primary_fits(context: TransitionContext[Case]) -> Refusal:
    """What a case is merged into is another open case that is not merged itself."""
    case, primary = context.subject, context.get("primary")
    if primary.pk == case.pk:
        return _("A case cannot be merged into itself.")
    if primary.state not in OPEN_STATES or primary.state == CaseState.REPLIED:
        return _("That case is already closed.")
    if primary.is_test:
        return _("That is a test case and cannot be merged.")
    if primary.sealed != case.sealed:
        return _("A sealed case can only be merged with a sealed one.")
    if primary.subjects_unsettled or case.subjects_unsettled:
        return _("First confirm who the two cases are about.")
    if _named_in(primary) != _named_in(case):
        return _("The two cases are not about the same people. Please record them in both first.")
    return None


def _named_in(case: Case) -> set[tuple[int | None, int | None]]:
    return set(case.subjects.values_list("person_id", "unit_id"))


def newly_named(context: TransitionContext[Case]) -> tuple[list[Person], list[Unit]]:
    """Whom an act names that the case did not name yet; its requester by name is never among them."""
    named = _named_in(context.subject)
    people = [
        p for p in context.get("people") or [] if (p.pk, None) not in named and p.pk != context.subject.requester_id
    ]
    return people, [unit for unit in context.get("units") or [] if (None, unit.pk) not in named]


def names_somebody(context: TransitionContext[Case]) -> Refusal:
    """There is somebody to name who is not named yet."""
    return None if any(newly_named(context)) else _("Please choose a person or unit that is not listed yet.")


def primary_replied(context: TransitionContext[Case]) -> Refusal:
    """A merged case can be rated once its primary was replied to: then its own rating window is open."""
    window = sla.open_deadlines(context.subject).filter(kind=DeadlineKind.RATING)
    return None if window.exists() else _("There is no reply yet.")


def may_still_rate(context: TransitionContext[Case]) -> Refusal:
    """After the rating window an unrated case may be rated for another 30 days."""
    case = context.subject
    if (
        case.outcome == Outcome.UNRATED
        and case.closed_at
        and context.at <= case.closed_at + timedelta(days=LATE_RATING_DAYS)
    ):
        return None
    return _("This case can no longer be rated.")


def may_be_shared(context: TransitionContext[Case]) -> Refusal:
    """Everybody may read it once the requester agrees: it was answered here, and is about nobody.

    What names somebody stays off the board even where nobody could be found by that name: the named never see it.
    """
    case = context.subject
    if case.publication_consent_at:
        return _("You have already agreed to this.")
    about_somebody = case.sealed or case.about_text or case.subjects_unsettled or case.subjects.exists()
    unanswered = case.replied_at is None or case.primary_id or case.outcome not in (Outcome.RATED, Outcome.UNRATED)
    return _("This case cannot be published.") if case.is_test or about_somebody or unanswered else None


def shared(context: TransitionContext[Case]) -> Refusal:
    """The requester agrees that everybody may read it, and has not taken that back."""
    return None if context.subject.publication_consent_at else _("The requester has not consented to publication.")


def confidential(context: TransitionContext[Case]) -> Refusal:
    """Only a confidential name is sealed."""
    return None if context.subject.requester_sealed else _("There is no sealed name to unseal.")
