"""The set-up checklist: what a new system still lacks before a case can go all the way.

The checklist page, the administrators' first pages and `lianxin doctor` read the same items. They hold numbers, names
of units and states, never a word of a case.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.accounts.queries import people_who_can_sign_in
from lianxin.cases.queries.readiness import may_start_test_case, test_case_status
from lianxin.kernel import timezone
from lianxin.kernel.business_calendar import covered_years
from lianxin.kernel.public_url import absolute, is_local
from lianxin.notifications.policies import keeps_channels
from lianxin.notifications.queries import held_since, mail_status
from lianxin.operations.enums import Level
from lianxin.operations.queries.backups import last_backup
from lianxin.org.enums import ADMINISTRATORS, Role
from lianxin.org.policies import may
from lianxin.org.queries import (
    Person,
    Unit,
    active_people,
    is_year_known,
    units_below,
    units_without_duty_phone,
    unreached_units,
)
from lianxin.ui.formatting import when

OLD_BACKUP = timedelta(days=2)
NOTICE_COMES_OUT = (11, 1)
"""The State Council's notice for the next year mostly comes out in November, and deadlines reach into it by then."""
REACHING_ROLES = (Role.DISPATCHER, Role.SUPERVISOR, Role.INSPECTOR, Role.UNIT_LEADER)
"""Without them at a unit or above it, a case from there is received, watched over or inspected by nobody."""
UNITS_NAMED = 5


@dataclass(frozen=True)
class ChecklistItem:
    """One thing that a system needs before it is ready."""

    key: str
    label: str
    status: str
    """What there is, or what is missing."""
    remedy: str = ""
    """What to do about it; empty when nothing has to be done."""
    who: str = ""
    """Who can do it."""
    url: str = ""
    """Where it is done."""
    may_open: Callable[[Person], bool] = lambda _viewer: False
    level: Level = Level.WARN
    """How serious it is while it is not done."""

    @property
    def done(self) -> bool:
        return not self.remedy


def checklist() -> list[ChecklistItem]:
    """Every item, done or not, in the order in which a system is set up."""
    return [item for items in ITEMS for item in items()]


def sees_checklist(viewer: Person) -> bool:
    """Whether they set the system up: a system or security administrator of the whole enterprise."""
    return may_start_test_case(viewer)


def _may(action: str) -> Callable[[Person], bool]:
    return lambda viewer: may(viewer, action)


def _system_administrator() -> str:
    return str(Role.SYSTEM_ADMIN.label)


def _server() -> str:
    return _("server administrator")


def _organisation() -> Iterator[ChecklistItem]:
    units = units_below().count()
    yield ChecklistItem(
        key="units",
        label=_("Units"),
        status=ngettext("%(n)d unit", "%(n)d units", units) % {"n": units},
        remedy="" if units > 1 else _("Add the units below the enterprise, or import the roster."),
        who=_system_administrator(),
        url=reverse("org:units"),
        may_open=_may("manage_units"),
    )
    people = active_people().count()
    yield ChecklistItem(
        key="people",
        label=_("People"),
        status=ngettext("%(n)d person", "%(n)d people", people) % {"n": people},
        remedy="" if people > len(ADMINISTRATORS) else _("Add people and their units, or import the roster."),
        who=_system_administrator(),
        url=reverse("org:people"),
        may_open=_may("manage_people"),
    )


def _roles() -> Iterator[ChecklistItem]:
    everywhere = units_below().count()
    for role in REACHING_ROLES:
        unreached = list(unreached_units(role))
        waiting = [] if unreached else _waiting(role)
        yield _role(role, unreached, nobody=len(unreached) == everywhere, waiting=waiting)
    # A dispatcher may choose any unit that has a handler, so it takes one somewhere, not one for each place.
    nobody = unreached_units(Role.HANDLER).count() == everywhere
    waiting = [] if nobody else _waiting(Role.HANDLER)
    yield _role(Role.HANDLER, [], nobody=nobody, waiting=waiting if len(waiting) == everywhere else [])


def _waiting(role: Role) -> list[Unit]:
    """Units that no holder of the role reaches who can sign in."""
    return list(unreached_units(role, among=people_who_can_sign_in()))


def _role(role: Role, unreached: Sequence[Unit], *, nobody: bool, waiting: Sequence[Unit]) -> ChecklistItem:
    if nobody:
        status = _("No one has this role.")
    elif unreached:
        status = _("Missing for: %(units)s") % {"units": _names(unreached)}
    elif waiting:
        status = _("Granted, but the person cannot sign in yet: %(units)s") % {"units": _names(waiting)}
    elif role == Role.HANDLER:
        status = _("Handlers are assigned.")
    else:
        status = _("Every unit is covered.")
    remedy = ""
    if nobody or unreached:
        remedy = _("Grant the role at these units or above them.")
    elif waiting:
        remedy = _("Issue their sign-in codes; they sign in with them and choose a password.")
    return ChecklistItem(
        key=f"role.{role}",
        label=_("Role: %(role)s") % {"role": role.label},
        status=status,
        remedy=remedy,
        who=str(Role.SECURITY_ADMIN.label),
        url=reverse("accounts:people") if waiting else reverse("org:grant_role", query={"role": role.value}),
        may_open=_may("administer_roles"),
    )


def _names(units: Sequence[Unit]) -> str:
    names = _(", ").join(unit.name for unit in units[:UNITS_NAMED])
    more = len(units) - UNITS_NAMED
    if more <= 0:
        return names
    return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {"names": names, "n": more}


def _duty_phones() -> Iterator[ChecklistItem]:
    missing = units_without_duty_phone()
    yield ChecklistItem(
        key="phones",
        label=_("Duty phones"),
        status=_("Missing for: %(units)s") % {"units": _names(missing)} if missing else _("Every unit is covered."),
        remedy=_("Enter a duty phone at the enterprise or at its units.") if missing else "",
        who=_system_administrator(),
        url=reverse("org:units"),
        may_open=_may("manage_units"),
    )


def unknown_years() -> list[int]:
    """Of this year and, once its notice should be out, the next: those whose days off nobody has told the system."""
    today = timezone.today()
    return [
        year
        for year in (today.year, today.year + 1)
        if today >= date(year - 1, *NOTICE_COMES_OUT) and not is_year_known(year)
    ]


def _calendar() -> Iterator[ChecklistItem]:
    today, unknown = timezone.today(), unknown_years()
    if unknown:
        status = _("The days off and make-up working days of %(years)s are not known.") % {
            "years": _(", ").join(str(year) for year in unknown)
        }
    else:
        status = _("Known until the end of %(year)d.") % {"year": max(covered_years()[-1], today.year)}
    yield ChecklistItem(
        key="calendar",
        label=_("Working calendar"),
        status=status,
        remedy=_("Enter them once they are announced, usually in November, or upgrade Lianxin.") if unknown else "",
        who=_system_administrator(),
        url=reverse("org:calendar_year", args=[(unknown or [today.year])[0]]),
        may_open=_may("keep_calendar"),
        level=Level.FAIL if today.year in unknown else Level.WARN,
    )


def _mail() -> Iterator[ChecklistItem]:
    mail = mail_status()
    who, url, level = _system_administrator(), reverse("notifications:channel"), Level.WARN
    if mail.declined:
        status, remedy = _("Not used here (LIANXIN_MAIL_URL=none)."), ""
    elif not mail.set_up:
        status = _("No mail server is configured, so emails reach no one.")
        remedy = _("Set up a mail server. If none is to be used, set LIANXIN_MAIL_URL=none on the server.")
    elif held := held_since():
        status = _("Off since the system was restored (%(when)s): nothing is sent.") % {"when": when(held)}
        remedy = _("Production: turn email on. Rehearsal: leave it off.")
    elif mail.outage is not None:
        status = _("Nothing has been sent since %(since)s: %(why)s.") % {
            "since": when(mail.outage.since),
            "why": mail.outage.get_trouble_display(),
        }
        remedy, level = _("Check the mail server and its settings. Sending is retried every minute."), Level.FAIL
    elif not mail.tested:
        status, remedy = _("Set up, but not tested yet."), _("Send a test email.")
    else:
        status, remedy = _("Set up and tested."), ""
    yield ChecklistItem(
        key="mail",
        label=_("Email"),
        status=status,
        remedy=remedy,
        who=who,
        url=url,
        may_open=keeps_channels,
        level=level,
    )


def _address() -> Iterator[ChecklistItem]:
    known = absolute("/")
    remedy = _("Set LIANXIN_PUBLIC_URL, for example https://say.example.com, and restart.")
    if not known:
        status = _("Unknown: sign-in codes and posters cannot be printed, and emails contain no links.")
    elif is_local(known):
        status = _("%(address)s cannot be reached from other devices.") % {"address": known}
    else:
        status, remedy = known, ""
    yield ChecklistItem(
        key="address",
        label=_("Web address"),
        status=status,
        remedy=remedy,
        who=_server(),
    )


def _backup() -> Iterator[ChecklistItem]:
    last = last_backup()
    status = _("There is no backup yet.") if last is None else _("Last backup: %(when)s.") % {"when": when(last)}
    is_recent = last is not None and timezone.now() - last <= OLD_BACKUP
    yield ChecklistItem(
        key="backup",
        label=_("Backup"),
        status=status,
        remedy="" if is_recent else _("Run `lianxin backup` every night with a timer, and copy the file elsewhere."),
        who=_server(),
    )


def _test_case() -> Iterator[ChecklistItem]:
    test = test_case_status()
    if test.passed:
        status, remedy = _("A test case was accepted, dispatched, replied to and rated."), ""
    elif test.case_id is None:
        status, remedy = _("None started yet."), _("Start a test case; the real dispatcher and handler complete it.")
    elif test.is_open:
        status = _("%(number)s is in progress: %(state)s") % {"number": test.number, "state": test.state}
        remedy = _("The dispatcher and handler process it; then the person who started it rates it.")
    else:
        status = _("%(number)s was not completed: %(state)s") % {"number": test.number, "state": test.state}
        remedy = _("Start another test case.")
    yield ChecklistItem(
        key="test_case",
        label=_("Test case"),
        status=status,
        remedy=remedy,
        who=_("system or security administrator"),
        url=reverse("operations:test_case"),
        may_open=may_start_test_case,
    )


ITEMS: tuple[Callable[[], Iterator[ChecklistItem]], ...] = (
    _organisation,
    _roles,
    _duty_phones,
    _calendar,
    _address,
    _mail,
    _backup,
    _test_case,
)
