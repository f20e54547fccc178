"""Anonymous cases, and what is done with a receipt, on their way through the spool (`kernel.spool`)."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from lianxin.kernel import spool, timezone
from lianxin.kernel.crypto import seal_bytes, unseal_bytes
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.files import CleanFile, open_stored, store

log = logging.getLogger(__name__)

NEW_CASE, ACT = "case", "act"
_FILE = "spool-file"
_LENGTH_BYTES = 8
MOST_ACTS = 10
"""So much may wait on one case."""
MOST_KEPT = 300
"""Characters that are kept of what could not be passed on; its sender has a cell for it."""


def put_case(
    case_id: UUID, receipt: bytes, content: Mapping[str, Any], files: Sequence[CleanFile], *, at_once: bool
) -> None:
    """Let a new case wait under the id that it will have, with what is kept of its receipt and what
    `intake.deliver_case` takes; `at_once` within a minute, otherwise until the full hour.
    """
    said = {**content, "case": str(case_id), "receipt": receipt.hex(), "files": _put_files(files)}
    spool.put(spool.Message(kind=NEW_CASE, content=said, due=_due(at_once=at_once), group=str(case_id)))


def find_by_receipt(receipt: bytes, *, fresh: bool = False) -> spool.Message | None:
    """The new case that waits under a receipt (`fresh`: see `spool.waiting`)."""
    found = (one for one in spool.waiting(NEW_CASE, fresh=fresh) if one.content["receipt"] == receipt.hex())
    return next(found, None)


def find_case(case_id: UUID, *, fresh: bool = False) -> spool.Message | None:
    """The new case that waits under an id."""
    return next((one for one in spool.waiting(NEW_CASE, fresh=fresh) if one.content["case"] == str(case_id)), None)


def put_act(case_id: UUID, action: str, said: Mapping[str, Any], files: Sequence[CleanFile], *, at_once: bool) -> None:
    """Let something wait that was done with the receipt of a case; done twice alike, it counts once.

    Raises:
        ValidationFailed: too much waits already, or the case will have been withdrawn.
    """
    before = [act for act in acts_on(case_id) if not act.refused]
    if any(act.content["action"] == action and act.content["said"] == said for act in before):
        return
    if len(before) >= MOST_ACTS or any(act.content["action"] == "withdraw" for act in before):
        raise ValidationFailed({"": _("What you sent before has to be passed on first. Please come back then.")})
    content = {"case": str(case_id), "action": action, "said": dict(said), "files": _put_files(files)}
    position = 1 + max((act.position for act in before), default=0)
    due = max([_due(at_once=at_once), *(act.due for act in before)])
    spool.put(spool.Message(kind=ACT, content=content, due=due, group=str(case_id), position=position))


def acts_on(case_id: UUID, *, fresh: bool = False) -> list[spool.Message]:
    """What was done with the receipt of a case and waits, or could not be done, in its order."""
    return [one for one in spool.waiting(ACT, fresh=fresh) if one.content["case"] == str(case_id)]


def words_of(said: Mapping[str, Any]) -> str:
    """What a requester wrote with something that they did."""
    return str(said.get("text") or said.get("comment") or "")


def goes_at_once(message: spool.Message) -> bool:
    """Whether it is passed on within a minute, instead of at a full hour."""
    return message.due != timezone.to_the_hour(message.due)


def shortened(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is kept of an act that could not be done, for its sender."""
    words = words_of(content["said"])
    kept = words if len(words) <= MOST_KEPT else words[: MOST_KEPT - 1] + "…"
    return {"case": content["case"], "action": content["action"], "said": {"text": kept}, "files": []}


def files_of(content: Mapping[str, Any]) -> list[CleanFile]:
    """The files of a message that is delivered now. Where they waited they are removed two days later
    (`attachments.remove_stray_files`), so that a backup that is made meanwhile has them; one that is gone is left out.
    """
    files = []
    for told in content["files"]:
        try:
            with open_stored(told["key"]) as stored:
                plain = unseal_bytes(_FILE, stored.read(), bound_to=told["bound_to"])
        except FileNotFoundError:
            log.error("A file that waited in the spool is gone.")  # noqa: TRY400 - what it is called tells nothing
            continue
        length = int.from_bytes(plain[:_LENGTH_BYTES])
        files.append(CleanFile(plain[_LENGTH_BYTES : _LENGTH_BYTES + length], *told["described"]))
    return files


def keys_in_use() -> set[str]:
    """The keys of files that wait."""
    waiting = [*spool.waiting(NEW_CASE), *spool.waiting(ACT)]
    return {told["key"] for message in waiting for told in message.content["files"]}


def _due(*, at_once: bool) -> datetime:
    """Now, or the next full hour; in its last minute the one after it, as until then it may not be in yet."""
    now = timezone.now()
    return now if at_once else timezone.to_the_hour(now + timedelta(minutes=1)) + timedelta(hours=1)


def _put_files(files: Sequence[CleanFile]) -> list[dict[str, Any]]:
    """Store files sealed and filled up to a power of two, so that they are not known again by their size."""
    return [_put_file(file) for file in files]


def _put_file(file: CleanFile) -> dict[str, Any]:
    bound_to = str(uuid4())
    plain = len(file.content).to_bytes(_LENGTH_BYTES) + file.content
    padded = plain.ljust(1 << (len(plain) - 1).bit_length(), b"\0")
    sealed = CleanFile(seal_bytes(_FILE, padded, bound_to=bound_to), "application/octet-stream", "bin", "")
    described = [file.content_type, file.extension, file.name, file.width, file.height]
    return {"key": store(sealed), "bound_to": bound_to, "described": described}
