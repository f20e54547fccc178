"""Files that belong to a case or to one of its messages."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from lianxin.cases.enums import Identity
from lianxin.cases.models import Attachment, Case
from lianxin.cases.services.spooled import keys_in_use
from lianxin.kernel.files import CleanFile, delete_stored, delete_strays, store

HIDDEN_IDENTITIES = frozenset({Identity.CONFIDENTIAL, Identity.ANONYMOUS})


def attach(case: Case, files: Sequence[CleanFile], *, to_latest_message: bool = False) -> list[Attachment]:
    """Store checked files and note them, inside the transaction of the act; if it fails, the stored files go again.

    In a confidential or anonymous case the names of files may tell who raised it: they are replaced, whoever adds
    the file, and kept nowhere.
    """
    if not files:
        return []
    message = case.messages.order_by("-version").first() if to_latest_message else None
    hide_names = case.identity in HIDDEN_IDENTITIES
    before = case.attachments.count() if hide_names else 0
    rows: list[Attachment] = []
    try:
        for position, file in enumerate(files):
            name = neutral_name(before + position + 1, file.extension) if hide_names else file.name
            rows.append(
                Attachment(
                    case=case,
                    message=message,
                    name=name,
                    content_type=file.content_type,
                    size=len(file.content),
                    key=store(file),
                    position=position,
                )
            )
        with transaction.atomic():
            return Attachment.objects.bulk_create(rows)
    except Exception:
        for row in rows:
            delete_stored(row.key)
        raise


def neutral_name(number: int, extension: str) -> str:
    """A file name that tells nothing, in the enterprise's language: the writer's own choice would tell something."""
    with override(settings.LANGUAGE_CODE):
        return _("Attachment %(number)d") % {"number": number} + f".{extension}"


def remove_stray_files() -> int:
    """Delete stored files that belong to nothing, because a process was killed between storing and noting them."""
    waiting = keys_in_use()

    def in_use(keys: set[str]) -> set[str]:
        return set(Attachment.objects.filter(key__in=keys).values_list("key", flat=True)) | (keys & waiting)

    return delete_strays(in_use)
