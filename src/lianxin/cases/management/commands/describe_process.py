"""`lianxin describe-process`: the tables of the user guide that say what happens and who may, drawn from the code.

A page holds them between `<!-- generated: TABLE LANGUAGE -->` and `<!-- /generated -->`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lianxin.accounts import policies as accounts
from lianxin.cases.enums import CaseState, Relation
from lianxin.cases.workflow import CASE, guards
from lianxin.kernel.workflow import Transition
from lianxin.org import policies as org
from lianxin.org.enums import Role
from lianxin.org.policies import Predicate, Target
from lianxin.org.queries import Person, RoleAssignment

Words = str | Promise

BLOCK = re.compile(r"(<!-- generated: (\w+) ([\w-]+) -->\n).*?(<!-- /generated -->)", re.DOTALL)

ELSEWHERE: Mapping[str, Words] = {
    "appeal": gettext_lazy("Appeal"),
    "answer": gettext_lazy("Answer the question"),
    "add": gettext_lazy("Add information"),
    "rate": gettext_lazy("Rate"),
    "withdraw": gettext_lazy("Withdraw"),
    "follow_alone": gettext_lazy("Take it over from the colleague who submitted it"),
    "share": gettext_lazy("Agree to publication"),
    "unshare": gettext_lazy("Withdraw consent"),
    "publish": gettext_lazy("Publish"),
    "take_down": gettext_lazy("Do not publish"),
    "no_answer": gettext_lazy("Close when there is no answer after 10 working days"),
    "give_back": gettext_lazy("Give back (the handler left or lost the role)"),
    "lapse": gettext_lazy("Close without a rating, after 7 days"),
}
"""The actions that have no page at the desk: the requester's, the clock's, and those of the board."""

NEEDS: Mapping[str, Words] = {
    "kind": gettext_lazy("kind"),
    "category": gettext_lazy("category"),
    "urgency": gettext_lazy("urgency"),
    "reason": gettext_lazy("reason"),
    "text": gettext_lazy("text"),
    "lead_unit": gettext_lazy("lead unit"),
    "primary": gettext_lazy("the other case"),
    "days": gettext_lazy("number of working days"),
    "resolved": gettext_lazy("resolution"),
    "satisfaction": gettext_lazy("satisfaction"),
}

RULES: Mapping[Callable[..., Any], Words] = {
    guards.classified: gettext_lazy("a kind is chosen"),
    guards.not_conduct: gettext_lazy("not conduct: use transfer to discipline inspection"),
    guards.not_a_test: gettext_lazy("not a test case"),
    guards.not_sealed: gettext_lazy("once"),
    guards.not_appealed: gettext_lazy("once"),
    guards.appeal_reaches_somebody: gettext_lazy("someone else can decide it"),
    guards.reaches_inspectors: gettext_lazy("an inspector can receive it"),
    guards.leaves_somebody: gettext_lazy("someone else can handle it"),
    guards.subjects_settled: gettext_lazy("it is confirmed who the case is about, or there is danger"),
    guards.subjects_unsettled: gettext_lazy("not confirmed yet"),
    guards.says_who_is_meant: gettext_lazy("people or units, or no one who works here"),
    guards.lead_unit_fits: gettext_lazy("the unit is not involved in the case, and has someone who can sign for it"),
    guards.sent_back_once: gettext_lazy("once; only the supervisor a second time"),
    guards.no_extension_yet: gettext_lazy("once"),
    guards.extension_days_fit: gettext_lazy("1 to 10 working days"),
    guards.extension_open: gettext_lazy("no one decides their own request"),
    guards.parts_on_record: gettext_lazy("contributions from all supporting units are submitted"),
    guards.primary_fits: gettext_lazy(
        "the other case is open, is about the same people, both are confirmed, and both or neither are sealed"
    ),
    guards.names_somebody: gettext_lazy("someone not listed yet"),
    guards.primary_replied: gettext_lazy("the case it was merged into has a reply"),
    guards.may_still_rate: gettext_lazy("not rated yet, within 30 days of closing"),
    guards.may_be_shared: gettext_lazy("replied to, and about no one"),
    guards.followed_by_speaker: gettext_lazy("only while whoever submitted it for them still follows it"),
    guards.shared: gettext_lazy("requester's consent"),
    guards.confidential: gettext_lazy("a confidential case"),
}

DUTIES: Mapping[str, Words] = {
    "browse_organisation": gettext_lazy("Open unit, Party organisation, people and role pages"),
    "see_unit": gettext_lazy("View a unit"),
    "see_person": gettext_lazy("View a person's records"),
    "pick": gettext_lazy("Search for people and units"),
    "administer_organisation": gettext_lazy("Open the calendar and system-wide settings"),
    "manage_units": gettext_lazy("Add, rename, move and close units"),
    "manage_party_organisations": gettext_lazy("Add, rename, move and close Party organisations"),
    "manage_people": gettext_lazy("Add, correct, move and offboard people"),
    "manage_posts": gettext_lazy("Assign and end posts"),
    "import_roster": gettext_lazy("Import roster"),
    "import_any_roster": gettext_lazy("Open rosters you may import"),
    "import_roles": gettext_lazy("Import roles from a workbook"),
    "keep_rosters": gettext_lazy("View rosters uploaded by others"),
    "keep_role_rosters": gettext_lazy("View role workbooks uploaded by others"),
    "keep_names": gettext_lazy("Manage places and equipment"),
    "keep_calendar": gettext_lazy("Set days off, make-up working days and business hours"),
    "administer_roles": gettext_lazy("Open role pages"),
    "manage_roles": gettext_lazy("Grant and end roles"),
    "read_audit_trail": gettext_lazy("Read the audit trail within their scope"),
    "read_whole_audit_trail": gettext_lazy("Read the whole audit trail"),
    "administer_accounts": gettext_lazy("Open the account list"),
    "issue_codes": gettext_lazy("Issue sign-in codes"),
    "remove_second_factors": gettext_lazy("Open the page for turning off two-step verification"),
    "remove_second_factor": gettext_lazy("Turn off two-step verification for someone who lost it"),
}


def _holder(role: Role | None) -> Person:
    """Somebody who holds one role at the top of the enterprise, or none: whom a predicate is asked about."""
    person = Person(pk=1)
    person.grants = (RoleAssignment(role, 1, "0001"),) if role else ()
    return person


def action_label(action: str) -> str:
    """What an action on a case is called."""
    return str(CASE.buttons[action].label if action in CASE.buttons else ELSEWHERE[action])


def _row(cells: Iterable[Words]) -> str:
    return "| " + " | ".join(str(cell) or "–" for cell in cells) + " |"


def _table(head: list[str], rows: Iterable[Iterable[Words]]) -> str:
    return "\n".join([_row(head), _row("---" for _cell in head), *map(_row, rows)])


def _listed(words: Iterable[Words]) -> str:
    return _(", ").join(dict.fromkeys(map(str, words)))


def _states(states: Iterable[str]) -> str:
    return _listed(CaseState(state).label for state in states)


def _who(relations: Iterable[str]) -> str:
    return _listed(Relation(relation).label for relation in relations)


def process_table() -> str:
    """Each step of the workflow: from, action, who, to, what it needs, and on what condition."""
    head = [
        pgettext("step", "From"),
        _("Action"),
        _("Who"),
        pgettext("step", "To"),
        _("Required input"),
        _("Condition"),
    ]
    return _table(head, map(_step_row, CASE.transitions))


def _step_row(step: Transition[Any]) -> list[str]:
    return [
        _states(step.source),
        action_label(step.action),
        _who(step.allowed),
        _states(step.targets) or _("same as before"),
        _listed(NEEDS[name] for name in step.required),
        _listed(RULES[guard] for guard in step.conditions),
    ]


def case_roles_table() -> str:
    """Each action on a case, and who may."""
    rows = (
        [action_label(action), _who(relation for relation in Relation if relation in CASE.allowed(action))]
        for action in CASE.actions
    )
    return _table([_("Action"), _("Who")], rows)


def duties_table() -> str:
    """Each action on organisation, accounts and calendar, and who may: found by asking for everybody."""
    rows = ([DUTIES[action], _allowed(test)] for action, test in {**org.ACTIONS, **accounts.ACTIONS}.items())
    return _table([_("Action"), _("Who")], rows)


def _allowed(test: Predicate) -> str:
    def may(role: Role | None, person_id: int) -> bool:
        return test(_holder(role), Target(path="00010001", person_id=person_id))

    themselves, somebody = 1, 2
    if may(None, somebody):
        return _("all current employees")
    holders = [role for role in Role if may(role, somebody)]
    said = [str(role.label) for role in holders]
    if may(None, themselves):
        said.append(_("the person themselves"))
    if not any(may(role, themselves) for role in holders):
        said.append(_("never about themselves"))
    return _listed(said)


TABLES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"process": process_table, "case_roles": case_roles_table, "duties": duties_table}
)


def renewed(page: str) -> str:
    """A page with each of its blocks drawn anew.

    Raises:
        KeyError: a block names a table that there is not.
    """

    def block(found: re.Match[str]) -> str:
        opening, name, language, closing = found.groups()
        with translation.override(language):
            return f"{opening}{TABLES[name]()}\n{closing}"

    return BLOCK.sub(block, page)


class Command(BaseCommand):
    help = "Print the guide's tables, or renew or check the pages that hold them."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--check", nargs="+", type=Path, default=[], metavar="FILE", help="fail if a page is out of date"
        )
        group.add_argument(
            "--write", nargs="+", type=Path, default=[], metavar="FILE", help="bring the pages up to date"
        )

    def handle(self, *, check: list[Path], write: list[Path], **options: Any) -> None:
        stale = [
            page for page in check if renewed(page.read_text(encoding="utf-8")) != page.read_text(encoding="utf-8")
        ]
        if stale:
            raise CommandError("out of date, renew with --write: " + " ".join(map(str, stale)))
        for page in write:
            page.write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
        if not check and not write:
            self.stdout.write("\n\n".join(table() for table in TABLES.values()))
