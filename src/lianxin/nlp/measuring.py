"""How well a grouping or a classification agrees with people's judgement."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of a grouping with labels: pairs put together rightly, and B-cubed averaged over issues (large ones do not decide
    alone).
    """

    pair_precision: float
    pair_recall: float
    pair_f1: float
    macro_b3: float


def agreement(labels: Mapping[Any, Hashable], groups: Mapping[Any, Hashable]) -> Agreement:
    """Compare groups with labels over the labelled messages; one in no group stands alone."""
    group = {message: groups.get(message, ("alone", message)) for message in labels}
    cells = Counter((label, group[message]) for message, label in labels.items())
    issues, found = Counter(labels.values()), Counter(group.values())
    together, put, wanted = _pairs(cells), _pairs(found), _pairs(issues)
    scores = defaultdict(list)
    for message, label in labels.items():
        if issues[label] > 1:
            inside = cells[label, group[message]]
            scores[label].append((inside / found[group[message]], inside / issues[label]))
    precision, recall = together / put if put else 0.0, together / wanted if wanted else 0.0
    macro_precision = fmean(fmean(p for p, _r in rows) for rows in scores.values()) if scores else 0.0
    macro_recall = fmean(fmean(r for _p, r in rows) for rows in scores.values()) if scores else 0.0
    return Agreement(precision, recall, _f1(precision, recall), _f1(macro_precision, macro_recall))


def macro_f1(wanted: Sequence[str], given: Sequence[str]) -> float:
    """F1 averaged over the categories that are wanted."""
    hits = Counter(a for a, b in zip(wanted, given, strict=True) if a == b)
    wanted_of, given_of = Counter(wanted), Counter(given)
    return fmean(2 * hits[name] / (wanted_of[name] + given_of[name]) for name in wanted_of)


def _pairs(counts: Counter[Any]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
