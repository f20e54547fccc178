"""Units and Party organisations as two trees, people, and what ties them together over time.

All dates are calendar days where the enterprise is; `ended_on` is the last day, open while empty.
"""

from lianxin.org.models.people import (
    Employment,
    Membership,
    Person,
    Post,
    RoleAssignment,
    RoleGrant,
)
from lianxin.org.models.place_name import (
    OwnName,
)
from lianxin.org.models.roster import (
    RosterHeader,
    RosterImport,
    RosterLine,
    RosterProgress,
)
from lianxin.org.models.units import (
    DutyPhone,
    PartyOrganisation,
    PartyOrganisationMove,
    Unit,
    UnitMove,
    active_on,
    is_phone,
    normal_number,
    normal_phone,
)

__all__ = [
    "DutyPhone",
    "Employment",
    "Membership",
    "OwnName",
    "PartyOrganisation",
    "PartyOrganisationMove",
    "Person",
    "Post",
    "RoleAssignment",
    "RoleGrant",
    "RosterHeader",
    "RosterImport",
    "RosterLine",
    "RosterProgress",
    "Unit",
    "UnitMove",
    "active_on",
    "is_phone",
    "normal_number",
    "normal_phone",
]
