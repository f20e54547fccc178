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
    READY = "ready", _("needs review")
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
    MOVE = "move", pgettext_lazy("roster", "transferred")
    RETURN = "return", pgettext_lazy("roster", "rehired")
    END = "end", pgettext_lazy("roster", "ended")
    REJECT = "reject", pgettext_lazy("roster", "rejected")
    SAME = "same", pgettext_lazy("roster", "unchanged")


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
        _("This number or code appears more than once in the file with different content: rows %(rows)s."),
    )
    REPEATED = "repeated", _("Same as row %(rows)s.")
    LOST_ZEROS = (
        "lost_zeros",
        _(
            "Excel treated this as a number and may have dropped leading zeros. Format the column as "
            "text and enter it again."
        ),
    )
    STORED_AS_NUMBER = (
        "stored_as_number",
        _(
            "Excel treated “%(value)s” as a number or date, so it may differ from what was typed. Format "
            "it as text and enter it again."
        ),
    )
    BAD_PHONE = "bad_phone", _("“%(value)s” is not a phone number.")
    BAD_EMAIL = "bad_email", _("“%(value)s” is not an email address.")
    PHONE_TAKEN = "phone_taken", _("This phone number is also used by %(value)s.")
    BAD_DATE = "bad_date", _("“%(value)s” is not a valid date.")
    UNKNOWN_WORD = "unknown_word", _("“%(value)s” is not allowed in this column.")
    UNKNOWN_PLACE = "unknown_place", _("“%(value)s” exists neither in the system nor in the file.")
    AMBIGUOUS = "ambiguous", _("Several are named “%(value)s”. Please enter the code or the full path.")
    PLACE_REJECTED = "place_rejected", _("The row of “%(value)s” was rejected.")
    PLACE_ENDED = "place_ended", _("“%(value)s” has been closed, or is closed by this file.")
    CYCLE = "cycle", _("It would be below itself.")
    ROOT_STAYS = "root_stays", _("The enterprise itself cannot be moved or closed.")
    OUT_OF_REACH = "out_of_reach", _("You do not have permission to do this.")
    STILL_BELOW = "still_below", _("It has others below it. Please move or close them first.")
    STILL_PEOPLE = "still_people", _("%(value)s people would still be here.")
    STILL_PARTY = "still_party", _("Party organisations are attached to this unit. Please close them first.")
    STILL_ROLES = "still_roles", _("Roles are held here. Please have the security administrator end them first.")
    STILL_POSTS = "still_posts", _("Posts are held here. Please end them first.")
    ANOTHER_PERSON = "another_person", _("This number belongs to %(value)s, but neither name nor phone matches.")
    OWN_ACCOUNT = "own_account", _("You cannot record your own departure.")
    LAST_ADMINISTRATOR = (
        "last_administrator",
        _("No one else would be %(value)s. Please have the role granted to someone else first."),
    )
    CONTRADICTION = "contradiction", _("It says both that they are employed and that they have left.")
    BEFORE_START = "before_start", _("The last day is before their start date there (%(value)s).")
    LEFT_TODAY = "left_today", _("They leave on %(value)s and can be rehired from the next day.")
    NEVER_HERE = "never_here", _("Has left, and was never in the system.")
    YET_TO_LEAVE = "yet_to_leave", _("Leaves on %(value)s: record it then.")
    NO_ORGANISATION = "no_organisation", _("Party member, but the Party organisation is missing.")
    MISSING = "missing", _("Not in this file.")
    NOBODY_SUCH = "nobody_such", _("There is no person with the employee number %(value)s.")
    NOT_THIS_NAME = "not_this_name", _("This employee number belongs to %(value)s.")
    ROLE_REFUSED = "role_refused", _("%(value)s")
    TAKES_ALONG = "takes_along", _("%(value)s people without a row of their own move as well.")


class RosterProblem(TextChoices):
    """Why a roster could not be read or applied at all."""

    NO_WORKBOOK = (
        "no_workbook",
        _("This .xlsx, .xls, .ods or .csv file cannot be read. Please save it again as .xlsx."),
    )
    TOO_LARGE = (
        "too_large",
        _("This file is too large when unpacked. Please delete empty rows and columns, or split it."),
    )
    PROTECTED = "protected", _("This file is password-protected. Please save it without a password.")
    TOO_MANY_ROWS = "too_many_rows", _("Too many rows for a roster (maximum 100,000).")
    TOO_MANY_MERGED = "too_many_merged", _("There are too many merged cells.")
    NO_SHEET = "no_sheet", _("No sheet has roster columns. Please explain the columns below.")
    REFUSED = "refused", _("One step failed unexpectedly and nothing was changed. Please compare again.")
