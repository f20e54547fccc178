"""`lianxin verify-record`: whether the record is what it was, and what was changed, removed or put in."""

import sys
from argparse import ArgumentParser
from base64 import b64encode
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from lianxin.kernel import timezone
from lianxin.kernel.cli_messages import Refusal, cause_of, say
from lianxin.ledger.notes import Note, Verifier, notes_in
from lianxin.ledger.proofs import Proof
from lianxin.ledger.queries.copying import tables_of_database
from lianxin.ledger.verification import Finding, Problem, Verified, summed, verify
from lianxin.operations.management.showing import passphrase_in
from lianxin.operations.services.record import record_in

WORDS = {
    Problem.CHANGED: ("改动了：{at} 的 {about}", "changed: {about}, of {at}"),
    Problem.REMOVED: ("删除了 {n} 个事件：第 {about} 批，{at}", "removed: {n} events of batch {about}, {at}"),
    Problem.INSERTED: ("插入了：写作 {at} 的 {about}", "inserted: {about}, which says {at}"),
    Problem.DOUBTFUL: ("改动或插入了：{at} 的 {about}", "changed or inserted: {about}, of {at}"),
    Problem.TREE: ("哈希树不对：第 {about} 批，{at}", "the tree is not right: batch {about}, {at}"),
    Problem.ERASED: ("没有依据的删除登记：{about}", "an erasure that is not on the record: {about}"),
    Problem.UNSIGNED: ("缺校验点：第 {about} 批，{at}", "a checkpoint is missing: batch {about}, {at}"),
    Problem.SIGNATURE: (
        "校验点不对，或者不是这份记录的密钥签的：第 {about} 批，{at}",
        "the checkpoint is wrong, or not signed by the record's key: batch {about}, {at}",
    ),
    Problem.UNKNOWN_NOTE: (
        "给出的校验点或密钥不属于这份记录：{about}",
        "the given checkpoint or key is not of this record: {about}",
    ),
    Problem.LATE: (
        "编入时已过了几个小时：写作 {at} 的 {about}",
        "recorded hours after the time it bears, {at}: {about}",
    ),
    Problem.LOST: (
        "给出的校验点之后恢复过较旧的备份，其间的事件没有了：{about}",
        "an older backup was restored after the given checkpoint, and what came between is lost: {about}",
    ),
    Problem.OTHER_HISTORY: (
        "和给出的校验点不一致，历史被改写过：{about}",
        "the record does not fit the given checkpoint; its history was rewritten: {about}",
    ),
}

MOST_LATE = 20


class Command(BaseCommand):
    help = (
        "See whether every event stands where it stood, and nothing was changed, removed or put in. "
        "Status 1 when something is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", type=Path, metavar="CHECKPOINT", action="append", default=[],
            help="a text with earlier checkpoints, such as a mail; may be given several times",
        )  # fmt: skip
        parser.add_argument("--key", metavar="KEY", help="the record's public key, as it hangs on the wall")
        parser.add_argument("--file", type=Path, help="a backup, or a dump by pg_dump; without a server")
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="the file with its passphrase")
        parser.add_argument("--proof", type=Path, metavar="FILE", help="a proof that somebody took along")

    def handle(
        self,
        *,
        since: list[Path],
        key: str | None,
        file: Path | None,
        passphrase_file: Path | None,
        proof: Path | None,
        **options: Any,
    ) -> None:
        notes = [note for path in since for note in _notes(path)]
        known = _key(key)
        if proof is not None:
            self._check_proof(_proof(proof), notes, known)
            return
        opened = record_in(file, passphrase_in(passphrase_file)) if file else tables_of_database
        found = verify(opened, since=notes, key=known)
        _tell(found)
        if found.findings:
            sys.exit(1)

    def _check_proof(self, proof: Proof, notes: list[Note], known: Verifier | None) -> None:
        same = [note for note in notes if (note.origin, note.size) == (proof.note.origin, proof.note.size)]
        fits = all(note.root == proof.note.root for note in same) and (known is None or known == proof.key)
        if not proof.holds() or not fits:
            say("✗ 证明不成立。", "✗ The proof does not hold.")
            sys.exit(1)
        event = proof.event
        number = event["data"].get("number") or f"{event['subject_type']} {event['subject_id']}"
        say(
            f"✓ {number} 在记录里：{event['action']}，{_shown(datetime.fromisoformat(event['at']))}。",
            f"✓ {number} is in the record: {event['action']}, {_shown(datetime.fromisoformat(event['at']))}.",
        )
        say(
            f"请和公布的校验点核对：{proof.note.origin}，{proof.note.size}，{b64encode(proof.note.root).decode()}",
            f"Compare with the published checkpoint: {proof.note.origin}, {proof.note.size}, "
            f"{b64encode(proof.note.root).decode()}",
        )
        if not (same or known):
            say(
                "没有给出公布的校验点（--since）或密钥（--key）：这里只看了证明本身。",
                "No published checkpoint (--since) or key (--key) was given: only the proof itself was looked at.",
            )


def _tell(found: Verified) -> None:
    for finding, number in summed(found.findings):
        line = _line(finding, number)
        say(f"✗ {line[0]}", f"✗ {line[1]}")
    for finding in found.late[:MOST_LATE]:
        line = _line(finding, 1)
        say(f"! {line[0]}", f"! {line[1]}")
    if (more := len(found.late) - MOST_LATE) > 0:
        say(f"! 这样的还有 {more} 个", f"! and {more} more like that")
    for origin in found.origins[1:]:
        say(
            f"! 记录从某时起改名为 {origin.name}（{origin.reason}）",
            f"! the record went on as {origin.name} ({origin.reason})",
        )
    if found.batches:
        root = b64encode(found.root).decode()
        say(
            f"{found.events} 个事件（{found.pending} 个等下一个整点），依法删除 {found.erased} 个，{found.batches} 批，"
            f"共 {found.size} 项，根 {root}；对照了 {found.compared} 个校验点。",
            f"{found.events} events ({found.pending} wait for the next full hour), {found.erased} erased by law, "
            f"{found.batches} batches, {found.size} entries, root {root}; compared with {found.compared} checkpoints.",
        )
    if found.findings:
        say("✗ 记录不是原来的样子。", "✗ The record is not what it was.")
    elif found.batches:
        say("✓ 记录完好。", "✓ The record is whole.")
    else:
        say("里面还没有校验点，要到下一个整点。", "It holds no checkpoint yet; the first comes at the next full hour.")


def _line(finding: Finding, number: int) -> tuple[str, str]:
    zh, en = WORDS[finding.problem]
    told = {"about": finding.about, "at": _shown(finding.at) if finding.at else "–", "n": number}
    return zh.format(**told), en.format(**told)


def _shown(moment: datetime) -> str:
    return moment.astimezone(timezone.zone()).strftime("%Y-%m-%d %H:%M")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refusal(f"{path} 不是文本文件。", f"{path} is not a text file.") from None
    except OSError as error:
        zh, en = cause_of(error)
        raise Refusal(f"读不了 {path}：{zh}。", f"Cannot read {path}: {en}.") from error


def _notes(path: Path) -> list[Note]:
    found = notes_in(_text(path))
    if not found:
        raise Refusal(f"{path} 里没有校验点。", f"There is no checkpoint in {path}.")
    return found


def _proof(path: Path) -> Proof:
    try:
        return Proof.parse(_text(path))
    except ValueError:
        raise Refusal(f"{path} 里没有记录证明。", f"There is no proof in {path}.") from None


def _key(key: str | None) -> Verifier | None:
    try:
        return Verifier.parse(key) if key else None
    except ValueError:
        raise Refusal("--key 不是记录的公钥。", "--key is not the public key of a record.") from None
