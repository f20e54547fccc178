"""Taking over an older register of messages: each row becomes a closed case, outside the three rates but in volume.

A row is taken whole or not at all: what is wrong with one is reported, so that it can be put right and imported again.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lianxin.cases.enums import CaseState, Channel, Identity, MessageKind, Relation
from lianxin.cases.events import cases_changed
from lianxin.cases.models import Case, Category, ImportedMessage, Message, SearchRow
from lianxin.cases.models.numbers import draw_number
from lianxin.cases.services.intake import DRAWS, derive_title, propose_kind
from lianxin.cases.workflow.notifications import SUBJECT
from lianxin.cases.workflow.search_indexing import search_row
from lianxin.kernel import locks, timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.spreadsheets import Row, clean_text, parse_moment, read_rows
from lianxin.ledger.queries import Event
from lianxin.ledger.services import append_events
from lianxin.org.queries import Unit, ids_down_to, root_unit

COLUMNS: Mapping[str, Sequence[str]] = {
    "number": ("留言编号",),
    "user": ("留言用户",),
    "subject": ("留言主题",),
    "sent": ("留言时间",),
    "body": ("留言详情",),
    "against": ("反对数",),
    "for": ("点赞数",),
    "reply": ("答复意见",),
    "replied": ("答复时间",),
    "label": ("一级标签", "一级分类"),
}
REQUIRED = ("subject", "sent", "body")
BATCH = 500
TITLE_LENGTH = 100
SOURCE_NUMBER_LENGTH = 40


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row that can be taken; the fingerprint is the same for rows that say the same in every column."""

    fingerprint: bytes
    number: str
    title: str
    body: str
    sent_at: datetime
    reply: str
    replied_at: datetime | None
    label: str
    votes_for: int
    votes_against: int


@dataclass
class Summary:
    """What came of an import. The figures on replies are of all different rows that could be taken, new or not."""

    rows: int = 0
    created: int = 0
    skipped_duplicates: int = 0
    rejected: list[dict[str, int | str]] = field(default_factory=list)
    with_reply: int = 0
    replied_within_15_days: int = 0
    replied_within_60_days: int = 0
    median_days_to_reply: float | None = None


def import_register(
    path: Path, *, unit: Unit | None = None, progress: Callable[[int], None] = lambda _rows: None
) -> Summary:
    """Import a register of messages (.xlsx, .xls, .ods, .csv) as cases at `unit` (default: the whole enterprise).

    Each batch is one transaction; broken off, it goes on where it stopped when it is started again.
    `progress` is told the number of rows done.

    Raises:
        WrongFile: it is not a workbook, or the columns for subject, time and text are not there.
    """
    place = unit or root_unit()
    if place is None:
        raise ValidationFailed({"": _("The enterprise has not been set up yet. Please try again later.")})
    categories = {category.name: category for category in Category.objects.filter(active=True)}
    summary = Summary()
    run = uuid4()
    rows = read_rows(path, COLUMNS, required=REQUIRED)
    while batch := list(islice(rows, BATCH)):
        summary.rows += len(batch)
        entries = list(_entries(batch, summary))
        with transaction.atomic():
            created = _create(_not_taken_yet(entries, run), run, place, categories)
        summary.created += created
        summary.skipped_duplicates += len(entries) - created
        progress(summary.rows)
    _sum_up(run, summary)
    return summary


def _entries(rows: Sequence[Row], summary: Summary) -> Iterator[_Entry]:
    for row in rows:
        try:
            yield _read(row.values)
        except ValueError as error:
            summary.rejected.append({"row": row.number, "reason": str(error)})


def _read(values: Mapping[str, Any]) -> _Entry:
    """What a row says.

    Raises:
        ValueError: with the reason why it cannot be taken.
    """
    text = {name: clean_text(values.get(name)) for name in COLUMNS}
    title = " ".join(text["subject"].split())
    body = text["body"] or title
    if not body:
        raise ValueError(_("There is no title and no text."))
    if not text["sent"]:
        raise ValueError(_("The message date is missing."))
    sent_at = _past(values["sent"])
    replied_at = _reply_moment(text, values, sent_at)
    text |= {"sent": sent_at.isoformat(), "replied": replied_at.isoformat() if replied_at else ""}
    return _Entry(
        fingerprint=hashlib.sha256("\x1f".join(text[name] for name in COLUMNS).encode()).digest(),
        number=text["number"][:SOURCE_NUMBER_LENGTH],
        title=title[:TITLE_LENGTH].rstrip() or derive_title(body),
        body=body,
        sent_at=sent_at,
        reply=text["reply"],
        replied_at=replied_at,
        label=text["label"],
        votes_for=_count(text["for"]),
        votes_against=_count(text["against"]),
    )


def _reply_moment(text: Mapping[str, str], values: Mapping[str, Any], sent_at: datetime) -> datetime | None:
    if not text["reply"] and not text["replied"]:
        return None
    if not text["replied"]:
        raise ValueError(_("There is a reply, but no reply date."))
    if not text["reply"]:
        raise ValueError(_("There is a reply date, but no reply."))
    _past(values["replied"])
    # A day without a time reaches to its end, today to this moment.
    replied_at = min(parse_moment(values["replied"], end_of_day=True), timezone.now().astimezone(sent_at.tzinfo))
    if replied_at < sent_at:
        raise ValueError(_("The reply is dated before the message."))
    return replied_at


def _past(value: Any) -> datetime:
    """The moment a cell means.

    Raises:
        ValueError: it means none, or one that is still to come.
    """
    moment = parse_moment(value)
    if moment > timezone.now():
        raise ValueError(_("This date is in the future: %(value)s") % {"value": clean_text(value)})
    return moment


def _count(text: str) -> int:
    """A number of votes; what is no whole number in reason counts as none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - fits the column


def _not_taken_yet(entries: Sequence[_Entry], run: UUID) -> list[_Entry]:
    """The different entries that no import took before; those that one did are noted as read again."""
    locks.hold("cases.legacy_import")
    wanted = {entry.fingerprint: entry for entry in entries}
    there = ImportedMessage.objects.filter(fingerprint__in=list(wanted))
    taken = {bytes(fingerprint) for fingerprint in there.values_list("fingerprint", flat=True)}
    there.update(run=run)
    return [entry for fingerprint, entry in wanted.items() if fingerprint not in taken]


def _create(new: Sequence[_Entry], run: UUID, place: Unit, categories: Mapping[str, Category]) -> int:
    """Create a case for each entry; return how many."""
    cases = [_case(entry, place, categories.get(entry.label)) for entry in new]
    _insert_numbered(cases)
    pairs = list(zip(cases, new, strict=True))
    trail = ids_down_to(place)
    Message.objects.bulk_create(
        Message(
            case=case,
            kind=MessageKind.REPLY,
            role=Relation.HANDLER,
            text=entry.reply,
            version=case.version,
            at=entry.replied_at,
        )
        for case, entry in pairs
        if entry.replied_at
    )
    SearchRow.objects.bulk_create(
        search_row(case, [(entry.reply, False)] if entry.replied_at else []) for case, entry in pairs
    )
    ImportedMessage.objects.bulk_create(
        ImportedMessage(
            fingerprint=entry.fingerprint,
            case=case,
            source_number=entry.number,
            run=run,
            unit_trail=trail,
            votes_for=entry.votes_for,
            votes_against=entry.votes_against,
        )
        for case, entry in pairs
    )
    _record(cases)
    cases_changed.send(sender=Case, case_ids=[case.pk for case in cases])
    return len(new)


def _record(cases: Sequence[Case]) -> None:
    append_events(
        Event(
            subject_type=SUBJECT,
            subject_id=str(case.pk),
            action="import",
            to_state=case.state,
            version=case.version,
            at=timezone.now(),
        )
        for case in cases
    )


def _insert_numbered(cases: Sequence[Case]) -> None:
    """Insert the cases with numbers that no other case has. One that somebody takes at the same moment is drawn again.

    Raises:
        ValidationFailed: the month has hardly a number left.
    """
    for _draw in range(DRAWS):
        _draw_numbers(cases)
        try:
            with transaction.atomic():
                Case.objects.bulk_create(cases)
        except IntegrityError:
            continue
        return
    raise ValidationFailed({"": _("No number was available. Please import again.")})


def _draw_numbers(cases: Sequence[Case]) -> None:
    """Draw for all cases until no number stands twice among them or in the database."""
    open_ones, mine = list(cases), set[str]()
    for _draw in range(DRAWS):
        for case in open_ones:
            case.number = draw_number(case.submitted_at)
        drawn = {case.number for case in open_ones}
        taken = mine | set(Case.objects.filter(number__in=drawn).values_list("number", flat=True))
        again = []
        for case in open_ones:
            if case.number in taken:
                again.append(case)
            else:
                taken.add(case.number)
                mine.add(case.number)
        if not again:
            return
        open_ones = again


def _case(entry: _Entry, place: Unit, category: Category | None) -> Case:
    ended_at = entry.replied_at or entry.sent_at
    return Case(
        id=uuid4(),
        kind=propose_kind(f"{entry.title}\n{entry.body}"),
        category=category,
        title=entry.title,
        body=entry.body,
        channel=Channel.IMPORT,
        identity=Identity.ANONYMOUS,
        state=CaseState.CLOSED,
        place_unit=place,
        submitted_at=entry.sent_at,
        replied_at=entry.replied_at,
        closed_at=ended_at,
    )


def _sum_up(run: UUID, summary: Summary) -> None:
    """Count replies and how long they took, to the second."""
    replied = ImportedMessage.objects.filter(run=run, case__replied_at__isnull=False)
    times = replied.annotate(took=F("case__replied_at") - F("case__submitted_at")).values_list("took", flat=True)
    days = [took / timedelta(days=1) for took in times.iterator()]
    summary.with_reply = len(days)
    summary.replied_within_15_days = sum(each <= 15 for each in days)  # noqa: PLR2004 - as the field is called
    summary.replied_within_60_days = sum(each <= 60 for each in days)  # noqa: PLR2004
    summary.median_days_to_reply = round(median(days), 4) if days else None
