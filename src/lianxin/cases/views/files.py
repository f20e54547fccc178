"""Files of cases: shown if they are pictures, otherwise downloaded."""

from datetime import timedelta
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.accounts.policies import unidentified
from lianxin.cases.forms.fields import accept_upload, told
from lianxin.cases.queries import get_attachment_for
from lianxin.cases.services.requester import Requester
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.client_ip import client_address
from lianxin.kernel.crowds import Limit
from lianxin.kernel.errors import NotFound
from lianxin.kernel.files import FileRejected, StorageFull, content_disposition, open_stored

CHECKS = Limit(per_source=60, together=300, window=timedelta(minutes=10))
"""Beyond these numbers files are looked at only when they are sent: cleaning takes time, and anybody may ask for it."""


@unidentified
@never_cache
@require_POST
def check_file(request: HttpRequest) -> HttpResponse:
    """Why a file that was just chosen cannot be taken, as plain text; nothing where it can. Nothing of it is kept."""
    upload, refused = request.FILES.get("file"), ""
    if upload and CHECKS.allows(client_address(request)):
        try:
            accept_upload(upload)
        except FileRejected as refusal:
            refused = told(refusal)
        except StorageFull:
            pass  # said when it is sent: then there may be room
    return HttpResponse(refused, content_type="text/plain; charset=utf-8")


@require_safe
@sign_in_required
def file(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """A file that the viewer may read."""
    return send(viewer_of(request), attachment_id)


def send(reader: Requester, attachment_id: UUID) -> HttpResponseBase:
    """The file as the browser gets it: with its own type and nothing that could run.

    Raises:
        NotFound: there is no such file, or it is not for the reader.
    """
    attachment = get_attachment_for(reader, attachment_id)
    try:
        content = open_stored(attachment.key)
    except FileNotFoundError as error:
        raise NotFound(_("File not found, or you do not have access to it.")) from error
    response = FileResponse(content, content_type=attachment.content_type)
    response["Content-Length"] = str(attachment.size)
    response["Content-Disposition"] = content_disposition(attachment.name, inline=attachment.is_image)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
