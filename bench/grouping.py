"""What grouping messages into matters costs, and how well it agrees with people: `python -m bench grouping`.

`python -m bench grouping 100000` measures what so many messages cost, mixed from the real ones.

The messages and labels are real and not in the repository; where they are not at hand, nothing is measured. Embeddings
are made once and kept in the data directory.
"""

import csv
import os
import re
import resource
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lianxin.kernel.spreadsheets import read_rows
from lianxin.nlp import embeddings
from lianxin.nlp.embedding_cache import embedded
from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.entities import Name, Names
from lianxin.nlp.grouping import group
from lianxin.nlp.measuring import agreement
from lianxin.nlp.tokenization import Message
from lianxin.nlp.topic_assignment import Matters, Outcome

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
COLUMNS = {"id": ("留言编号",), "title": ("留言主题",), "body": ("留言详情",)}
CODE = re.compile(r"[A-Z]\d{0,2}(?=[市县区])")
DISTRICT = re.compile(r"[A-Z]\d{0,2}[市县区]")
SENTENCE = re.compile("(?<=[。！？；])")
SHARES = (0.6, 0.3)
"""How many sentences of each of two messages make a mixed one."""
HALVES = 30
ONLINE_LABELS = 3
"""Online, only issues of at least so many labelled messages count: one is held back, and a pair must remain."""


def measure(words: Sequence[str] = ()) -> None:
    """Print quality beside cost, with and without meaning."""
    if not (SHARED / "messages.xlsx").exists():
        print("\ngrouping: the labelled messages are not at hand")
        return
    rows = [row.values for row in read_rows(SHARED / "messages.xlsx", COLUMNS)]
    ids = [str(row["id"]).removesuffix(".0") for row in rows]
    messages = [Message(str(row["title"] or "").strip(), str(row["body"] or "").strip()) for row in rows]
    if words:
        _many(int(words[0]), messages)
        return
    with (SHARED / "hot_issues_dev.csv").open(encoding="utf-8-sig") as file:
        labels = {row["message_id"]: row["issue_id"] for row in csv.DictReader(file)}
    labels = {message: f"alone {message}" if issue == "NEG" else issue for message, issue in labels.items()}
    names = _districts(messages)
    print(f"\ngrouping {len(messages)} messages (embeddings ready), {len(labels)} of them labelled")
    print(f"{'':30}{'pair F1':>9}{'macro B3':>10}{'halves':>16}{'CPU':>9}{'peak':>9}")
    _grouped("words only", ids, messages, None, labels)
    _grouped("words only, codes removed", ids, [_without_codes(message) for message in messages], None, labels)
    if embeddings.available():
        vectors = _vectors(messages)
        _grouped("words and meaning", ids, messages, vectors, labels)
        _grouped("… codes removed from words", ids, [_without_codes(each) for each in messages], vectors, labels)
        _grouped("… districts as names", ids, messages, vectors, labels, names=names)
        _online("words and meaning", ids, messages, vectors, labels)
        _online("… districts as names", ids, messages, vectors, labels, names=names)
    _grouped("words only, districts as names", ids, messages, None, labels, names=names)
    _online("words only", ids, messages, None, labels)


def _vectors(messages: list[Message]) -> Vectors:
    kept = Path(os.environ.get("LIANXIN_DATA_DIR", "data")) / "bench-embeddings.npz"
    kept.parent.mkdir(parents=True, exist_ok=True)
    return embedded([embeddings.excerpt(message.title, message.body) for message in messages], kept)


def _districts(messages: list[Message]) -> Names:
    """The corpus's districts as a list of names: A7 lies in A (A市A7县). A trial: nothing depends on them."""
    spelt: dict[str, set[str]] = {}
    for message in messages:
        for found in DISTRICT.findall(f"{message.title} {message.body}"):
            spelt.setdefault(found[:-1], set()).update((found, f"{found[0]}市{found}"))
    return Names(Name(tuple(sorted(spellings)), "place") for _code, spellings in sorted(spelt.items()))


def _without_codes(message: Message) -> Message:
    return Message(CODE.sub("", message.title), CODE.sub("", message.body))


def _grouped(
    name: str,
    ids: list[str],
    messages: list[Message],
    vectors: Vectors | None,
    labels: dict[str, str],
    *,
    names: Names | None = None,
) -> None:
    started = time.process_time()
    groups = group(messages, vectors, names=names)
    used = time.process_time() - started
    found = {ids[member]: str(number) for number, members in enumerate(groups) for member in members}
    whole = agreement(labels, found)
    pair, macro = _halves(labels, found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:30}{whole.pair_f1:9.3f}{whole.macro_b3:10.3f}{pair:9.3f}/{macro:.3f}{used:7.1f} s{peak:6.0f} MB",
        flush=True,
    )


def _halves(labels: dict[str, str], found: dict[str, str]) -> tuple[float, float]:
    """Means over random halves of the issues: how much the score hangs on single issues."""
    issues = sorted(set(labels.values()))
    scores = []
    for turn in range(HALVES):
        drawn = np.random.default_rng(turn).random(len(issues)) < 1 / 2
        chosen = {issue for issue, taken in zip(issues, drawn, strict=True) if taken}
        half = agreement({message: issue for message, issue in labels.items() if issue in chosen}, found)
        scores.append((half.pair_f1, half.macro_b3))
    pair, macro = np.mean(scores, axis=0)
    return float(pair), float(macro)


def _online(
    name: str,
    ids: list[str],
    messages: list[Message],
    vectors: Vectors | None,
    labels: dict[str, str],
    *,
    names: Names | None = None,
) -> None:
    """Hold back one labelled message of each issue at a time, and ask where it belongs."""
    place = {message: number for number, message in enumerate(ids)}
    sizes = Counter(labels.values())
    groups = group(messages, vectors, names=names)
    issue_of = {place[message]: issue for message, issue in labels.items()}
    look_alikes = [number for number, issue in issue_of.items() if sizes[issue] == 1]
    right = wrong = suggested = asked = taken = 0
    spent = 0.0
    for turn in range(ONLINE_LABELS):
        held = {
            place[members[turn]]: issue
            for issue in sizes
            if sizes[issue] >= ONLINE_LABELS
            for members in [sorted(message for message, label in labels.items() if label == issue)]
        }
        known = [(issue, [n for n, label in issue_of.items() if label == issue and n not in held]) for issue in sizes]
        matters = [(issue, members) for issue, members in known if len(members) > 1]
        matters += [("", rest) for members in groups if len(rest := [n for n in members if n not in issue_of]) > 1]
        index = Matters(messages, vectors, [members for _issue, members in matters], names=names)
        started = time.process_time()
        for number, issue in held.items():
            told = index.assign(messages[number], None if vectors is None else vectors[number])
            asked += 1
            suggested += told.outcome == Outcome.SUGGESTED
            if told.outcome == Outcome.ASSIGNED:
                right += matters[told.matter][0] == issue
                wrong += matters[told.matter][0] != issue
        spent += time.process_time() - started
        for number in look_alikes:
            told = index.assign(messages[number], None if vectors is None else vectors[number])
            taken += told.outcome == Outcome.ASSIGNED and matters[told.matter][0] != ""
    print(
        f"online, {name:22}{right / asked:7.3f} right{wrong / asked:7.3f} wrong{suggested / asked:7.3f} suggested"
        f"{taken / (ONLINE_LABELS * len(look_alikes)):7.3f} of look-alikes taken{spent / asked * 1000:7.1f} ms each",
        flush=True,
    )


def _many(number: int, messages: list[Message]) -> None:
    """So many messages, each with sentences of two real ones, and vectors between theirs: only the cost means much."""
    chance = np.random.default_rng(1)
    cut = [SENTENCE.split(message.body[:1000]) for message in messages]
    vectors = _vectors(messages)
    mixed, between = [], np.empty((number, vectors.shape[1]), dtype=np.float32)
    for n in range(number):
        one, other = chance.integers(len(messages), size=2).tolist()
        body = [part for part in cut[one] if chance.random() < SHARES[0]]
        body += [part for part in cut[other] if chance.random() < SHARES[1]]
        mixed.append(Message(messages[one].title, "".join(body)))
        between[n] = 0.8 * vectors[one] + 0.2 * vectors[other] + chance.normal(0, 0.004, vectors.shape[1])
    started = time.process_time()
    groups = group(mixed, between)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{number} mixed messages: {time.process_time() - started:.0f} s CPU, {peak:.0f} MB, {len(groups)} groups")


if __name__ == "__main__":
    measure()
