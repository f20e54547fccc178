"""What one can do with a roster: upload, explain its columns, compare again, apply, discard."""

import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, ValidationFailed, VersionConflict
from lianxin.kernel.files.names import MAX_NAME, safe_name
from lianxin.kernel.locks import lock_tables
from lianxin.kernel.spreadsheets import kind_of
from lianxin.org.enums import Role, RosterOutcome, RosterPart, RosterProblem, RosterState
from lianxin.org.models import (
    Employment,
    Membership,
    PartyOrganisation,
    Person,
    Post,
    RoleGrant,
    RosterHeader,
    RosterImport,
    RosterLine,
    RosterProgress,
    Unit,
)
from lianxin.org.policies import require
from lianxin.org.roster.apply import apply_plan, steps_of
from lianxin.org.roster.diff_rows import Line
from lianxin.org.roster.fields import text_of
from lianxin.org.roster.parser import MOST_COLUMNS, Contents, Meanings, Unreadable, read_roster
from lianxin.org.roster.plan import Plan, fingerprint, make_plan
from lianxin.org.roster.progress import Progress
from lianxin.org.roster.snapshot import read_register
from lianxin.org.services.record import note

logger = logging.getLogger(__name__)

MOST_BYTES = 20 * 1024 * 1024
KEEP_UNAPPLIED_DAYS = 7
KEEP_LINES_DAYS = 30
MANY_MISSING = 0.2
"""Beyond this part of the people present, whoever applies must type how many would leave."""

_READING_STEPS = 6
_MOST_KEPT = 2_000
"""Characters of a cell of a rejected row."""
_ATTEMPTS = 3
_DEADLOCK = "40P01"
_LOCKED = (Unit, PartyOrganisation, Person, Employment, Membership, Post, RoleGrant, RosterHeader)
"""What a plan rests on; meanwhile cases are raised as ever."""
_IDLE = (RosterState.READY, RosterState.UNREADABLE, RosterState.FAILED)


@transaction.atomic
def upload_roster(
    *,
    actor: Person | None,
    file_name: str,
    content: bytes,
    missing_left: bool = False,
    for_roles: bool = False,
    typed: bool = False,
    later: bool = True,
) -> RosterImport:
    """Take a roster in, to be read and compared by a job (`later`), or by the caller with `compare_roster`.

    Args:
        actor: the administrator; None is the command line.
        file_name: as it was on their machine.
        content: an .xlsx, .xls, .ods or .csv file.
        missing_left: whether people whom it does not mention have left.
        for_roles: only its sheets of roles are read, for a security administrator; else all but these.
        typed: whether it is no file of theirs; `file_name` is then what it is called.
        later: whether a job reads it.

    Raises:
        PermissionDenied: the actor may not.
        ValidationFailed: it is empty, too large, or no spreadsheet by its first bytes.
    """
    _require(actor, for_roles=for_roles)
    if len(content) > MOST_BYTES:
        raise ValidationFailed({"file": _("This file is larger than 20 MB.")})
    kind = kind_of(content)
    if not kind:
        raise ValidationFailed({"file": str(RosterProblem.NO_WORKBOOK.label)})
    roster = RosterImport.objects.create(
        actor=actor,
        file_name=file_name[:MAX_NAME] if typed else safe_name(file_name, kind),
        file=content,
        missing_left=missing_left and not for_roles,
        for_roles=for_roles,
        uploaded_at=timezone.now(),
    )
    RosterProgress.objects.create(roster=roster)
    note(actor, roster, "upload")
    if later:
        app.configure_task("org.compare_roster").defer(roster_id=roster.pk)
    return roster


def _require(actor: Person | None, *, for_roles: bool) -> None:
    """The system administrator imports units and people, the security administrator roles (三员分立)."""
    require(actor, "import_roles" if for_roles else "import_roster")


def _own(actor: Person | None, roster_id: int, *states: RosterState) -> RosterImport:
    """Lock a roster that the actor has uploaded.

    Raises:
        NotFound: there is none such.
        VersionConflict: something has happened to it.
    """
    rosters = RosterImport.objects.filter(pk=roster_id, actor=actor)
    _require(actor, for_roles=rosters.filter(for_roles=True).exists())
    # A job holds the row for as long as it works, so its state is asked before waiting for it.
    for found in (rosters.first(), rosters.select_for_update(no_key=True).first()):
        if found is None:
            raise NotFound(_("Roster not found."))
        if found.state not in states:
            raise VersionConflict(_("This roster is now: %(state)s.") % {"state": found.get_state_display()})
        roster = found
    return roster


@transaction.atomic
def recompare_roster(*, actor: Person, roster_id: int, missing_left: bool) -> RosterImport:
    """Compare a roster with the register anew, saying whether people whom it does not mention have left.

    Raises:
        NotFound, PermissionDenied: there is none such of the actor's.
        VersionConflict: it is being applied, or has been dealt with.
    """
    roster = _own(actor, roster_id, *_IDLE)
    roster.missing_left = missing_left
    _read_again(roster)
    return roster


@transaction.atomic
def explain_columns(*, actor: Person, roster_id: int, choices: Mapping[str, Any]) -> RosterImport:
    """Say what sheets and columns mean, for this roster and for later ones with the same headers.

    Args:
        actor: who uploaded it.
        roster_id: the roster.
        choices: for the title of a sheet its `part` and its `fields` (field by folded header; `-` means nothing).

    Raises:
        NotFound, PermissionDenied, VersionConflict: as `recompare_roster`.
    """
    roster = _own(actor, roster_id, *_IDLE)
    roster.choices = dict(choices)
    rows = [
        RosterHeader(part=choice["part"], header=header, field=field)
        for choice in choices.values()
        if choice["part"] in RosterPart.values
        for header, field in choice["fields"].items()
        if header
    ]
    RosterHeader.objects.bulk_create(
        {(row.part, row.header): row for row in rows}.values(),
        update_conflicts=True,
        unique_fields=["part", "header"],
        update_fields=["field"],
    )
    _read_again(roster)
    return roster


def _read_again(roster: RosterImport) -> None:
    roster.state, roster.problem, roster.stale = RosterState.READING, "", False
    roster.save(update_fields=["state", "problem", "stale", "missing_left", "choices"])
    app.configure_task("org.compare_roster").defer(roster_id=roster.pk)


@transaction.atomic
def start_applying(
    *, actor: Person | None, roster_id: int, digest: str, confirmed: int | None = None, later: bool = True
) -> RosterImport:
    """Have a job (`later`), or the caller with `apply_roster`, apply a roster exactly as it was looked at.

    Args:
        actor: who uploaded it.
        roster_id: the roster.
        digest: of the plan that the actor has seen.
        confirmed: how many people would leave because the file does not mention them, typed by the actor.
        later: whether a job applies it.

    Raises:
        NotFound, PermissionDenied: there is none such of the actor's.
        VersionConflict: it has been compared anew, is being applied, or has been dealt with.
        ValidationFailed: many people are missing, and the number was not typed.
    """
    roster = _own(actor, roster_id, RosterState.READY)
    if roster.digest != digest:
        raise VersionConflict(_("This roster was compared again. Please review it."))
    missing = roster.counts.get("missing", 0)
    if confirmed != missing and (must_confirm(roster) or (roster.missing_left and confirmed is not None)):
        raise ValidationFailed({"confirmed": _("Please enter how many people will leave: %(n)d.") % {"n": missing}})
    roster.state, roster.applied_by = RosterState.APPLYING, actor
    roster.save(update_fields=["state", "applied_by"])
    RosterProgress.objects.filter(roster=roster).update(done=0, total=0)
    if later:
        app.configure_task("org.apply_roster").defer(roster_id=roster.pk)
    return roster


def must_confirm(roster: RosterImport) -> bool:
    """Whether so many people are missing from the file that the number is to be typed."""
    return roster.missing_left and roster.counts.get("missing", 0) > MANY_MISSING * roster.present


@transaction.atomic
def discard_roster(*, actor: Person | None, roster_id: int) -> None:
    """Give a roster up; its file and lines are deleted.

    Raises:
        NotFound, PermissionDenied: there is none such of the actor's.
        VersionConflict: it is being applied, or has been dealt with.
    """
    roster = _own(actor, roster_id, *_IDLE, RosterState.READING)
    _forget(roster, RosterState.DISCARDED)
    note(actor, roster, "discard")


def _forget(roster: RosterImport, state: RosterState) -> None:
    """Close a roster; of the file nothing stays, of its lines only those of one that was applied."""
    roster.state, roster.file, roster.stale, roster.finished_at = state, None, False, timezone.now()
    roster.sheets = [{**sheet, "columns": []} for sheet in roster.sheets]
    roster.save()
    if state != RosterState.APPLIED:
        roster.lines.all().delete()


@transaction.atomic
def forget_old_rosters() -> None:
    """Discard what nobody has applied for a week; delete the lines of what was applied a month ago."""
    now = timezone.now()
    waiting = RosterImport.objects.filter(state__in=[*_IDLE, RosterState.READING])
    for roster in waiting.filter(uploaded_at__lt=now - timedelta(days=KEEP_UNAPPLIED_DAYS)).select_for_update():
        _forget(roster, RosterState.DISCARDED)
    RosterLine.objects.filter(roster__finished_at__lt=now - timedelta(days=KEEP_LINES_DAYS)).delete()


def compare_roster(*, roster_id: int) -> None:
    """Read a roster and compare it with the register; done twice, it does nothing the second time."""
    with _failing_from(roster_id, RosterState.READING), Progress(roster_id, _READING_STEPS) as progress:
        _compare(roster_id, progress)


@transaction.atomic
def _compare(roster_id: int, progress: Progress) -> None:
    roster = RosterImport.objects.select_for_update(no_key=True).get(pk=roster_id)
    if roster.state != RosterState.READING:
        return
    try:
        contents = _read(roster)
    except Unreadable as error:
        roster.state, roster.problem = RosterState.UNREADABLE, error.problem
        roster.save()
        return
    progress.step()
    _keep(roster, contents, _plan(roster, contents, progress))


def apply_roster(*, roster_id: int) -> None:
    """Apply a roster in one transaction; if it now comes to something else than was looked at, nothing is applied.

    Done twice, it does nothing the second time.
    """
    with _failing_from(roster_id, RosterState.APPLYING), Progress(roster_id, _READING_STEPS) as progress:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                _apply(roster_id, progress)
            except OperationalError as error:
                if attempt == _ATTEMPTS or getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
                    raise
            else:
                break


@contextmanager
def _failing_from(roster_id: int, state: RosterState) -> Iterator[None]:
    """Have a roster say that its job failed. Only the kind of the error is logged: its message may quote a row."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, nobody is to wait for ever
        where = traceback.extract_tb(error.__traceback__)[-1]
        what = (roster_id, type(error).__name__, where.name, where.lineno)
        logger.error("roster %d: %s at %s:%s", *what)  # noqa: TRY400
        failed = RosterImport.objects.filter(pk=roster_id, state=state)
        failed.update(state=RosterState.FAILED, problem=RosterProblem.REFUSED)


@transaction.atomic
def _apply(roster_id: int, progress: Progress) -> None:
    roster = RosterImport.objects.select_for_update(no_key=True).get(pk=roster_id)
    if roster.state != RosterState.APPLYING:
        return
    lock_tables(*_LOCKED)
    contents = _read(roster)
    progress.step()
    plan = _plan(roster, contents, progress)
    if plan.digest() != roster.digest:
        _keep(roster, contents, plan, stale=True)
        return
    progress.expect(steps_of(plan))
    apply_plan(plan, actor=roster.actor, progress=progress.step)
    _forget(roster, RosterState.APPLIED)
    note(roster.actor, roster, "apply", counts=roster.counts)


def _read(roster: RosterImport) -> Contents:
    remembered: dict[RosterPart, dict[str, str]] = {part: {} for part in RosterPart}
    parts = [part for part in RosterPart if (part == RosterPart.ROLES) == roster.for_roles]
    for part, header, field in RosterHeader.objects.values_list("part", "header", "field"):
        remembered[RosterPart(part)][header] = field
    meanings: Meanings = remembered
    return read_roster(bytes(roster.file or b""), remembered=meanings, choices=roster.choices, parts=parts)


def _plan(roster: RosterImport, contents: Contents, progress: Progress) -> Plan:
    actor = Person.objects.get(pk=roster.actor_id) if roster.actor_id else None
    register = read_register()
    progress.step()
    return make_plan(
        contents,
        register,
        actor=actor,
        reach=None if actor is None else [g.unit_path for g in actor.grants if g.role == Role.SYSTEM_ADMIN],
        missing_left=roster.missing_left,
        progress=progress.step,
    )


def _keep(roster: RosterImport, contents: Contents, plan: Plan, *, stale: bool = False) -> None:
    """Keep a plan to be looked at; if it replaces one that was looked at, mark what differs."""
    before = {fingerprint(_as_line(line)) for line in roster.lines.all()} if stale else set()
    roster.lines.all().delete()
    RosterLine.objects.bulk_create(
        (
            RosterLine(
                roster=roster,
                part=line.part,
                sheet=line.sheet,
                row=line.row,
                outcome=line.outcome,
                key=line.key[:100],
                name=line.name[:100],
                place=line.place,
                changes=line.changes,
                reasons=line.reasons,
                cells=_as_texts(line) if line.row and not line.stands else {},
                news=stale and fingerprint(line) not in before,
            )
            for line in plan.lines
        ),
        batch_size=5000,
    )
    roster.sheets = _sheets(contents)
    roster.state, roster.stale, roster.digest = RosterState.READY, stale, plan.digest()
    roster.counts, roster.present = plan.counts(), plan.present
    roster.problem = "" if any(sheet.part for sheet in contents.sheets) else RosterProblem.NO_SHEET
    roster.save()


def _as_texts(line: Line) -> dict[str, str]:
    """A rejected row as it stands in the file, to be taken away, mended and sent again."""
    return {str(place): text_of(cell, most=_MOST_KEPT) for place, cell in line.whole.items() if place <= MOST_COLUMNS}


def _sheets(contents: Contents) -> list[dict[str, Any]]:
    """How the sheets were understood, as it is kept."""
    return [
        {
            "title": sheet.title,
            "part": sheet.part,
            "guess": sheet.guess,
            "header_at": sheet.header_at,
            "count": sheet.count,
            "hidden": sheet.hidden,
            "for_others": sheet.for_others,
            "unknown": [c.header for c in sheet.columns if sheet.part and c.header and not (c.field or c.ignored)],
            "headings": {str(column.place): column.header for column in sheet.columns},
            "columns": [
                {"place": c.letter, "header": c.header, "field": c.field, "sample": c.sample} for c in sheet.columns
            ],
        }
        for sheet in contents.sheets
    ]


def _as_line(kept: RosterLine) -> Line:
    return Line(
        RosterPart(kept.part),
        kept.sheet,
        kept.row,
        kept.key,
        kept.name,
        kept.place,
        RosterOutcome(kept.outcome),
        kept.changes,
        kept.reasons,
    )
