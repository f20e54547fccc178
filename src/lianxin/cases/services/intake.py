"""Raising a case: named, confidential or anonymous, for oneself or on a colleague's behalf."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.cases import policies
from lianxin.cases.enums import CaseKind, Channel, Identity, Relation
from lianxin.cases.events import cases_changed
from lianxin.cases.models import Case, CaseSubject, Deadline, PossibleSubject
from lianxin.cases.models.numbers import draw_number
from lianxin.cases.queries.case_detail import RECEIPT_ALPHABET, RECEIPT_LENGTH, receipt_hash
from lianxin.cases.queries.emergency import nobody_receives
from lianxin.cases.services.attachments import attach
from lianxin.cases.services.possible_people import recipients_of
from lianxin.cases.services.subject_recognition import Subjects, recognise
from lianxin.cases.workflow import notifications, routing, sla
from lianxin.cases.workflow.danger import danger_of
from lianxin.cases.workflow.notifications import CaseNotice
from lianxin.cases.workflow.search_indexing import search_row
from lianxin.kernel import rate_limit, timezone
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
    """What came of raising a case. `receipt` is there for an anonymous one only, and is kept nowhere."""

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
    is_test: bool = False,
) -> Submission:
    """Raise a case; the same `submission_key` with the same words makes one, however often it is sent.

    Of an anonymous requester nothing is kept but the receipt's hash, whoever is signed in.

    Raises:
        ValidationFailed: a field is missing, too long, or does not fit the identity.
        Unreachable: nobody would receive it.
        RateLimited: this person raised too many cases in too short a time.
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
        else:
            receipt = _receipt(draft.fingerprint) if draft.is_anonymous else ""
            return Submission(case, receipt, subjects=subjects)
    raise NotFound(_("The case could not be saved. Please submit it again."))


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

    @property
    def is_anonymous(self) -> bool:
        return self.identity == Identity.ANONYMOUS

    @cached_property
    def fingerprint(self) -> str:
        """The same form with the same words, and nothing else, has the same one."""
        return f"{self.key}|{self.identity}|{keyed_hash('body', self.body).hex()}"


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


def _receipt(fingerprint: str) -> str:
    """The receipt code: 100 bits that follow from the form alone, so that sending it twice shows the same receipt."""
    digest = int.from_bytes(keyed_hash("receipt-code", fingerprint))
    signs = [RECEIPT_ALPHABET[(digest >> (5 * n)) & 31] for n in range(RECEIPT_LENGTH)]
    return "-".join("".join(signs[n : n + 5]) for n in range(0, RECEIPT_LENGTH, 5))


def _already_there(draft: _Draft) -> Submission | None:
    case = Case.objects.filter(submission_hash=keyed_hash("submission", draft.fingerprint)).first()
    if case is None:
        return None
    if case.identity == Identity.ANONYMOUS:
        return Submission(case, _receipt(draft.fingerprint), created=False, subjects=recognise(draft.about))
    if draft.requester is None or not policies.is_requester(draft.requester, case):
        raise NotFound(_("Case not found, or you do not have access to it."))
    return Submission(case, created=False)


def _create(draft: _Draft, subjects: Subjects) -> Case:
    _limit(draft)
    # By name, nobody is kept from their own case; otherwise whom it leaves out must not tell who raised it.
    own = draft.requester if draft.identity == Identity.NAMED else None
    people, units = [person for person in subjects.people if person != own], subjects.units
    place, now = _place(draft), timezone.now()
    at = timezone.to_the_hour(now) if draft.is_anonymous else now
    danger, urgency = danger_of(f"{draft.title}\n{draft.body}", draft.kind)
    case = Case(
        id=uuid4(),
        number=draw_number(at),
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
        place_unit=place,
        submitted_at=at,
        is_test=draft.is_test,
    )
    _address(case, draft)
    case.priority = case.current_priority()
    clock_rows = sla.submission_deadlines(case, unit=place)
    case.due_at, case.due_clock = clock_rows[0].due_at, clock_rows[0].kind
    kept_from = recipients_of(case, subjects, people, units)
    units, case.subjects_unsettled, case.desk_role = kept_from.units, kept_from.unsettled, kept_from.desk_role
    if case.sealed:
        # As long as nobody has settled whom it is about, it may be about somebody at its place.
        meant = people_with_marks(kept_from.marks, around=place) if kept_from.unsettled else []
        about = [*units, place] if kept_from.unsettled else units
        case.inspection_unit = routing.inspection_unit_for(place, [*people, *meant], about)
    case.save(force_insert=True)
    CaseSubject.objects.bulk_create(
        [
            *(CaseSubject(case=case, person=person) for person in people),
            *(CaseSubject(case=case, unit=unit) for unit in units),
        ]
    )
    PossibleSubject.objects.bulk_create(PossibleSubject(case=case, mark=mark) for mark in sorted(kept_from.marks))
    _require_receiver(case, draft.requester)
    Deadline.objects.bulk_create(clock_rows)
    if not case.is_test:
        search_row(case).save(force_insert=True)
    _announce(case, draft.actor, at)
    return case


def _require_receiver(case: Case, requester: Person | None) -> None:
    """Insist that somebody else receives it: what nobody would read is not accepted.

    Raises:
        Unreachable: nobody does, or whoever would is who it is about or who raised it.
    """
    # Of a confidential case it must not depend on who raised it whether it is accepted.
    own = requester.pk if requester and case.identity == Identity.NAMED else None
    if not set(routing.dispatchers(case)).difference({own}):
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
        case.receipt_hash = receipt_hash(_receipt(draft.fingerprint))
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
        at=at,
        data={"number": case.number, "identity": case.identity, "channel": case.channel}
        | ({"test": True} if case.is_test else {}),
    )
    if case.danger:
        notifications.tell_of_danger(case, at)
    else:
        notifications.tell(case, CaseNotice.TO_ACCEPT, routing.dispatchers(case), at)
    if case.channel == Channel.ON_BEHALF:
        notifications.tell_requester(case, CaseNotice.RAISED_FOR_YOU, at)
