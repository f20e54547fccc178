"""What a picker finds while somebody types: a fragment with the choices."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lianxin.kernel.access import viewer_of
from lianxin.org.views.shared import permission_required
from lianxin.ui.autocomplete import TooShort, find_choices


@require_safe
@permission_required("pick")
def pick(request: HttpRequest, url_name: str) -> HttpResponse:
    """The choices for `?field=colleague&colleague_q=…`."""
    name = request.GET.get("field", "")
    if not re.fullmatch(r"[\w-]{1,50}", name):
        raise Http404
    text = request.GET.get(f"{name}_q", "").strip()[:50]
    options, too_short = [], False
    try:
        options = find_choices(url_name, viewer=viewer_of(request), text=text) if text else []
    except TooShort:
        too_short = True
    context = {"name": name, "text": text, "options": options, "chosen": "", "too_short": too_short}
    return render(request, "ui/forms/picker_options.html", context)
