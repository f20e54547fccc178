"""People: the list, one person, and what is recorded about them."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.numbers import read_number
from lianxin.kernel.tables import Column
from lianxin.org import forms, queries, services
from lianxin.org.policies import may
from lianxin.org.queries import Person
from lianxin.org.views.shared import answer_form, page_of, permission_required, possible
from lianxin.ui.components import Tab


@require_safe
@permission_required("browse_organisation")
def people(request: HttpRequest) -> HttpResponse:
    """Everybody within reach, by name, number or phone, below a unit."""
    viewer, text = viewer_of(request), request.GET.get("q", "").strip()
    unit_id = read_number(request.GET.get("unit", ""))
    left = request.GET.get("left") == "1"
    unit = queries.unit_for(viewer=viewer, unit_id=unit_id) if unit_id is not None else None
    here = f"unit={unit.pk}" if unit else ""
    context = {
        "text": text,
        "unit": unit,
        "left": left,
        "page": page_of(request, queries.people_for(viewer=viewer, text=text, unit=unit, left=left)),
        "tabs": [
            Tab(label=pgettext("people", "Current"), url=f"?{here}", current=not left),
            Tab(label=_("Have left"), url=f"?{here}&left=1".replace("?&", "?"), current=left),
        ],
        "columns": [
            Column(label=pgettext("person", "Name")),
            Column(label=_("Employee number")),
            Column(label=_("Unit")),
            Column(label=_("Job title"), wide_only=True),
        ],
        "may_add": may(viewer, "administer_organisation"),
    }
    return render(request, "org/people.html", context)


@require_safe
@permission_required("pick")
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """What is recorded about somebody, for administrators and for themselves, with who recorded it."""
    viewer = viewer_of(request)
    shown = queries.person_for(viewer=viewer, person_id=person_id)
    context = {
        "person": shown,
        "history": queries.history_of(shown),
        "may": possible(viewer, queries.permission_target(shown)),
    }
    return render(request, "org/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def add_person(request: HttpRequest) -> HttpResponse:
    unit = request.GET.get("unit", "")
    return answer_form(
        request,
        forms.AddPersonForm,
        services.add_person,
        title=_("Add a person"),
        back=reverse("org:people"),
        done=_("Person added. The security administrator issues their sign-in code."),
        action_label=_("Add"),
        initial={"unit": read_number(unit) or ""},
        then=lambda added: reverse("org:person", args=[added.pk]),
    )


def _about(
    request: HttpRequest,
    person_id: int,
    form_class: type[forms.OrgForm],
    act: Callable[..., Any],
    *,
    title: str,
    done: str,
    initial: Callable[[Person], dict[str, Any]] = lambda _person: {},
    **options: Any,
) -> HttpResponse:
    """A form about one person: `title` holds %(name)s."""
    shown = queries.person_for(viewer=viewer_of(request), person_id=person_id)
    return answer_form(
        request,
        form_class,
        act,
        title=title % {"name": shown.name},
        back=reverse("org:person", args=[person_id]),
        done=done,
        initial=initial(shown),
        **options,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def correct_person(request: HttpRequest, person_id: int) -> HttpResponse:
    return _about(
        request,
        person_id,
        forms.PersonForm,
        partial(services.correct_person, person_id=person_id),
        title=_("Correct the details of %(name)s"),
        done=_("Changes saved."),
        initial=lambda shown: {"name": shown.name, "employee_no": shown.employee_no, "phone": shown.phone},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def move_person(request: HttpRequest, person_id: int) -> HttpResponse:
    return _about(
        request,
        person_id,
        forms.EmploymentForm,
        partial(services.move_person, person_id=person_id),
        title=_("Transfer %(name)s to another unit"),
        done=_("Transfer recorded."),
        lead=_("Roles do not change; the security administrator decides about them."),
        action_label=_("Record transfer"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def leave(request: HttpRequest, person_id: int) -> HttpResponse:
    return _about(
        request,
        person_id,
        forms.LastDayForm,
        partial(services.record_departure, person_id=person_id),
        title=_("Record the departure of %(name)s"),
        done=_("Departure recorded."),
        lead=_("All roles end immediately and the person can no longer sign in. What they did stays on record."),
        action_label=_("Record departure"),
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def take_back(request: HttpRequest, person_id: int) -> HttpResponse:
    return _about(
        request,
        person_id,
        forms.EmploymentForm,
        partial(services.take_back_person, person_id=person_id),
        title=_("Rehire %(name)s"),
        done=_("The person has been rehired."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def enrol_member(request: HttpRequest, person_id: int) -> HttpResponse:
    return _about(
        request,
        person_id,
        forms.MembershipForm,
        partial(services.enrol_member, person_id=person_id),
        title=_("Party membership of %(name)s"),
        done=_("Membership recorded."),
        lead=_("A membership in another Party organisation ends the day before."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def end_membership(request: HttpRequest, person_id: int, membership_id: int) -> HttpResponse:
    return _about(
        request,
        person_id,
        forms.LastDayForm,
        partial(services.end_membership, membership_id=membership_id),
        title=_("End the Party membership of %(name)s"),
        done=_("Membership ended."),
        action_label=_("End membership"),
        danger=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def give_post(request: HttpRequest, person_id: int) -> HttpResponse:
    return _about(
        request,
        person_id,
        forms.PostForm,
        partial(services.give_post, person_id=person_id),
        title=_("Assign a post to %(name)s"),
        done=_("Post recorded."),
        lead=_("A post carries no system permissions; roles do."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def end_post(request: HttpRequest, person_id: int, post_id: int) -> HttpResponse:
    return _about(
        request,
        person_id,
        forms.LastDayForm,
        partial(services.end_post, post_id=post_id),
        title=_("End a post of %(name)s"),
        done=_("Post ended."),
        action_label=_("End post"),
        danger=True,
    )
