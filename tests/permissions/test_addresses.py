"""Every address × everybody. An address that is not in the table fails: nobody forgets to say who may."""

import pkgutil
import re
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

import tests
from lianxin.alerts.models import Alert, AlertCase
from lianxin.board.models import Post as BoardPost
from lianxin.cases.models import Category, ReplyTemplate, SlaRule
from lianxin.hotissues.models import Issue, Membership
from lianxin.kernel import timezone
from lianxin.kernel.models import DayOverride
from lianxin.org.models import OwnName, Post, RosterImport
from tests.board.stories import on_board, shared
from tests.factories.cases import submit
from tests.factories.org import PartyOrganisationFactory, UnitFactory, enrol

NOBODY = "nobody"
EMPLOYEES = {"li_na", "wang_fang"}
DESK = {
    "dispatcher",
    "head_dispatcher",
    "handler",
    "co_handler",
    "unit_leader",
    "supervisor",
    "head_supervisor",
    "inspector",
    "head_inspector",
    "outsider",
}
SYSTEM, SECURITY, AUDIT = {"system_admin"}, {"security_admin"}, {"audit_admin"}
ADMINISTRATORS = SYSTEM | SECURITY | AUDIT
PEOPLE = EMPLOYEES | DESK | ADMINISTRATORS
ALL = PEOPLE | {NOBODY}
OWNER = {"li_na"}
KEEP_TEMPLATES = {"handler", "co_handler", "unit_leader", "outsider"}
POSTERS = {"dispatcher", "head_dispatcher", "unit_leader", "supervisor", "head_supervisor", "outsider"}
SEE_IT = {"dispatcher", "head_dispatcher", "supervisor", "head_supervisor"}
NEAR_IT = SEE_IT | {"inspector", "head_inspector", "co_handler"}
WARNED = {"dispatcher", "head_dispatcher", "supervisor", "head_supervisor"}
ACTING = {"dispatcher", "head_dispatcher", "unit_leader", "supervisor", "head_supervisor", "outsider"}
REQUESTER_ACTIONS = ("answer", "add", "rate", "appeal", "follow_alone", "share", "unshare", "withdraw")


@dataclass
class Address:
    """Who gets in (GET and POST alike); `ids` names the objects in the address, `words` what else it needs.

    `own`: about oneself, and what there is depends on what one has set up; it is enough that nobody else gets in.
    """

    who: set[str]
    ids: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    own: bool = False
    led_on: set[str] = field(default_factory=set)
    """Whom a GET leads on to the object's own page, which they may see."""


UNIT, PERSON, PARTY = {"unit_id": "team"}, {"person_id": "wang_fang"}, {"pk": "party"}
CASE = {"case_id": "case"}
BROWSE = ADMINISTRATORS

ADDRESSES: dict[str, Address] = {
    # For everybody, signed in or not
    "dashboards:home": Address(ALL),
    "cases:submit": Address(ALL, words={"identity": "anonymous"}),
    "accounts:setup_slips": Address(ALL),  # without its cookie: on to the first sign-in
    "cases:shown_receipt": Address(ALL),  # without its cookie: what a receipt is
    "cases:how_anonymous": Address(ALL),
    "cases:check_file": Address(ALL),
    "cases:help": Address(ALL),
    "cases:check_subjects": Address(ALL),
    "cases:emergency": Address(ALL),  # words of danger and phones: the same for everybody
    "cases:receipt": Address(ALL),
    "cases:receipt_leave": Address(ALL),
    "cases:receipt_case": Address(ALL),  # without the receipt's cookie: back to asking for the receipt
    "cases:receipt_proof": Address(ALL),  # without the receipt's cookie: back to asking for the receipt
    "cases:receipt_file": Address(ALL, {"attachment_id": "missing"}),
    **{f"cases:receipt_{name}": Address(ALL, own=True) for name in REQUESTER_ACTIONS},
    "ui:manifest": Address(ALL),
    "ui:service_worker": Address(ALL),
    "ui:offline": Address(ALL),
    "set_language": Address(ALL),
    "operations:healthz": Address(ALL),
    "operations:readyz": Address(ALL),
    "account_login": Address(ALL),
    "account_logout": Address(ALL),
    "accounts:activate": Address(ALL),
    "accounts:request_code": Address(set()),  # but everybody, once there is a mail server
    "mfa_login_webauthn": Address(ALL),
    "mfa_authenticate": Address(ALL),  # without a password before: back to signing in
    # Who sets the system up
    "operations:checklist": Address(SYSTEM | SECURITY),
    "operations:test_case": Address(SYSTEM | SECURITY),
    # For nobody
    "operations:metrics": Address(set()),  # but whoever shows the token, if there is one
    "accounts:set_up": Address(set()),
    "accounts:sign_in_as": Address(set(), PERSON),
    # For whoever is signed in
    "cases:mine": Address(PEOPLE),
    "notifications:inbox": Address(PEOPLE),
    "notifications:mark_all_read": Address(PEOPLE),
    "notifications:preferences": Address(PEOPLE),
    **{f"notifications:{name}": Address(PEOPLE, own=True) for name in ("enter_address", "confirm_address")},
    "notifications:remove_address": Address(PEOPLE),
    **{
        f"notifications:{name}": Address(SYSTEM)
        for name in ("channel", "try_channel", "try_failed_again", "mail_server", "remove_mail_server")
    },
    "notifications:switch_on": Address(SYSTEM),
    "notifications:stop": Address(ALL, {"token": "none"}),  # right and wrong tokens look the same
    "accounts:profile": Address(PEOPLE),
    "accounts:change_password": Address(PEOPLE),
    "accounts:sessions": Address(PEOPLE),
    "accounts:end_other_sessions": Address(PEOPLE),
    "account_reauthenticate": Address(PEOPLE, own=True),
    "mfa_reauthenticate": Address(PEOPLE, own=True),
    "mfa_reauthenticate_webauthn": Address(PEOPLE, own=True),
    "mfa_index": Address(PEOPLE, own=True),
    "mfa_activate_totp": Address(PEOPLE, own=True),
    "mfa_deactivate_totp": Address(PEOPLE, own=True),
    "mfa_add_webauthn": Address(PEOPLE, own=True),
    "mfa_generate_recovery_codes": Address(PEOPLE, own=True),
    "mfa_view_recovery_codes": Address(PEOPLE, own=True),
    "mfa_remove_webauthn": Address(PEOPLE, {"pk": "none"}, own=True),
    "accounts:end_session": Address(set(), {"sign_in_id": "missing"}),
    # One case, named, just raised by Li Na
    "cases:case": Address(OWNER | SEE_IT, CASE),
    "cases:case_live": Address(OWNER | SEE_IT, CASE),
    "cases:act": Address({"dispatcher", "head_dispatcher"}, {**CASE, "action": "accept"}),
    "cases:judge_alike": Address(set(), {**CASE, "other_id": "missing", "verdict": "apart"}),
    "cases:proof": Address(OWNER, CASE),
    "cases:file": Address(set(), {"attachment_id": "missing"}),
    **{f"cases:{name}": Address(OWNER, CASE, led_on=SEE_IT) for name in REQUESTER_ACTIONS[:-1]},
    "cases:withdraw": Address(OWNER, CASE),
    "cases:spoken": Address({"handler"}, {"case_id": "spoken"}),  # who spoke for Li Na
    "cases:desk": Address(DESK),
    "cases:desk_live": Address(DESK),
    "cases:accept_selected": Address(DESK),
    "cases:recall_selected": Address(DESK),
    "cases:find_requester": Address(DESK),
    "cases:save_view": Address(DESK),
    "cases:remove_view": Address(set(), {"pk": "missing"}),
    "cases:reply_templates": Address(KEEP_TEMPLATES),
    "cases:add_reply_template": Address(KEEP_TEMPLATES),
    "cases:change_reply_template": Address({"handler", "unit_leader"}, {"pk": "template"}),
    "cases:remove_reply_template": Address({"handler", "unit_leader"}, {"pk": "template"}),
    # Numbers, for who answers for a unit
    **{
        f"statistics:{name}": Address(DESK - {"handler", "co_handler"}, words={"measure": "raised"})
        for name in ("figures", "figure_cases", "figures_export")
    },
    # Who hangs up posters, for the units that their role reaches
    "cases:posters": Address(POSTERS),
    "cases:poster": Address(POSTERS - {"unit_leader", "outsider"}, words={"unit": "EAST"}),
    # The board, with something on it; a case just raised is not for it
    "board:board": Address(PEOPLE),
    "board:statistics": Address(PEOPLE),
    "board:post": Address(PEOPLE, {"post_id": "post_shown"}),
    "board:endorse": Address(PEOPLE, {"post_id": "post_shown"}),
    "board:feed": Address(set()),  # without a key
    "board:feed_address": Address(PEOPLE),
    "board:drafts": Address({"dispatcher", "head_dispatcher", "outsider"}),
    "board:edit": Address({"dispatcher", "head_dispatcher"}, {"case_id": "shared"}),
    "board:keep_off": Address({"dispatcher", "head_dispatcher"}, {"case_id": "shared"}),
    # Hot issues; three cases of one lie in the workshop, two of them are handled elsewhere
    "hotissues:hot": Address(DESK),
    "hotissues:picture": Address(DESK),
    **{f"hotissues:{name}": Address(NEAR_IT, {"issue_id": "issue"}) for name in ("issue", "follow")},
    **{f"hotissues:{name}": Address(SEE_IT, {"issue_id": "issue"}) for name in ("rename", "merge", "confirm", "cases")},
    # Early warning, and one of that issue
    "alerts:alerts": Address(DESK),
    "alerts:live": Address(DESK),
    **{f"alerts:{name}": Address(WARNED, {"alert_id": "alert"}) for name in ("alert", "acknowledge", "act", "dismiss")},
    "alerts:rules": Address(ACTING | SYSTEM),
    "alerts:rule": Address(ACTING | SYSTEM, {"kind": "people"}),
    "alerts:change_rule": Address(SYSTEM, {"kind": "people"}),
    # What the system administrator sets
    "cases:categories": Address(SYSTEM),
    "cases:add_category": Address(SYSTEM),
    "cases:rename_category": Address(SYSTEM, {"category_id": "category"}),
    "cases:move_category": Address(SYSTEM, {"category_id": "category"}),
    "cases:add_category_below": Address(SYSTEM, {"below": "category"}),
    "cases:use_category": Address(SYSTEM, {"category_id": "category", "active": "none"}),
    "cases:clocks": Address(SYSTEM),
    "cases:add_clock_rule": Address(SYSTEM),
    "cases:change_clock_rule": Address(SYSTEM, {"rule_id": "rule"}),
    "cases:remove_clock_rule": Address(SYSTEM, {"rule_id": "rule"}),
    # The organisation
    "org:units": Address(BROWSE),
    "org:unit": Address(BROWSE, UNIT),
    "org:party": Address(BROWSE),
    "org:party_organisation": Address(BROWSE, PARTY),
    "org:people": Address(BROWSE),
    "org:person": Address(BROWSE | {"wang_fang"}, PERSON),
    **{f"org:{name}": Address(SYSTEM, UNIT) for name in ("add_unit", "rename_unit", "move_unit", "end_unit")},
    "org:duty_phones": Address(SYSTEM, UNIT),
    "org:names": Address(SYSTEM),
    "org:add_names": Address(SYSTEM),
    **{f"org:{name}_name": Address(SYSTEM, {"name_id": "own_name"}) for name in ("change", "remove")},
    "org:add_party_organisation": Address(SYSTEM),
    **{f"org:{name}_party_organisation": Address(SYSTEM, PARTY) for name in ("rename", "move", "end")},
    "org:add_person": Address(SYSTEM),
    **{
        f"org:{name}": Address(SYSTEM, PERSON)
        for name in ("correct_person", "move_person", "leave", "take_back", "enrol_member", "give_post")
    },
    "org:end_membership": Address(SYSTEM, {**PERSON, "membership_id": "membership"}),
    "org:end_post": Address(SYSTEM, {**PERSON, "post_id": "post"}),
    "org:rosters": Address(SYSTEM),
    "org:roster_template": Address(SYSTEM),
    "org:role_rosters": Address(SECURITY),
    "org:role_template": Address(SECURITY),
    "org:roster": Address(SYSTEM, {"roster_id": "roster"}),
    "org:roster_columns": Address(SYSTEM, {"roster_id": "roster"}),
    "org:compare_roster": Address(SYSTEM, {"roster_id": "roster"}),
    "org:apply_roster": Address(SYSTEM, {"roster_id": "roster"}),
    "org:discard_roster": Address(SYSTEM, {"roster_id": "roster"}),
    "org:rejected_rows": Address(SYSTEM, {"roster_id": "roster"}),
    "org:calendar": Address(SYSTEM),
    "org:calendar_year": Address(SYSTEM, {"number": "year"}),
    "org:set_day": Address(SYSTEM),
    "org:remove_day": Address(SYSTEM, words={"day": "2026-12-31"}),
    "org:hours": Address(SYSTEM),
    "org:roles": Address(BROWSE),
    "org:grant_role": Address(SECURITY),
    "org:grant_many": Address(SECURITY),
    "org:end_role": Address(SECURITY, {"grant_id": "grant"}),
    "org:trail": Address(AUDIT),
    "org:pick_people": Address(PEOPLE, words={"field": "who"}),
    "org:pick_units": Address(PEOPLE, words={"field": "who"}),
    "org:pick_party_organisations": Address(PEOPLE, words={"field": "who"}),
    "accounts:people": Address(SECURITY | SYSTEM),
    "accounts:issue_codes": Address(SECURITY),
    "accounts:remove_second_factor": Address(SYSTEM, PERSON),
}

CONTRIBUTED = [
    import_module(f"{module.name}.addresses")
    for module in pkgutil.iter_modules(tests.__path__, "tests.")
    if module.ispkg and find_spec(f"{module.name}.addresses")
]
"""A context's own rows: `addresses(people)` gives them, `make(house)` the objects that they name."""
for each in CONTRIBUTED:
    ADDRESSES |= {name: Address(**row) for name, row in each.addresses(PEOPLE).items()}

REFUSED = {401, 403, 404}


def all_names() -> set[str]:
    def walk(patterns, namespace=""):
        for entry in patterns:
            if isinstance(entry, URLPattern):
                if entry.name:
                    yield f"{namespace}{entry.name}"
            else:
                yield from walk(entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)

    return set(walk(get_resolver().url_patterns))


@pytest.fixture(scope="module")
def ids(founded):
    """One object of each kind."""
    house = founded
    party = PartyOrganisationFactory(unit=house.company)
    ids = {
        "team": UnitFactory(parent=house.workshop, name="一班").pk,
        "wang_fang": house.wang_fang.pk,
        "party": party.pk,
        "case": submit(house.li_na).case.pk,
        "spoken": submit(house.handler, on_behalf_of=house.li_na).case.pk,
        "accept": "accept",
        "category": Category.objects.get(code="canteen-1").pk,
        "rule": SlaRule.objects.filter(kind="").first().pk,
        "membership": enrol(house.wang_fang, party).pk,
        "post": Post.objects.create(
            person=house.wang_fang, name="班长", unit=house.workshop, started_on=date(2024, 1, 1)
        ).pk,
        "grant": house.handler.role_grants.get().pk,
        "own_name": OwnName.objects.create(kind="place", name="一号食堂").pk,
        "post_shown": on_board(house).pk,
        "shared": shared(house).pk,
        "roster": RosterImport.objects.create(
            actor=house.system_admin, state="ready", file_name="名册.xlsx", uploaded_at=timezone.now()
        ).pk,
        "template": ReplyTemplate.objects.create(unit=house.logistics, title="已派人", text="已派人前往。").pk,
        "missing": "00000000-0000-4000-8000-000000000000",
        "none": 0,
        "year": 2026,
    }
    issue = Issue.objects.create(name="宿舍热水", sure=True, found_at=timezone.now())
    for case_id in (ids["case"], ids["shared"], BoardPost.objects.get(pk=ids["post_shown"]).case_id):
        Membership.objects.create(case_id=case_id, issue=issue)
    ids["issue"] = issue.pk
    alert = Alert.objects.create(
        rule_id="people", issue=issue, unit=house.workshop, cases=3, fewest=3, days=14, raised_at=timezone.now()
    )
    AlertCase.objects.create(alert=alert, case_id=ids["case"])
    ids |= {"alert": alert.pk, "people": "people"}
    DayOverride.objects.create(day=date(2026, 12, 31), working=False)
    for each in CONTRIBUTED:
        ids |= each.make(house)
    return ids


OUR_TAG_AS_TEXT = re.compile(r"&lt;/?(a|abbr|button|dd|details|div|form|li|ol|p|span|strong|svg|td|time|tr|ul)\b")
"""What a component drew and a template escaped."""


def outcome(browser: Client, method: str, address: str, words: dict[str, str]) -> str:
    """What came of it: "in", "out", or "-" where the method is not known."""
    answer = getattr(browser, method)(address, words, follow=True)
    if answer.status_code == 405:
        return "-"
    if answer["Content-Type"].startswith("text/html"):
        assert not OUR_TAG_AS_TEXT.search(answer.content.decode()), f"{address} shows its own markup"
    to_sign_in = any(url.startswith("/sign-in/?") for url, _status in answer.redirect_chain)
    return "out" if answer.status_code in REFUSED or to_sign_in else "in"


def outcomes(browsers: dict[str, Client], method: str, address: str, words: dict[str, str]) -> dict[str, str]:
    """Everybody's outcome. What one of them posts is taken back before the next; looking changes nothing for others."""
    if method == "get":
        return {who: outcome(browser, method, address, words) for who, browser in browsers.items()}
    found = {}
    for who, browser in browsers.items():
        with transaction.atomic():
            found[who] = outcome(browser, method, address, words)
            transaction.set_rollback(True)
    return found


def test_every_address_is_in_the_table():
    assert all_names() - set(ADDRESSES) == set()
    assert set(ADDRESSES) - all_names() == set()


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_who_gets_in(ids, browsers, name):
    browsers[NOBODY] = Client()
    wanted = ADDRESSES[name]
    address = reverse(name, kwargs={key: ids.get(value, value) for key, value in wanted.ids.items()})
    for method in ("get", "post"):
        found = outcomes(browsers, method, address, wanted.words)
        if "-" in found.values() and "in" not in found.values():
            continue  # the method is not known; whoever the page is not for need not learn even that
        entered = {who for who, came in found.items() if came == "in"}
        may = wanted.who | (wanted.led_on if method == "get" else set())
        assert (entered - may, set() if wanted.own else may - entered) == (set(), set()), f"{method.upper()} {address}"
