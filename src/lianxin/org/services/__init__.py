"""What one can do to the organisation.

`actor` is who acts; None is the system itself (first set-up, sample, import).
"""

from lianxin.org.services.calendar import remove_day_override, set_business_hours, set_day_override
from lianxin.org.services.names import add_names, change_name, remove_name
from lianxin.org.services.party import (
    NewMember,
    add_party_organisation,
    end_membership,
    end_party_organisation,
    enrol_member,
    enrol_members,
    move_party_organisation,
    place_party_organisation,
    rename_party_organisation,
)
from lianxin.org.services.people import (
    NewPerson,
    NewPost,
    add_people,
    add_person,
    correct_person,
    end_post,
    give_post,
    give_posts,
    move_person,
    record_departure,
    take_back_person,
)
from lianxin.org.services.phones import set_duty_phones
from lianxin.org.services.roles import end_role, grant_role
from lianxin.org.services.units import add_unit, end_unit, found_enterprise, merge_unit, move_unit, rename_unit

__all__ = [
    "NewMember",
    "NewPerson",
    "NewPost",
    "add_names",
    "add_party_organisation",
    "add_people",
    "add_person",
    "add_unit",
    "change_name",
    "correct_person",
    "end_membership",
    "end_party_organisation",
    "end_post",
    "end_role",
    "end_unit",
    "enrol_member",
    "enrol_members",
    "found_enterprise",
    "give_post",
    "give_posts",
    "grant_role",
    "merge_unit",
    "move_party_organisation",
    "move_person",
    "move_unit",
    "place_party_organisation",
    "record_departure",
    "remove_day_override",
    "remove_name",
    "rename_party_organisation",
    "rename_unit",
    "set_business_hours",
    "set_day_override",
    "set_duty_phones",
    "take_back_person",
]
