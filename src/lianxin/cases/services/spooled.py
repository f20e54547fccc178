"""Anonymous cases, and what is done with a receipt, on their way through the spool (`kernel.spool`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from lianxin.kernel import spool, timezone
from lianxin.kernel.crypto import seal_bytes, unseal_bytes
from lianxin.kernel.files import CleanFile, delete_stored, open_stored, store

NEW_CASE, ACT = "case", "act"
_FILE = "spool-file"
_LENGTH_BYTES = 8


def put_case(
    case_id: UUID, receipt: bytes, content: Mapping[str, Any], files: Sequence[CleanFile], *, at_once: bool
) -> None:
    """Let a new case wait under the id that it will have, with what is kept of its receipt and what
    `intake.deliver_case` takes; `at_once` within a minute, otherwise until the full hour.
    """
    said = {**content, "case": str(case_id), "receipt": receipt.hex(), "files": _put_files(files)}
    spool.put(spool.Message(kind=NEW_CASE, content=said, due=_due(at_once=at_once), group=str(case_id)))


def find_by_receipt(receipt: bytes) -> spool.Message | None:
    """The new case that waits under a receipt."""
    found = (message for message in spool.waiting(NEW_CASE) if message.content["receipt"] == receipt.hex())
    return next(found, None)


def find_case(case_id: UUID) -> spool.Message | None:
    """The new case that waits under an id."""
    return next((message for message in spool.waiting(NEW_CASE) if message.content["case"] == str(case_id)), None)


def put_act(case_id: UUID, action: str, said: Mapping[str, Any], files: Sequence[CleanFile], *, at_once: bool) -> None:
    """Let something wait that was done with the receipt of a case; done twice alike, it counts once."""
    before = acts_on(case_id)
    if any(message.content["action"] == action and message.content["said"] == said for message in before):
        return
    content = {"case": str(case_id), "action": action, "said": dict(said), "files": _put_files(files)}
    content["hour"] = timezone.this_hour().isoformat()
    position = 1 + max((message.position for message in before), default=0)
    due = _due(at_once=at_once)
    spool.put(spool.Message(kind=ACT, content=content, due=due, group=str(case_id), position=position))


def acts_on(case_id: UUID) -> list[spool.Message]:
    """What was done with the receipt of a case and waits, or could not be done, in its order."""
    return [message for message in spool.waiting(ACT) if message.content["case"] == str(case_id)]


def files_of(content: Mapping[str, Any]) -> list[CleanFile]:
    """The files of a message that is delivered now; where they waited they are removed when that is committed."""
    files = []
    for told in content["files"]:
        with open_stored(told["key"]) as stored:
            plain = unseal_bytes(_FILE, stored.read(), bound_to=told["bound_to"])
        length = int.from_bytes(plain[:_LENGTH_BYTES])
        data = plain[_LENGTH_BYTES : _LENGTH_BYTES + length]
        files.append(CleanFile(data, *told["described"]))
        transaction.on_commit(partial(delete_stored, told["key"]))
    return files


def keys_in_use() -> set[str]:
    """The keys of files that wait."""
    waiting = [*spool.waiting(NEW_CASE), *spool.waiting(ACT)]
    return {told["key"] for message in waiting for told in message.content["files"]}


def _due(*, at_once: bool) -> datetime:
    now = timezone.now()
    return now if at_once else timezone.to_the_hour(now) + timedelta(hours=1)


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
