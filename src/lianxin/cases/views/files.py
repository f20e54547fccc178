"""Files of cases: shown if they are pictures, otherwise downloaded."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.cases.queries import get_attachment_for
from lianxin.cases.services.requester import Requester
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import NotFound
from lianxin.kernel.files import content_disposition, open_stored


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
