"""Raising a case: named, confidential or anonymous, for oneself or on a colleague's behalf."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.cases import policies
from lianxin.cases.enums import CaseKind, Channel, Delivery, Identity, Relation
from lianxin.cases.events import cases_changed
from lianxin.cases.models import Case, CaseSubject, Deadline, PossibleSubject
from lianxin.cases.models.numbers import draw_number
from lianxin.cases.queries import case_detail
from lianxin.cases.queries.case_detail import RECEIPT_ALPHABET, RECEIPT_LENGTH, receipt_hash
from lianxin.cases.queries.emergency import nobody_receives
from lianxin.cases.services import spooled
from lianxin.cases.services.attachments import attach
from lianxin.cases.services.possible_people import recipients_of
from lianxin.cases.services.subject_recognition import Subjects, recognise
from lianxin.cases.workflow import ReceiptHolder, notifications, routing, sla
from lianxin.cases.workflow.danger import danger_of
from lianxin.cases.workflow.notifications import CaseNotice
from lianxin.cases.workflow.search_indexing import search_row
from lianxin.kernel import rate_limit, spool, timezone
from lianxin.kernel.crypto import keyed_hash, seal
from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.kernel.files import CleanFile
from lianxin.kernel.texts import is_blank, with_plain_breaks
from lianxin.ledger.services import append_event
from lianxin.nlp.risk_detection import AT_A_PLACE, dangers
from lianxin.nlp.simplified import simplified
from lianxin.nlp.subjects import name_key
from lianxin.notifications.services import draw_pseudonym
from lianxin.org.models import normal_number, normal_phone
from lianxin.org.queries import Person, Unit, active_people, people_named, people_with_marks, root_unit

TITLE_LENGTH = 30
BODY_LENGTH = 8000
NOTHING_SAID = gettext_lazy("Please describe what happened and what you would like.")
TOO_LONG = gettext_lazy("At most %(limit_value)d characters, please. Attach a file for the rest.")
PER_PERSON = 20
WINDOW = timedelta(minutes=10)
DRAWS = 20
"""So often a number is drawn until one is free; with half of a month's numbers taken, one in a million finds none."""

_SENTENCE_END = re.compile(r"[。！？!?\n；;]")


class Unreachable(ValidationFailed):
    """Nobody would receive the case: it is not accepted."""


@dataclass(frozen=True)
class Submission:
    """What came of raising a case. `receipt` is there for an anonymous one only, and is kept nowhere. A case that waits
    in the spool is not stored yet.
    """

    case: Case
    receipt: str = ""
    created: bool = True
    subjects: Subjects = field(default_factory=Subjects)
    """Whom its words about whom it is were taken to mean."""


def derive_title(body: str) -> str:
    """The first sentence, at most 30 characters."""
    first = next((part.strip() for part in _SENTENCE_END.split(body) if not is_blank(part)), body.strip())
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def propose_kind(body: str) -> CaseKind:
    """The kind where the requester left it open: a hazard by its words, which runs on other clocks; else none yet."""
    is_hazard = any(danger.kind in AT_A_PLACE for danger in dangers(body))
    return CaseKind.HAZARD if is_hazard else CaseKind.UNSORTED


def find_colleague(text: str) -> Person:
    """The colleague for whom a case is raised, by employee number, phone or full name, however it is typed.

    Raises:
        ValidationFailed: nobody, or several of that name.
    """
    number = normal_number(text)
    found = list(active_people().filter(employee_no__iexact=number))
    if len(found) > 1:
        found = [person for person in found if person.employee_no == number] or found
    found = found or list(active_people().filter(phone=normal_phone(text)))
    if not found:
        named = people_named([name_key(text), name_key(simplified(text))])
        found = [person for people in named.values() for person in people]
    if not found:
        raise ValidationFailed({"colleague": _("No current colleague has this number or name. Please check it.")})
    if len(found) > 1:
        raise ValidationFailed({"colleague": _("Several people have this name. Please enter the employee number.")})
    return found[0]


def submit_case(
    *,
    actor: Person | None,
    body: str,
    identity: Identity | str,
    submission_key: str,
    title: str = "",
    kind: CaseKind | str = "",
    place: Unit | None = None,
    about: str = "",
    on_behalf_of: Person | None = None,
    files: Sequence[CleanFile] = (),
    delivery: Delivery | str = Delivery.AUTO,
    is_test: bool = False,
) -> Submission:
    """Raise a case; the same `submission_key` with the same words makes one, however often it is sent.

    Of an anonymous requester nothing is kept but the receipt's hash, whoever is signed in. In a web process an
    anonymous case goes into the spool (`kernel.spool`) and is stored when that is delivered.

    Raises:
        ValidationFailed: a field is missing, too long, or does not fit the identity.
        Unreachable: nobody would receive it.
        RateLimited: this person raised too many cases in too short a time.
        SpoolBusy: the spool could not take it.
    """
    draft = _Draft(
        actor=actor,
        requester=on_behalf_of or actor,
        identity=Identity(identity),
        body=with_plain_breaks(body).strip(),
        title=title,
        kind=CaseKind(kind or propose_kind(body)),
        place=place,
        about=about.strip(),
        key=submission_key,
        is_test=is_test,
    )
    _check(draft)
    if draft.is_anonymous and spool.is_on():
        return _put_into_spool(draft, files, Delivery(delivery))
    return _store(draft, files)


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """What is to become a case."""

    actor: Person | None
    requester: Person | None
    identity: Identity
    body: str
    title: str
    kind: CaseKind
    place: Unit | None
    about: str
    key: str
    is_test: bool = False
    case_id: UUID = field(default_factory=uuid4)
    number: str = ""
    """The number that its requester was told; or one is drawn."""
    submitted_at: datetime | None = None
    """Where it waited: when it was sent, to the hour."""

    @property
    def is_anonymous(self) -> bool:
        return self.identity == Identity.ANONYMOUS

    @cached_property
    def fingerprint(self) -> str:
        """The same form with the same words, and nothing else, has the same one."""
        return f"{self.key}|{self.identity}|{keyed_hash('body', self.body).hex()}"

    @cached_property
    def receipt(self) -> str:
        """The receipt of an anonymous one: 100 bits that follow from the form alone, so that sending it twice shows the
        same.
        """
        if not self.is_anonymous:
            return ""
        digest = int.from_bytes(keyed_hash("receipt-code", self.fingerprint))
        signs = [RECEIPT_ALPHABET[(digest >> (5 * n)) & 31] for n in range(RECEIPT_LENGTH)]
        return "-".join("".join(signs[n : n + 5]) for n in range(0, RECEIPT_LENGTH, 5))


def _check(draft: _Draft) -> None:
    if is_blank(draft.body):
        raise ValidationFailed({"body": str(NOTHING_SAID)})
    if len(draft.body) > BODY_LENGTH:
        raise ValidationFailed({"body": TOO_LONG % {"limit_value": BODY_LENGTH}})
    if not draft.is_anonymous and draft.actor is None:
        raise ValidationFailed({"identity": _("Please sign in to submit a named or confidential case.")})
    if draft.requester != draft.actor and draft.identity != Identity.NAMED:
        raise ValidationFailed(
            {"identity": _("A case on behalf of a colleague is always named and belongs to the colleague.")}
        )


def _limit(draft: _Draft) -> None:
    """Slow a single credential. Anonymous ones have none: the page asks a crowd of them for a little work or time
    (`kernel.crowds`), and nothing about it is kept here.

    Within the transaction, which so is the only one: what comes to nothing is not counted, and more than the limit is
    refused all the same.
    """
    if draft.is_anonymous or draft.actor is None:
        return
    rate_limit.admit("submit", str(draft.actor.pk), limit=PER_PERSON, per=WINDOW)


def _already_there(draft: _Draft) -> Submission | None:
    case = Case.objects.filter(submission_hash=keyed_hash("submission", draft.fingerprint)).first()
    if case is None:
        return None
    if case.identity == Identity.ANONYMOUS:
        return Submission(case, draft.receipt, created=False, subjects=recognise(draft.about))
    if draft.requester is None or not policies.is_requester(draft.requester, case):
        raise NotFound(_("Case not found, or you do not have access to it."))
    return Submission(case, created=False)


def _store(draft: _Draft, files: Sequence[CleanFile]) -> Submission:
    for _draw in range(DRAWS):
        try:
            with transaction.atomic():
                subjects = recognise(draft.about)
                case = _create(draft, subjects)
                attach(case, files)
                cases_changed.send(sender=Case, case_ids=[case.pk])
        except IntegrityError:
            # Sent twice, or another case has the number.
            if there := _already_there(draft):
                return there
            draft = replace(draft, number="")
        else:
            return Submission(case, draft.receipt, subjects=subjects)
    raise NotFound(_("The case could not be saved. Please submit it again."))


@dataclass(frozen=True)
class _Plan:
    """A case that is not stored yet, with whom it is about or may be."""

    case: Case
    people: Sequence[Person]
    units: Sequence[Unit]
    marks: Collection[str]
    deadlines: Sequence[Deadline]


def _new_case(draft: _Draft, *, at: datetime) -> Case:
    """The case as its requester wrote it, not stored yet."""
    submitted_at = draft.submitted_at or (timezone.to_the_hour(at) if draft.is_anonymous else at)
    danger, urgency = danger_of(f"{draft.title}\n{draft.body}", draft.kind)
    case = Case(
        id=draft.case_id,
        number=draft.number or draw_number(submitted_at),
        kind=draft.kind,
        sealed=draft.kind == CaseKind.CONDUCT,
        urgency=urgency,
        danger=danger or "",
        title=derive_title(draft.body) if is_blank(draft.title) else draft.title.strip()[:100],
        body=draft.body,
        about_text=draft.about[:200],
        channel=Channel.ON_BEHALF if draft.requester != draft.actor else Channel.WEB,
        identity=draft.identity,
        submission_hash=keyed_hash("submission", draft.fingerprint),
        place_unit=_place(draft),
        submitted_at=submitted_at,
        is_test=draft.is_test,
    )
    _address(case, draft)
    case.priority = case.current_priority()
    return case


def _start_deadlines(case: Case, at: datetime) -> list[Deadline]:
    """The case's first deadlines, not stored yet, when it reaches those who receive it.

    What waited in the spool has its time from there; a hazard's first hour begins when that of its sending ends.
    """
    deadlines = sla.submission_deadlines(case, unit=case.place_unit, at=case.submitted_at if case.danger else at)
    case.due_at, case.due_clock = deadlines[0].due_at, deadlines[0].kind
    return deadlines


def _plan(draft: _Draft, subjects: Subjects) -> _Plan:
    """Work out what would be stored now, and for whom.

    Raises:
        Unreachable: nobody would receive it.
    """
    # By name, nobody is kept from their own case; otherwise whom it leaves out must not tell who raised it.
    own = draft.requester if draft.identity == Identity.NAMED else None
    people, units = [person for person in subjects.people if person != own], subjects.units
    now = timezone.now()
    case = _new_case(draft, at=now)
    place = case.place_unit
    deadlines = _start_deadlines(case, now)
    kept_from = recipients_of(case, subjects, people, units)
    units, case.subjects_unsettled, case.desk_role = kept_from.units, kept_from.unsettled, kept_from.desk_role
    if case.sealed:
        # As long as nobody has settled whom it is about, it may be about somebody at its place.
        meant = people_with_marks(kept_from.marks, around=place) if kept_from.unsettled else []
        about = [*units, place] if kept_from.unsettled else units
        case.inspection_unit = routing.inspection_unit_for(place, [*people, *meant], about)
    plan = _Plan(case, people, units, kept_from.marks, deadlines)
    _require_receiver(plan, draft.requester)
    return plan


def _create(draft: _Draft, subjects: Subjects) -> Case:
    _limit(draft)
    plan = _plan(draft, subjects)
    case = plan.case
    case.save(force_insert=True)
    CaseSubject.objects.bulk_create(
        [
            *(CaseSubject(case=case, person=person) for person in plan.people),
            *(CaseSubject(case=case, unit=unit) for unit in plan.units),
        ]
    )
    PossibleSubject.objects.bulk_create(PossibleSubject(case=case, mark=mark) for mark in sorted(plan.marks))
    Deadline.objects.bulk_create(plan.deadlines)
    if not case.is_test:
        search_row(case).save(force_insert=True)
    waited = draft.submitted_at is not None
    _announce(case, draft.actor, case.time_kept(timezone.now()) if waited else case.submitted_at)
    return case


def _require_receiver(plan: _Plan, requester: Person | None) -> None:
    """Insist that somebody else receives it: what nobody would read is not accepted.

    Raises:
        Unreachable: nobody does, or whoever would is who it is about or who raised it.
    """
    case = plan.case
    # Of a confidential case it must not depend on who raised it whether it is accepted.
    own = requester.pk if requester and case.identity == Identity.NAMED else None
    receiving = routing.first_recipients(case, people=plan.people, units=plan.units, marks=plan.marks)
    if not set(receiving).difference({own}):
        place = (case.inspection_unit or case.place_unit) if case.sealed else case.place_unit
        raise Unreachable({"": nobody_receives(place, sealed=case.sealed)})


def _place(draft: _Draft) -> Unit:
    """Where it is: as chosen, else where a requester who is not anonymous works, else the enterprise."""
    own = draft.requester.unit if draft.requester and not draft.is_anonymous else None
    place = draft.place or own or root_unit()
    if place is None:
        raise ValidationFailed({"": _("The enterprise has not been set up yet. Please try again later.")})
    return place


def _address(case: Case, draft: _Draft) -> None:
    """Note who raised it, as the identity allows."""
    requester = draft.requester
    if draft.is_anonymous or requester is None:
        case.receipt_hash = receipt_hash(draft.receipt)
    elif case.identity == Identity.CONFIDENTIAL:
        case.requester_tag = draw_pseudonym(requester.pk)
        case.requester_sealed = seal(policies.SEAL_PURPOSE, str(requester.pk), bound_to=str(case.pk))
    else:
        case.requester = requester
        case.submitted_by = draft.actor if draft.actor != requester else None
        case.speaker_follows = case.submitted_by is not None


def _announce(case: Case, actor: Person | None, at: datetime) -> None:
    append_event(
        subject_type=notifications.SUBJECT,
        subject_id=case.pk,
        action="submit",
        actor_id=actor.pk if actor and case.identity == Identity.NAMED else None,
        role=Relation.REQUESTER,
        to_state=case.state,
        version=case.version,
        at=case.submitted_at,
        data={"number": case.number, "identity": case.identity, "channel": case.channel}
        | ({"test": True} if case.is_test else {}),
    )
    if case.danger:
        notifications.tell_of_danger(case, at)
    else:
        notifications.tell(case, CaseNotice.TO_ACCEPT, routing.dispatchers(case), at)
    if case.channel == Channel.ON_BEHALF:
        notifications.tell_requester(case, CaseNotice.RAISED_FOR_YOU, at)


def _put_into_spool(draft: _Draft, files: Sequence[CleanFile], delivery: Delivery) -> Submission:
    """Leave an anonymous case to be delivered. Everything is looked at as if it were stored now; nothing is written."""
    # One that is stored already is found when this one is delivered: to look for it would count in its index.
    draft = replace(draft, case_id=_id_of(draft.fingerprint))
    subjects = recognise(draft.about)
    if waits := spooled.find_case(draft.case_id):
        return Submission(spooled_case(waits), draft.receipt, created=False, subjects=subjects)
    case = _plan(draft, subjects).case
    at_once = delivery == Delivery.AT_ONCE or (delivery == Delivery.AUTO and case.danger)
    spooled.put_case(
        case.pk,
        receipt_hash(draft.receipt),
        {
            "number": case.number,
            "submitted_at": case.submitted_at.isoformat(),
            "key": draft.key,
            "body": draft.body,
            "title": draft.title,
            "kind": draft.kind,
            "place": draft.place and draft.place.pk,
            "about": draft.about,
            "is_test": draft.is_test,
        },
        files,
        at_once=bool(at_once),
    )
    return Submission(case, draft.receipt, subjects=subjects)


def _id_of(fingerprint: str) -> UUID:
    """The id of the case of an anonymous form: the same form sent at once to several processes makes one."""
    return UUID(bytes=keyed_hash("case-id", fingerprint)[:16], version=4)


def open_receipt(code: str) -> ReceiptHolder:
    """Whoever shows a right receipt may act as the requester of its case, which may still wait in the spool.

    Raises:
        NotFound: no case has this receipt.
    """
    if waits := spooled.find_by_receipt(receipt_hash(code)):
        return ReceiptHolder(UUID(waits.content["case"]))
    try:
        return case_detail.open_receipt(code)
    except NotFound:
        # Another web process may have taken it a moment ago.
        if waits := spooled.find_by_receipt(receipt_hash(code), fresh=True):
            return ReceiptHolder(UUID(waits.content["case"]))
        raise


def deliver_case(content: Mapping[str, Any]) -> None:
    """Store a case that waited in the spool, if it is not stored yet."""
    draft = _draft_of(content)
    if _already_there(draft) is None:
        _store(draft, spooled.files_of(content))


def spooled_case(message: spool.Message) -> Case:
    """A case that waits in the spool, as far as it can be read before it is stored."""
    case = _new_case(_draft_of(message.content), at=message.due)
    _start_deadlines(case, message.due)
    return case


def _draft_of(content: Mapping[str, Any]) -> _Draft:
    return _Draft(
        actor=None,
        requester=None,
        identity=Identity.ANONYMOUS,
        body=content["body"],
        title=content["title"],
        kind=CaseKind(content["kind"]),
        place=Unit.objects.filter(pk=content["place"]).first() if content["place"] else None,
        about=content["about"],
        key=content["key"],
        is_test=content["is_test"],
        case_id=UUID(content["case"]),
        number=content["number"],
        submitted_at=datetime.fromisoformat(content["submitted_at"]),
    )
