"""What the pages of the organisation have in common: who gets in, lists, forms."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from lianxin.kernel.access import View, sign_in_required, viewer_of
from lianxin.kernel.views import ServiceFormView
from lianxin.org.policies import ACTIONS, Target, may, require
from lianxin.org.queries import Person

PER_PAGE = 50


def permission_required(action: str) -> Callable[[View], View]:
    """A page for those who may `action` (somewhere, or wherever they are); others are asked to sign in or refused."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            viewer = viewer_of(request)
            require(viewer, action, Target(person_id=viewer.pk))
            return view(request, *args, **kwargs)

        return sign_in_required(checked)

    return decorate


def possible(viewer: Person, matter: Target) -> dict[str, bool]:
    """Every action, and whether the viewer may do it here: what a page offers."""
    return {action: may(viewer, action, matter) for action in ACTIONS}


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page of a list that the address names."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


class OrgFormView(ServiceFormView):
    """A form that leads to one service of the organisation, for those who may `action`."""

    action = "administer_organisation"

    def has_permission(self, viewer: Person) -> bool:
        return may(viewer, self.action, Target(person_id=viewer.pk))
