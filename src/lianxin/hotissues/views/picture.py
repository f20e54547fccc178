"""The picture: units × categories, each field opens the hot list behind it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.hotissues import queries
from lianxin.hotissues.views.hot import asked, frame
from lianxin.hotissues.views.places import address
from lianxin.kernel.access import sign_in_required


@never_cache
@require_safe
@sign_in_required
def picture(request: HttpRequest) -> HttpResponse:
    """Where which kind of matter is hot."""
    _viewer, form, scope, above = asked(request)
    found = queries.picture_of(scope)
    rows = [
        (
            unit,
            address(request, "picture", unit=unit.code) if unit != scope.unit else "",
            [
                (field, address(request, "hot", unit=unit.code, category=field.code) if unit != scope.unit else "")
                for field in fields
            ],
        )
        for unit, fields in found.rows
    ]
    context = {**frame(request, form, scope, above, "picture"), "categories": found.categories, "rows": rows}
    return render(request, "hotissues/picture.html", context)
