"""The words of the organisation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitKind(TextChoices):
    ENTERPRISE = "enterprise", _("enterprise")
    COMPANY = "company", _("company")
    DEPARTMENT = "department", _("department")
    TEAM = "team", _("team")


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
