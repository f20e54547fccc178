"""The rule about units: more dissatisfaction than a unit's own past lets expect."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count

from lianxin.alerts.models import AlertCase, AlertRule
from lianxin.alerts.services.rule_evaluation import Found
from lianxin.alerts.services.statistics import departing, share_chance, share_expected
from lianxin.cases.queries.publication import Case
from lianxin.hotissues.policies import FEWEST
from lianxin.hotissues.queries.listing import confidential, openly, raised_by, with_people
from lianxin.kernel import timezone
from lianxin.org.queries import Unit
from lianxin.statistics.unit_ratings import UnitRatings, ratings_of_units, unhappy_cases


def dissatisfied_units(rule: AlertRule) -> list[Found]:
    """Units with more dissatisfied first ratings than their own past lets expect.

    Looked at is every unit with enough ratings in the window; of one whose ratings are all those of a unit below it,
    only that. Because many are looked at, the chances are judged together (`departing`). Of units of which one lies
    below the other the lowest is warned of. It takes at least three dissatisfied ratings, of at least three people,
    that were in no such alert before.
    """
    until = timezone.today()
    since = until - timedelta(days=rule.days - 1)
    before = since - timedelta(days=rule.before_days or 0)
    rows = _looked_at(ratings_of_units(before=before, since=since, until=until), rule.fewest or 0)
    chances = [share_chance(row.unhappy, row.rated, row.unhappy_before, row.rated_before) for row, _path in rows]
    judged = zip(rows, chances, departing(chances, float(rule.alpha or 0)), strict=True)
    out = [(row, path, chance) for (row, path), chance, departs in judged if departs and row.unhappy >= FEWEST]
    found = []
    for row, path, chance in out:
        if any(other != path and other.startswith(path) for _row, other, _chance in out):
            continue
        cases = unhappy_cases(unit_id=row.unit_id, since=since, until=until)
        if _new_people(rule, cases) >= FEWEST:
            found.append(Found(rule.kind, {"unit_id": row.unit_id}, cases, _numbers(rule, row, chance)))
    return found


def _looked_at(rows: Sequence[UnitRatings], fewest: int) -> list[tuple[UnitRatings, str]]:
    """The units with enough ratings, each with its path; those left out whose numbers are all those of one below."""
    paths = dict(Unit.objects.filter(pk__in=[row.unit_id for row in rows]).values_list("pk", "path"))
    found: dict[tuple[int, ...], list[tuple[UnitRatings, str]]] = {}
    for row in rows:
        if row.rated >= fewest and row.unit_id in paths:
            numbers = (row.rated, row.unhappy, row.rated_before, row.unhappy_before)
            found.setdefault(numbers, []).append((row, paths[row.unit_id]))
    return [
        (row, path)
        for same in found.values()
        for row, path in same
        if not any(other != path and other.startswith(path) for _row, other in same)
    ]


def _new_people(rule: AlertRule, cases: Sequence[UUID]) -> int:
    """By how many people those of the cases are that were in no such alert before."""
    seen = AlertCase.objects.filter(alert__rule=rule.kind, case__in=cases).values("case")
    new = Case.objects.filter(pk__in=cases).exclude(pk__in=seen)
    counted = new.aggregate(
        people=Count(raised_by(""), distinct=True, filter=openly("")),
        confidential=ArrayAgg("pk", filter=confidential(""), default=[]),
    )
    return int(with_people([counted])[0]["people"])


def _numbers(rule: AlertRule, row: UnitRatings, chance: float) -> dict[str, Any]:
    return {
        "cases": row.unhappy,
        "of": row.rated,
        "past": row.unhappy_before,
        "past_of": row.rated_before,
        "days": rule.days,
        "before_days": rule.before_days,
        "expected": share_expected(row.rated, row.unhappy_before, row.rated_before),
        "probability": chance,
    }
