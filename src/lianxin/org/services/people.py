"""People: added, put right, moved, gone, back; and their posts."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.email_address import normal_email
from lianxin.kernel.errors import ValidationFailed
from lianxin.ledger.services import append_events
from lianxin.org.events import (
    person_corrected,
    person_left,
    person_returned,
)
from lianxin.org.models import Employment, PartyOrganisation, Person, Post, Unit, is_phone, normal_number, normal_phone
from lianxin.org.policies import Target, require
from lianxin.org.queries import place_paths
from lianxin.org.services.record import check, collapse_spaces, event_of, fetch, fetch_all, not_after_today, note
from lianxin.org.services.roles import end_all_roles
from lianxin.org.services.trees import fetch_all_living, fetch_living
from lianxin.ui.formatting import full_date


def _identify(person: Person, *, name: str, employee_no: str, phone: str, email: str) -> None:
    """Set and check what identifies somebody, and where codes for them go."""
    person.name, person.employee_no = collapse_spaces(name), normal_number(employee_no)
    person.phone = normal_phone(phone) or None
    check(person, "name", "employee_no", "phone", unique=False)
    if person.phone and not is_phone(person.phone):
        raise ValidationFailed({"phone": _("Please enter the phone number in digits.")})
    try:
        person.email = normal_email(email) if email else ""
    except ValueError as error:
        raise ValidationFailed({"email": _("Please enter an address such as name@example.com.")}) from error


def _check_numbers(people: Sequence[Person]) -> None:
    """Insist that nobody signs in with the number or phone of another, neither of these people nor anybody else.

    Who has left gives up a phone that was passed on.
    """
    by_number = {person.employee_no.casefold(): person for person in people}
    by_phone = {person.phone: person for person in people if person.phone}
    if len(by_number) < len(people) or len(by_phone) < sum(bool(person.phone) for person in people):
        raise ValidationFailed({"employee_no": _("This employee number is already in use.")})
    if any(by_phone.get(person.employee_no, person) is not person for person in people):
        raise ValidationFailed({"phone": _("This employee number belongs to someone else.")})
    numbers = {person.employee_no for person in people}
    same = Q(upper_no__in={number.upper() for number in numbers})
    same |= Q(phone__in=numbers | by_phone.keys()) | Q(employee_no__in=by_phone.keys())
    others = Person.objects.alias(upper_no=Upper("employee_no")).filter(same)
    for other in others.exclude(pk__in=[person.pk for person in people if person.pk]):
        if other.employee_no.casefold() in by_number:
            raise ValidationFailed({"employee_no": _("This employee number is already in use.")})
        if other.employee_no in by_phone:
            raise ValidationFailed({"phone": _("This employee number belongs to someone else.")})
        if other.left_on is None and other.phone in numbers:
            raise ValidationFailed({"employee_no": _("This phone number belongs to someone else.")})
        if other.left_on is None:
            raise ValidationFailed({"phone": _("This phone number is already in use.")})
        other.phone = None
        other.save(update_fields=["phone"])
        note(None, other, "correct", fields=["phone"])


@contextmanager
def _unique_numbers() -> Iterator[None]:
    """Numbers were checked; what the database still refuses was entered by somebody else at the same time."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        said = _("Someone has just entered this employee number or phone.")
        raise ValidationFailed({"employee_no": said}) from error


def _fetch_all(actor: Person | None, ids: Collection[int]) -> dict[int, Person]:
    """Read and lock people within the actor's reach, by id."""
    people = fetch_all(Person, ids)
    paths = place_paths(ids)
    for person_id in people:
        require(actor, "manage_people", Target(paths.get(person_id, "")))
    return people


def _fetch(actor: Person | None, person_id: int) -> Person:
    return _fetch_all(actor, [person_id])[person_id]


def _fetch_present(actor: Person | None, person_id: int) -> Person:
    person = _fetch(actor, person_id)
    if person.left_on:
        raise ValidationFailed({"": _("This person has left.")})
    return person


def _employment(person: Person, unit: Unit, job_title: str, started_on: date) -> Employment:
    """A checked employment, not saved."""
    employment = Employment(person=person, unit=unit, job_title=collapse_spaces(job_title), started_on=started_on)
    check(employment, "job_title")
    return employment


def _employ(person: Person, unit: Unit, job_title: str, started_on: date) -> Employment:
    employment = _employment(person, unit, job_title, started_on)
    employment.save()
    return employment


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """Somebody to be added; without `started_on` they work there from today on."""

    name: str
    employee_no: str
    unit_id: int
    phone: str = ""
    email: str = ""
    job_title: str = ""
    started_on: date | None = None


def add_person(
    *,
    actor: Person | None,
    name: str,
    employee_no: str,
    unit_id: int,
    phone: str = "",
    email: str = "",
    job_title: str = "",
    started_on: date | None = None,
) -> Person:
    """Add somebody who works at a unit from a day on (default: today).

    Raises:
        NotFound, PermissionDenied: no such unit, or it is outside the actor's reach.
        ValidationFailed: the employee number or the phone is taken, the name is empty, the unit has been ended.
    """
    newcomer = NewPerson(
        name=name,
        employee_no=employee_no,
        unit_id=unit_id,
        phone=phone,
        email=email,
        job_title=job_title,
        started_on=started_on,
    )
    return add_people(actor=actor, newcomers=[newcomer])[0]


@transaction.atomic
def add_people(*, actor: Person | None, newcomers: Sequence[NewPerson]) -> list[Person]:
    """Add people, all or none, in as many statements as for one.

    Raises:
        NotFound, PermissionDenied, ValidationFailed: as `add_person`, for one of them.
    """
    units = fetch_all_living(Unit, [each.unit_id for each in newcomers], "unit")
    people = []
    for each in newcomers:
        require(actor, "manage_people", Target(units[each.unit_id].path))
        person = Person()
        _identify(person, name=each.name, employee_no=each.employee_no, phone=each.phone, email=each.email)
        people.append(person)
    _check_numbers(people)
    with _unique_numbers():
        Person.objects.bulk_create(people)
    employments = [
        _employment(person, units[each.unit_id], each.job_title, each.started_on or timezone.today())
        for person, each in zip(people, newcomers, strict=True)
    ]
    Employment.objects.bulk_create(employments)
    append_events(
        event_of(actor, stay.person, "add", unit=stay.unit_id, started_on=stay.started_on) for stay in employments
    )
    return people


@transaction.atomic
def correct_person(
    *,
    actor: Person | None,
    person_id: int,
    name: str,
    employee_no: str,
    phone: str = "",
    email: str = "",
) -> Person:
    """Put somebody's name, employee number, phone and work email right.

    Raises:
        NotFound, PermissionDenied: no such person, or they are outside the actor's reach.
        ValidationFailed: the employee number or the phone is taken, the name is empty.
    """
    person = _fetch(actor, person_id)
    names = ("name", "employee_no", "phone", "email")
    before = {field: getattr(person, field) for field in names}
    _identify(person, name=name, employee_no=employee_no, phone=phone, email=email)
    _check_numbers([person])
    fields = [field for field in names if getattr(person, field) != before[field]]
    if fields:
        with _unique_numbers():
            person.save()
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
        NotFound, PermissionDenied: no such person or unit, or one of them is outside the actor's reach.
        ValidationFailed: the day is to come or before the present employment, the person has left, the unit has been
            ended.
    """
    started_on = started_on or timezone.today()
    person = _fetch_present(actor, person_id)
    unit = fetch_living(Unit, unit_id, "unit")
    require(actor, "manage_people", Target(unit.path))
    not_after_today(started_on, "started_on")
    present = person.employments.filter(ended_on__isnull=True).first()
    if present and started_on < present.started_on:
        raise ValidationFailed(
            {"started_on": _("Please enter %(day)s or a later date.") % {"day": full_date(present.started_on)}}
        )
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
    today = timezone.today()
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
        NotFound, PermissionDenied: no such person, or they are outside the actor's reach.
        ValidationFailed: they have left, the day is to come or before they began, or nobody else would be an
            administrator of their kind.
    """
    last_day = last_day or timezone.today()
    person = _fetch_present(actor, person_id)
    not_after_today(last_day, "last_day")
    present = person.employments.get(ended_on__isnull=True)
    if last_day < present.started_on:
        raise ValidationFailed(
            {"last_day": _("Please enter %(day)s or a later date.") % {"day": full_date(present.started_on)}}
        )
    end_all_roles(actor, person, last_day=min(last_day, timezone.today() - timedelta(days=1)))
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
        NotFound, PermissionDenied: no such person or unit, or one of them is outside the actor's reach.
        ValidationFailed: they have not left, the day is not after their last one, the unit has been ended.
    """
    started_on = started_on or timezone.today()
    person = _fetch(actor, person_id)
    unit = fetch_living(Unit, unit_id, "unit")
    require(actor, "manage_people", Target(unit.path))
    if person.left_on is None:
        raise ValidationFailed({"": _("This person has not left.")})
    if started_on <= person.left_on:
        raise ValidationFailed(
            {"started_on": _("Please enter a date after %(day)s.") % {"day": full_date(person.left_on)}}
        )
    person.left_on = None
    person.save(update_fields=["left_on"])
    _employ(person, unit, job_title, started_on)
    note(actor, person, "return", unit=unit.pk, started_on=started_on)
    person_returned.send(sender=Person, person_id=person.pk)
    return person


@dataclass(frozen=True, kw_only=True)
class NewPost:
    """A post to be given, at a unit or in a Party organisation; without `started_on` from today on."""

    person_id: int
    name: str
    unit_id: int | None = None
    party_organisation_id: int | None = None
    started_on: date | None = None


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
        NotFound, PermissionDenied: no such person or place, or one of them is outside the actor's reach.
        ValidationFailed: neither or both places are given, one has been ended, the name is empty, the person has left.
    """
    wanted = NewPost(
        person_id=person_id,
        name=name,
        unit_id=unit_id,
        party_organisation_id=party_organisation_id,
        started_on=started_on,
    )
    return give_posts(actor=actor, wanted=[wanted])[0]


@transaction.atomic
def give_posts(*, actor: Person | None, wanted: Sequence[NewPost]) -> list[Post]:
    """Give posts, all or none, in as many statements as for one.

    Raises:
        NotFound, PermissionDenied, ValidationFailed: as `give_post`, for one of them.
    """
    people = _fetch_all(actor, [each.person_id for each in wanted])
    if any(person.left_on for person in people.values()):
        raise ValidationFailed({"": _("This person has left.")})
    if any((each.unit_id is None) == (each.party_organisation_id is None) for each in wanted):
        raise ValidationFailed({"": _("Please choose either a unit or a Party organisation.")})
    units = fetch_all_living(Unit, [each.unit_id for each in wanted if each.unit_id], "unit")
    organisation_ids = [each.party_organisation_id for each in wanted if each.party_organisation_id]
    organisations = fetch_all_living(PartyOrganisation, organisation_ids, "party_organisation", "unit")
    posts = []
    for each in wanted:
        post = Post(
            person=people[each.person_id],
            name=collapse_spaces(each.name),
            unit=units[each.unit_id] if each.unit_id else None,
            party_organisation=organisations[each.party_organisation_id] if each.party_organisation_id else None,
            started_on=each.started_on or timezone.today(),
        )
        require(actor, "manage_posts", Target(post.path))
        check(post, "name")
        posts.append(post)
    Post.objects.bulk_create(posts)
    append_events(
        event_of(
            actor,
            post.person,
            "give_post",
            post=post.pk,
            unit=post.unit_id,
            party_organisation=post.party_organisation_id,
            name=post.name,
        )
        for post in posts
    )
    return posts


@transaction.atomic
def end_post(*, actor: Person | None, post_id: int, last_day: date | None = None) -> Post:
    """Record that a post ended on a day (default: today).

    Raises:
        NotFound, PermissionDenied: there is none such, or it is outside the actor's reach.
        ValidationFailed: it has ended, or the day is before it began.
    """
    last_day = last_day or timezone.today()
    post = fetch(Post, post_id)
    require(actor, "manage_posts", Target(post.path))
    if post.ended_on:
        raise ValidationFailed({"": _("This has already ended.")})
    if last_day < post.started_on:
        raise ValidationFailed({"last_day": _("This is before its start date.")})
    post.ended_on = last_day
    post.save(update_fields=["ended_on"])
    note(actor, post.person, "end_post", post=post.pk, last_day=last_day)
    return post
