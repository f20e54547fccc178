"""People: the list, one person, and what is recorded about them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.numbers import read_number
from lianxin.kernel.tables import Column
from lianxin.org import forms, queries, services
from lianxin.org.policies import may
from lianxin.org.queries import Person
from lianxin.org.views.shared import OrgFormView, page_of, permission_required, possible
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


class AddPerson(OrgFormView):
    title = gettext_lazy("Add a person")
    form_class = forms.AddPersonForm
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("Person added. The security administrator issues their sign-in code.")

    def get_initial(self) -> dict[str, Any]:
        return {"unit": read_number(self.request.GET.get("unit", "")) or ""}

    def service(self, **entered: Any) -> Person:
        return services.add_person(actor=self.viewer, **entered)

    def get_back_url(self) -> str:
        return reverse("org:people")

    def get_success_url(self) -> str:
        return reverse("org:person", args=[self.result.pk])


class PersonFormView(OrgFormView):
    """A form about one person."""

    def get_object(self) -> Person:
        return queries.person_for(viewer=self.viewer, person_id=self.kwargs["person_id"])

    def get_back_url(self) -> str:
        return reverse("org:person", args=[self.object.pk])


class CorrectPerson(PersonFormView):
    title = gettext_lazy("Correct the details of %(name)s")
    form_class = forms.PersonForm
    success_message = gettext_lazy("Changes saved.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in ("name", "employee_no", "phone", "email")}

    def service(self, **entered: Any) -> Any:
        return services.correct_person(actor=self.viewer, person_id=self.object.pk, **entered)


class MovePerson(PersonFormView):
    title = gettext_lazy("Transfer %(name)s to another unit")
    lead = gettext_lazy("Roles do not change; the security administrator decides about them.")
    form_class = forms.EmploymentForm
    submit_label = gettext_lazy("Record transfer")
    success_message = gettext_lazy("Transfer recorded.")

    def service(self, **entered: Any) -> Any:
        return services.move_person(actor=self.viewer, person_id=self.object.pk, **entered)


class RecordDeparture(PersonFormView):
    title = gettext_lazy("Record the departure of %(name)s")
    lead = gettext_lazy(
        "All roles end immediately and the person can no longer sign in. What they did stays on record."
    )
    form_class = forms.LastDayForm
    submit_label = gettext_lazy("Record departure")
    danger = True
    success_message = gettext_lazy("Departure recorded.")

    def service(self, **entered: Any) -> Any:
        return services.record_departure(actor=self.viewer, person_id=self.object.pk, **entered)


class TakeBackPerson(PersonFormView):
    title = gettext_lazy("Rehire %(name)s")
    form_class = forms.EmploymentForm
    success_message = gettext_lazy("The person has been rehired.")

    def service(self, **entered: Any) -> Any:
        return services.take_back_person(actor=self.viewer, person_id=self.object.pk, **entered)


class EnrolMember(PersonFormView):
    title = gettext_lazy("Party membership of %(name)s")
    lead = gettext_lazy("A membership in another Party organisation ends the day before.")
    form_class = forms.MembershipForm
    success_message = gettext_lazy("Membership recorded.")

    def service(self, **entered: Any) -> Any:
        return services.enrol_member(actor=self.viewer, person_id=self.object.pk, **entered)


class EndMembership(PersonFormView):
    title = gettext_lazy("End the Party membership of %(name)s")
    form_class = forms.LastDayForm
    submit_label = gettext_lazy("End membership")
    danger = True
    success_message = gettext_lazy("Membership ended.")

    def service(self, **entered: Any) -> Any:
        membership = get_object_or_404(self.object.memberships, pk=self.kwargs["membership_id"])
        return services.end_membership(actor=self.viewer, membership_id=membership.pk, **entered)


class GivePost(PersonFormView):
    title = gettext_lazy("Assign a post to %(name)s")
    lead = gettext_lazy("A post carries no system permissions; roles do.")
    form_class = forms.PostForm
    success_message = gettext_lazy("Post recorded.")

    def service(self, **entered: Any) -> Any:
        return services.give_post(actor=self.viewer, person_id=self.object.pk, **entered)


class EndPost(PersonFormView):
    title = gettext_lazy("End a post of %(name)s")
    form_class = forms.LastDayForm
    submit_label = gettext_lazy("End post")
    danger = True
    success_message = gettext_lazy("Post ended.")

    def service(self, **entered: Any) -> Any:
        post = get_object_or_404(self.object.posts, pk=self.kwargs["post_id"])
        return services.end_post(actor=self.viewer, post_id=post.pk, **entered)
