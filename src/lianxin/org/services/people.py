"""People: added, put right, moved, gone, back; and their posts."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.kernel import clock
from lianxin.kernel.errors import Invalid
from lianxin.org.events import (
    person_corrected,
    person_left,
    person_returned,
)
from lianxin.org.models import Employment, PartyOrganisation, Person, Post, Unit, is_phone, normal_number, normal_phone
from lianxin.org.policies import Matter, require
from lianxin.org.queries import place_path
from lianxin.org.services.record import check, fetch, not_after_today, note, tidy
from lianxin.org.services.roles import end_all_roles
from lianxin.org.services.trees import fetch_living


def _fill(person: Person, *, name: str, employee_no: str, phone: str) -> None:
    """Set and check what identifies somebody; neither number may be what another signs in with."""
    person.name, person.employee_no = tidy(name), normal_number(employee_no)
    person.phone = normal_phone(phone) or None
    check(person, "name", "employee_no", "phone", unique=False)
    if person.phone and not is_phone(person.phone):
        raise Invalid({"phone": _("Please enter the phone number in digits.")})
    _check_numbers(person)


def _check_numbers(person: Person) -> None:
    """Insist that nobody else signs in with one of the numbers; who has left gives up a phone that was passed on."""
    same = Q(employee_no__iexact=person.employee_no) | Q(phone=person.employee_no)
    if person.phone:
        same |= Q(phone=person.phone) | Q(employee_no=person.phone)
    for other in Person.objects.filter(same).exclude(pk=person.pk):
        if other.employee_no.casefold() == person.employee_no.casefold():
            raise Invalid({"employee_no": _("Somebody has this employee number already.")})
        if person.phone and other.employee_no == person.phone:
            raise Invalid({"phone": _("This is somebody's employee number.")})
        if other.left_on is None and other.phone == person.employee_no:
            raise Invalid({"employee_no": _("This is somebody's phone number.")})
        if other.left_on is None:
            raise Invalid({"phone": _("Somebody has this phone number already.")})
        other.phone = None
        other.save(update_fields=["phone"])
        note(None, other, "correct", fields=["phone"])


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        said = _("Somebody has entered this number or phone in this very moment.")
        raise Invalid({"employee_no": said}) from error


def _fetch(actor: Person | None, person_id: int) -> Person:
    person = fetch(Person, person_id)
    require(actor, "manage_people", Matter(place_path(person_id)))
    return person


def _fetch_present(actor: Person | None, person_id: int) -> Person:
    person = _fetch(actor, person_id)
    if person.left_on:
        raise Invalid({"": _("This person has left.")})
    return person


def _employ(person: Person, unit: Unit, job_title: str, started_on: date) -> Employment:
    employment = Employment(person=person, unit=unit, job_title=tidy(job_title), started_on=started_on)
    check(employment, "job_title")
    employment.save()
    return employment


@transaction.atomic
def add_person(
    *,
    actor: Person | None,
    name: str,
    employee_no: str,
    unit_id: int,
    phone: str = "",
    job_title: str = "",
    started_on: date | None = None,
) -> Person:
    """Add somebody who works at a unit from a day on (default: today).

    Raises:
        NotFound, NotAllowed: no such unit, or it is outside the actor's reach.
        Invalid: the employee number or the phone is taken, the name is empty, the unit has been ended.
    """
    unit = fetch_living(Unit, unit_id, "unit")
    require(actor, "manage_people", Matter(unit.path))
    person = Person()
    _fill(person, name=name, employee_no=employee_no, phone=phone)
    _save(person)
    employment = _employ(person, unit, job_title, started_on or clock.today())
    note(actor, person, "add", unit=unit.pk, started_on=employment.started_on)
    return person


@transaction.atomic
def correct_person(*, actor: Person | None, person_id: int, name: str, employee_no: str, phone: str = "") -> Person:
    """Put somebody's name, employee number and phone right.

    Raises:
        NotFound, NotAllowed: no such person, or they are outside the actor's reach.
        Invalid: the employee number or the phone is taken, the name is empty.
    """
    person = _fetch(actor, person_id)
    before = (person.name, person.employee_no, person.phone)
    _fill(person, name=name, employee_no=employee_no, phone=phone)
    after = (person.name, person.employee_no, person.phone)
    fields = [f for f, old, new in zip(("name", "employee_no", "phone"), before, after, strict=True) if old != new]
    if fields:
        _save(person)
        note(actor, person, "correct", fields=fields)
        person_corrected.send(sender=Person, person_id=person.pk, employee_no=person.employee_no)
    return person


@transaction.atomic
def move_person(
    *, actor: Person | None, person_id: int, unit_id: int, job_title: str = "", started_on: date | None = None
) -> Employment:
    """Record that somebody works at another unit, or under another title, from a day on (default: today).

    What was ends the day before; a move recorded for the very day on which it began replaces it.

    Raises:
        NotFound, NotAllowed: no such person or unit, or one of them is outside the actor's reach.
        Invalid: the day is to come or before the present employment, the person has left, the unit has been ended.
    """
    started_on = started_on or clock.today()
    person = _fetch_present(actor, person_id)
    unit = fetch_living(Unit, unit_id, "unit")
    require(actor, "manage_people", Matter(unit.path))
    not_after_today(started_on, "started_on")
    present = person.employments.filter(ended_on__isnull=True).first()
    if present and started_on < present.started_on:
        raise Invalid({"started_on": _("Please give %(day)s or a later day.") % {"day": present.started_on}})
    if present and started_on == present.started_on:
        present.delete()
    elif present:
        present.ended_on = started_on - timedelta(days=1)
        present.save(update_fields=["ended_on"])
    employment = _employ(person, unit, job_title, started_on)
    note(actor, person, "move", unit=[present.unit_id if present else None, unit.pk], started_on=started_on)
    return employment


def move_people(*, actor: Person | None, unit: Unit, into: Unit) -> None:
    """Move everybody who works right at a unit to another one, as of today, inside the caller's transaction."""
    today = clock.today()
    here = Employment.objects.filter(unit=unit, ended_on__isnull=True).select_related("person").order_by("id")
    for present in here.select_for_update(of=("self",)):
        if present.started_on >= today:
            present.unit = into
            present.save(update_fields=["unit"])
        else:
            present.ended_on = today - timedelta(days=1)
            present.save(update_fields=["ended_on"])
            _employ(present.person, into, present.job_title, today)
        note(actor, present.person, "move", unit=[unit.pk, into.pk], started_on=today)


@transaction.atomic
def record_departure(*, actor: Person | None, person_id: int, last_day: date | None = None) -> Person:
    """Record that somebody left, their last day being today (the default) or earlier; their roles end at once.

    Raises:
        NotFound, NotAllowed: no such person, or they are outside the actor's reach.
        Invalid: they have left, the day is to come or before they began, or nobody else would be an administrator
            of their kind.
    """
    last_day = last_day or clock.today()
    person = _fetch_present(actor, person_id)
    not_after_today(last_day, "last_day")
    present = person.employments.get(ended_on__isnull=True)
    if last_day < present.started_on:
        raise Invalid({"last_day": _("Please give %(day)s or a later day.") % {"day": present.started_on}})
    end_all_roles(actor, person, last_day=min(last_day, clock.today() - timedelta(days=1)))
    lasting = Q(ended_on__isnull=True) | Q(ended_on__gt=last_day)
    for rows in (person.employments, person.memberships, person.posts):
        rows.filter(lasting, started_on__gt=last_day).delete()
        rows.filter(lasting).update(ended_on=last_day)
    person.left_on = last_day
    person.save(update_fields=["left_on"])
    note(actor, person, "leave", last_day=last_day)
    person_left.send(sender=Person, person_id=person.pk)
    return person


@transaction.atomic
def take_back_person(
    *, actor: Person | None, person_id: int, unit_id: int, job_title: str = "", started_on: date | None = None
) -> Person:
    """Employ somebody again who had left, from a day on (default: today).

    Raises:
        NotFound, NotAllowed: no such person or unit, or one of them is outside the actor's reach.
        Invalid: they have not left, the day is not after their last one, the unit has been ended.
    """
    started_on = started_on or clock.today()
    person = _fetch(actor, person_id)
    unit = fetch_living(Unit, unit_id, "unit")
    require(actor, "manage_people", Matter(unit.path))
    if person.left_on is None:
        raise Invalid({"": _("This person has not left.")})
    if started_on <= person.left_on:
        raise Invalid({"started_on": _("Please give a day after %(day)s.") % {"day": person.left_on}})
    person.left_on = None
    person.save(update_fields=["left_on"])
    _employ(person, unit, job_title, started_on)
    note(actor, person, "return", unit=unit.pk, started_on=started_on)
    person_returned.send(sender=Person, person_id=person.pk)
    return person


@transaction.atomic
def give_post(
    *,
    actor: Person | None,
    person_id: int,
    name: str,
    unit_id: int | None = None,
    party_organisation_id: int | None = None,
    started_on: date | None = None,
) -> Post:
    """Record that somebody holds a post at a unit or in a Party organisation from a day on (default: today).

    Raises:
        NotFound, NotAllowed: no such person or place, or one of them is outside the actor's reach.
        Invalid: neither or both places are given, one has been ended, the name is empty, the person has left.
    """
    person = _fetch_present(actor, person_id)
    if (unit_id is None) == (party_organisation_id is None):
        raise Invalid({"": _("Please choose either a unit or a Party organisation.")})
    post = Post(person=person, name=tidy(name), started_on=started_on or clock.today())
    if unit_id is not None:
        post.unit = fetch_living(Unit, unit_id, "unit")
    elif party_organisation_id is not None:
        post.party_organisation = fetch_living(PartyOrganisation, party_organisation_id, "party_organisation")
    require(actor, "manage_posts", Matter(post.path))
    check(post, "name")
    post.save()
    note(
        actor, person, "give_post", post=post.pk, unit=unit_id, party_organisation=party_organisation_id, name=post.name
    )
    return post


@transaction.atomic
def end_post(*, actor: Person | None, post_id: int, last_day: date | None = None) -> Post:
    """Record that a post ended on a day (default: today).

    Raises:
        NotFound, NotAllowed: there is none such, or it is outside the actor's reach.
        Invalid: it has ended, or the day is before it began.
    """
    last_day = last_day or clock.today()
    post = fetch(Post, post_id)
    require(actor, "manage_posts", Matter(post.path))
    if post.ended_on:
        raise Invalid({"": _("This has ended already.")})
    if last_day < post.started_on:
        raise Invalid({"last_day": _("This is before it began.")})
    post.ended_on = last_day
    post.save(update_fields=["ended_on"])
    note(actor, post.person, "end_post", post=post.pk, last_day=last_day)
    return post
