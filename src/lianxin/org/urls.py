from django.urls import path

from lianxin.org.views import calendar, party, people, picker, roles, trail, units

app_name = "org"

urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/add/", units.add_unit, name="add_unit"),
    path("units/<int:unit_id>/change/", units.rename_unit, name="rename_unit"),
    path("units/<int:unit_id>/move/", units.move_unit, name="move_unit"),
    path("units/<int:unit_id>/end/", units.end_unit, name="end_unit"),
    path("party/", party.party, name="party"),
    path("party/add/", party.add_party_organisation, name="add_party_organisation"),
    path("party/<int:pk>/", party.party_organisation, name="party_organisation"),
    path("party/<int:pk>/change/", party.rename_party_organisation, name="rename_party_organisation"),
    path("party/<int:pk>/move/", party.move_party_organisation, name="move_party_organisation"),
    path("party/<int:pk>/end/", party.end_party_organisation, name="end_party_organisation"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add_person, name="add_person"),
    path("people/<int:person_id>/", people.person, name="person"),
    path("people/<int:person_id>/change/", people.correct_person, name="correct_person"),
    path("people/<int:person_id>/move/", people.move_person, name="move_person"),
    path("people/<int:person_id>/leave/", people.leave, name="leave"),
    path("people/<int:person_id>/return/", people.take_back, name="take_back"),
    path("people/<int:person_id>/membership/", people.enrol_member, name="enrol_member"),
    path("people/<int:person_id>/membership/<int:membership_id>/end/", people.end_membership, name="end_membership"),
    path("people/<int:person_id>/post/", people.give_post, name="give_post"),
    path("people/<int:person_id>/post/<int:post_id>/end/", people.end_post, name="end_post"),
    path("roles/", roles.roles, name="roles"),
    path("roles/grant/", roles.grant_role, name="grant_role"),
    path("roles/<int:grant_id>/end/", roles.end_role, name="end_role"),
    path("calendar/", calendar.year, name="calendar"),
    path("calendar/<int:number>/", calendar.year, name="calendar_year"),
    path("calendar/day/", calendar.set_day, name="set_day"),
    path("calendar/day/remove/", calendar.remove_day, name="remove_day"),
    path("calendar/hours/", calendar.hours, name="hours"),
    path("trail/", trail.trail, name="trail"),
    path("pick/people/", picker.pick, {"url_name": "org:pick_people"}, name="pick_people"),
    path("pick/units/", picker.pick, {"url_name": "org:pick_units"}, name="pick_units"),
    path("pick/party/", picker.pick, {"url_name": "org:pick_party_organisations"}, name="pick_party_organisations"),
]
