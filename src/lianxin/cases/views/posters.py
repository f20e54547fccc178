"""Posters for the wall: scanned, they open the form with their unit already chosen."""

from urllib.parse import urlencode

import segno
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lianxin.cases.queries.posters import AT_ONCE, may_post, poster_units, units_to_post
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import NotFound
from lianxin.kernel.public_url import absolute

PER_PAGE = 50


@require_safe
@sign_in_required
def posters(request: HttpRequest) -> HttpResponse:
    """Which unit's poster to print."""
    viewer = viewer_of(request)
    if not may_post(viewer):
        raise NotFound
    text = request.GET.get("q", "").strip()[:50]
    page = Paginator(poster_units(viewer=viewer, text=text), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "cases/posters/choose.html", {"page": page, "text": text, "address": absolute("/")})


@require_safe
@sign_in_required
def poster(request: HttpRequest) -> HttpResponse:
    """The poster of the unit with the code `unit`, one sheet of A4; with `below`, those of the units below it too."""
    asked = request.GET
    if not absolute("/"):
        return redirect("cases:posters")  # which says what is missing
    units = units_to_post(
        viewer=viewer_of(request), code=asked.get("unit", ""), with_those_below=bool(asked.get("below"))
    )
    sheets = [(unit, *_address(unit.code)) for unit in units]
    return render(request, "cases/posters/print.html", {"sheets": sheets, "at_once": AT_ONCE})


def _address(code: str) -> tuple[str, str]:
    """The form's address with the unit chosen, and the same as a picture to scan that still reads when torn."""
    address = f"{absolute(reverse('cases:submit'))}?{urlencode({'at': code})}"
    return address, segno.make(address, error="q", micro=False).svg_data_uri(scale=8, border=2, light="#fff")
