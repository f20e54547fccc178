"""The enterprise's places and equipment: the lists, and what can be done to them."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.tables import Column
from lianxin.org import queries, services
from lianxin.org.enums import OwnNameKind
from lianxin.org.forms import ConfirmForm, NameForm, NamesForm
from lianxin.org.policies import Target, may
from lianxin.org.views.shared import answer_form, page_of, permission_required
from lianxin.ui.components import Tab


@require_safe
@permission_required("administer_organisation")
def names(request: HttpRequest) -> HttpResponse:
    """The names of places and equipment, of both kinds or one, and with a text in them."""
    viewer, text, kind = viewer_of(request), request.GET.get("q", "").strip(), request.GET.get("kind", "")
    page = page_of(request, queries.names_for(viewer=viewer, kind=kind, text=text))
    kinds = [("", pgettext("own names", "All")), *OwnNameKind.choices]
    context = {
        "text": text,
        "kind": kind,
        "page": page,
        "rows": [(row, may(viewer, "keep_names", Target(row.unit.path if row.unit else ""))) for row in page],
        "tabs": [Tab(label=str(label), url=f"?kind={value}", current=kind == value) for value, label in kinds],
        "columns": [
            Column(label=_("Name")),
            Column(label=_("Kind")),
            Column(label=_("Other spellings")),
            Column(label=_("Unit"), wide_only=True),
        ],
    }
    return render(request, "org/names.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def add_names(request: HttpRequest) -> HttpResponse:
    kind = request.GET.get("kind", "")
    return answer_form(
        request,
        NamesForm,
        services.add_names,
        title=_("Add places or equipment"),
        lead=_("Paste them straight from your list. Existing entries stay unchanged."),
        back=reverse("org:names"),
        done=lambda added: (
            ngettext("%(number)d new name.", "%(number)d new names.", len(added)) % {"number": len(added)}
        ),
        action_label=_("Add"),
        initial={"kind": kind if kind in OwnNameKind else OwnNameKind.PLACE},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def change_name(request: HttpRequest, name_id: int) -> HttpResponse:
    shown = queries.name_for(viewer=viewer_of(request), name_id=name_id)
    return answer_form(
        request,
        NameForm,
        partial(services.change_name, name_id=name_id),
        title=_("Change %(name)s") % {"name": shown.name},
        back=reverse("org:names"),
        done=_("Changes saved."),
        initial={
            "kind": shown.kind,
            "name": shown.name,
            "others": "，".join(shown.others),
            "unit": shown.unit_id or "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def remove_name(request: HttpRequest, name_id: int) -> HttpResponse:
    shown = queries.name_for(viewer=viewer_of(request), name_id=name_id)
    return answer_form(
        request,
        ConfirmForm,
        partial(services.remove_name, name_id=name_id),
        title=_("Remove %(name)s from the list") % {"name": shown.name},
        lead=_("It is then treated as ordinary text. Cases do not change."),
        back=reverse("org:names"),
        done=_("Removed from the list."),
        action_label=_("Remove"),
    )
