"""The checkpoint of the day leaves the house, so that nobody in it can change what it says."""

from django.db import transaction

from lianxin.board.enums import RecordNotice
from lianxin.ledger.queries import checkpoint_of_the_day
from lianxin.notifications.services import notify, recipients_of
from lianxin.org.enums import Role
from lianxin.org.queries import holders, root_unit

RECORD = "ledger.checkpoint"


@transaction.atomic
def send_checkpoint() -> int:
    """Tell the audit administrators today's checkpoint, once; return how many were told."""
    newest, root = checkpoint_of_the_day(), root_unit()
    if newest is None or root is None:
        return 0
    size = newest.batch.size
    told = set(holders(Role.AUDIT_ADMIN, root.path)) - recipients_of(RECORD, size)
    notify(kind=RecordNotice.CHECKPOINT, recipients=told, subject_type=RECORD, subject_id=size, label="")
    return len(told)
