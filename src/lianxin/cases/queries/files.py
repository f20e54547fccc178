"""Files of cases, for those who see them."""

from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import MessageKind, Relation
from lianxin.cases.models import Attachment, Case
from lianxin.cases.queries.case_detail import get_case_for
from lianxin.cases.workflow import ReceiptHolder
from lianxin.kernel.errors import NotFound
from lianxin.org.queries import Person


def get_attachment_for(viewer: Person | ReceiptHolder, attachment_id: UUID) -> Attachment:
    """The file, if it belongs to something that the viewer may read.

    Raises:
        NotFound: there is no such file, or it is not for the viewer.
    """
    found = Attachment.objects.select_related("message").filter(pk=attachment_id).first()
    if found is None or not (_in_sight(viewer, found) or _in_reply_to_joined(viewer, found)):
        raise NotFound(_("File not found, or you do not have access to it."))
    return found


def _in_sight(viewer: Person | ReceiptHolder, attachment: Attachment) -> bool:
    try:
        case = get_case_for(viewer, attachment.case_id)
    except NotFound:
        return False
    internal = attachment.message is not None and attachment.message.internal
    return not (internal and Relation.REQUESTER in policies.relations_of(viewer, case))


def _in_reply_to_joined(viewer: Person | ReceiptHolder, attachment: Attachment) -> bool:
    """Whether it came with a reply to the case into which one of the viewer's own was merged."""
    message = attachment.message
    if message is None or message.internal or message.kind != MessageKind.REPLY:
        return False
    joined = Case.objects.filter(primary=attachment.case_id)
    own = joined.filter(pk=viewer.case_id) if isinstance(viewer, ReceiptHolder) else joined.raised_by(viewer)
    return own.exists()
