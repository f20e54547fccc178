"""The words of the organisation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitKind(TextChoices):
    ENTERPRISE = "enterprise", _("enterprise")
    COMPANY = "company", _("company")
    DEPARTMENT = "department", _("department")
    TEAM = "team", _("team")


class OwnNameKind(TextChoices):
    """What an enterprise has names of its own for, beside its units."""

    PLACE = "place", pgettext_lazy("own name", "place")
    EQUIPMENT = "equipment", pgettext_lazy("own name", "equipment")


class PartyOrganisationKind(TextChoices):
    COMMITTEE = "committee", _("Party committee")
    GENERAL_BRANCH = "general_branch", _("general Party branch")
    BRANCH = "branch", _("Party branch")
    GROUP = "group", _("Party group")


class MembershipKind(TextChoices):
    FULL = "full", _("full member")
    PROBATIONARY = "probationary", _("probationary member")


class Role(TextChoices):
    """What a person may be charged with at a unit. Being an employee or a Party member needs no grant."""

    BRANCH_SECRETARY = "branch_secretary", _("branch secretary")
    DISPATCHER = "dispatcher", _("dispatcher")
    HANDLER = "handler", _("handler")
    UNIT_LEADER = "unit_leader", _("unit leader")
    SUPERVISOR = "supervisor", _("supervisor")
    INSPECTOR = "inspector", _("discipline inspector")
    APPRAISER = "appraiser", _("appraiser")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDIT_ADMIN = "audit_admin", _("audit administrator")


ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
"""三员分立: each on an account of its own, without any other role, and none reads what people wrote."""

STRONG_SIGN_IN = (*ADMINISTRATORS, Role.INSPECTOR)
"""Roles whose holders must sign in with a second factor."""


class RosterState(TextChoices):
    """How far an uploaded roster has come."""

    READING = "reading", _("being read")
    UNREADABLE = "unreadable", _("could not be read")
    READY = "ready", _("to be looked at")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("not applied")
    DISCARDED = "discarded", _("discarded")


class RosterPart(TextChoices):
    """What the rows of a sheet are about."""

    UNITS = "units", _("units")
    PARTY = "party", _("Party organisations")
    PEOPLE = "people", _("people")
    ROLES = "roles", _("roles")


class RosterOutcome(TextChoices):
    """What a row of a roster comes to."""

    ADD = "add", pgettext_lazy("roster", "added")
    CHANGE = "change", pgettext_lazy("roster", "changed")
    MOVE = "move", pgettext_lazy("roster", "moved")
    RETURN = "return", pgettext_lazy("roster", "back again")
    END = "end", pgettext_lazy("roster", "ended")
    REJECT = "reject", pgettext_lazy("roster", "rejected")
    SAME = "same", pgettext_lazy("roster", "as it is")


class RosterReason(TextChoices):
    """Why a row is rejected, or what is to be known about it."""

    NUMBER_MISSING = "number_missing", _("The employee number is missing.")
    NAME_MISSING = "name_missing", _("The name is missing.")
    ROLE_MISSING = "role_missing", _("The role is missing.")
    CODE_MISSING = "code_missing", _("The code is missing.")
    UNIT_MISSING = "unit_missing", _("The unit is missing.")
    TOO_LONG = "too_long", _("“%(value)s…” is too long for this column.")
    DUPLICATE = (
        "duplicate",
        _("The file has this number or code more than once, with different content: rows %(rows)s."),
    )
    REPEATED = "repeated", _("The same as row %(rows)s.")
    LOST_ZEROS = "lost_zeros", _("Excel has taken this for a number and may have dropped zeros: format it as text.")
    STORED_AS_NUMBER = (
        "stored_as_number",
        _("Excel has taken “%(value)s” for a number or a date, so it may not be what was typed: store it as text."),
    )
    BAD_PHONE = "bad_phone", _("“%(value)s” is no phone number.")
    PHONE_TAKEN = "phone_taken", _("This phone number is also %(value)s's.")
    BAD_DATE = "bad_date", _("“%(value)s” cannot be read as a day.")
    UNKNOWN_WORD = "unknown_word", _("“%(value)s” is not known in this column.")
    UNKNOWN_PLACE = "unknown_place", _("There is no “%(value)s”, neither here nor in the file.")
    AMBIGUOUS = "ambiguous", _("Several are called “%(value)s”: please give the code or the whole path.")
    PLACE_REJECTED = "place_rejected", _("“%(value)s” has itself been rejected.")
    PLACE_ENDED = "place_ended", _("“%(value)s” has been ended, or is ended by this file.")
    CYCLE = "cycle", _("It would lie below itself.")
    ROOT_STAYS = "root_stays", _("The enterprise itself can be neither moved nor ended.")
    OUT_OF_REACH = "out_of_reach", _("This is outside what you are charged with.")
    STILL_BELOW = "still_below", _("There are others below it. Please move or end them first.")
    STILL_PEOPLE = "still_people", _("%(value)s people would still be here.")
    STILL_PARTY = "still_party", _("Party organisations stand here. Please end them first.")
    STILL_ROLES = "still_roles", _("Roles are held here. Please have the security administrator end them first.")
    STILL_POSTS = "still_posts", _("Posts are held here. Please end them first.")
    ANOTHER_PERSON = "another_person", _("This number belongs to %(value)s: neither name nor phone agree.")
    OWN_ACCOUNT = "own_account", _("You cannot end your own account.")
    LAST_ADMINISTRATOR = "last_administrator", _("Nobody else would be %(value)s: have the role granted to somebody.")
    CONTRADICTION = "contradiction", _("It says both that they are here and that they have left.")
    BEFORE_START = "before_start", _("The last day lies before their first day there (%(value)s).")
    LEFT_TODAY = "left_today", _("They have left only on %(value)s: they can be taken back from the day after.")
    NEVER_HERE = "never_here", _("Has left, and was never entered.")
    YET_TO_LEAVE = "yet_to_leave", _("Leaves only on %(value)s: record it then.")
    NO_ORGANISATION = "no_organisation", _("A Party member, but the Party organisation is missing.")
    MISSING = "missing", _("Is missing from the file.")
    NOBODY_SUCH = "nobody_such", _("Nobody has the employee number %(value)s.")
    NOT_THIS_NAME = "not_this_name", _("This employee number belongs to %(value)s.")
    ROLE_REFUSED = "role_refused", _("%(value)s")
    TAKES_ALONG = "takes_along", _("%(value)s people who have no row of their own go along.")


class RosterProblem(TextChoices):
    """Why a roster could not be read or applied at all."""

    NO_WORKBOOK = (
        "no_workbook",
        _("This is no .xlsx, .xls, .ods or .csv file that can be read. Save it again as .xlsx."),
    )
    TOO_LARGE = "too_large", _("This file unpacks to too much. Please delete empty rows and columns, or split it.")
    PROTECTED = "protected", _("This file is protected by a password. Please save it without one.")
    TOO_MANY_ROWS = "too_many_rows", _("There are more rows than a roster can have (100,000).")
    TOO_MANY_MERGED = "too_many_merged", _("There are too many merged cells.")
    NO_SHEET = "no_sheet", _("No sheet has the columns of a roster. Please say below what the columns mean.")
    REFUSED = "refused", _("Something was refused that could not be foreseen. Please compare again and look.")
