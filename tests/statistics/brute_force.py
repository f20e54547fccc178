"""The figures once more, in plain Python over plain objects, straight from the table "Figures" of the design.

Nothing here is shared with the code that it checks.
"""

from zoneinfo import ZoneInfo

from lianxin.cases.models import Case, Deadline, ImportedMessage, Rating
from lianxin.kernel import timezone
from lianxin.org.models import Unit

ZONE = ZoneInfo("Asia/Shanghai")
RATES = {
    "response": ("response_met", "response_due"),
    "on_time": ("reply_met", "reply_due"),
    "resolution": ("resolved", "rated"),
    "satisfaction": ("satisfied", "rated"),
    "coverage": ("closed_rated", "closed"),
    "reopen": ("reopened", "rated"),
    "first_pass": ("first_pass", "closed_rated"),
    "final_resolution": ("final_resolved", "closed_rated"),
    "final_satisfaction": ("final_satisfied", "closed_rated"),
}


def things():
    """(day, trail of units, case, measures) of everything that counts at this moment."""
    imported = dict(ImportedMessage.objects.values_list("case_id", "unit_trail"))
    ratings = {(rating.case_id, rating.round): rating for rating in Rating.objects.all()}
    clocks = {}
    for row in Deadline.objects.order_by("round", "started_at"):
        clocks.setdefault(row.case_id, []).append(row)
    for case in Case.objects.select_related("category", "place_unit"):
        if case.kind == "conduct":
            continue
        own = clocks.get(case.pk, [])
        where = _where(case, own, imported)
        yield case.submitted_at, where, case, _raised(case)
        if case.channel == "import" or case.state in ("merged", "withdrawn", "declined"):
            continue
        yield from _deadlines(case, own)
        first, last = ratings.get((case.pk, 1)), ratings.get((case.pk, case.round))
        if first:
            yield first.at, first.unit_trail, case, _first_rating(first)
        if case.state == "closed" and case.outcome in ("rated", "unrated"):
            yield case.closed_at, where, case, _closed(case, last if case.outcome == "rated" else None)


def _where(case, clocks, imported):
    led = [row for row in clocks if row.kind in ("reply", "rating")]
    accepting = [row for row in clocks if row.kind == "accept"]
    if led or accepting:
        return (led or accepting)[-1].unit_trail
    if case.pk in imported:
        return imported[case.pk]
    return [unit.pk for unit in Unit.objects.order_by("path") if case.place_unit.path.startswith(unit.path)]


def _raised(case):
    names = ["raised"]
    names += ["imported"] if case.channel == "import" else []
    names += [case.state] if case.state in ("merged", "withdrawn", "declined") else []
    return names + (["no_answer"] if case.outcome == "no_answer" else [])


def _deadlines(case, clocks):
    for row in clocks:
        if row.kind not in ("contact", "reply") or row.cancelled_at:
            continue
        name = "response" if row.kind == "contact" else "reply"
        if row.completed_at:
            met = [f"{name}_met"] if row.completed_at <= row.due_at else []
            yield row.due_at, row.unit_trail, case, [f"{name}_due", *met]
        elif row.due_at < timezone.now() and not (row.paused_at and row.paused_at < row.due_at):
            yield row.due_at, row.unit_trail, case, [f"{name}_due"]


def _first_rating(rating):
    names = ["rated"]
    names += ["resolved"] if rating.resolved == "yes" else []
    names += ["satisfied"] if rating.satisfaction in (3, 4, 5) else []
    return names + (["reopened"] if rating.resolved == "no" or rating.satisfaction in (1, 2) else [])


def _closed(case, rating):
    if rating is None:
        return ["closed"]
    names = ["closed", "closed_rated"]
    names += ["first_pass"] if rating.resolved == "yes" and case.round == 1 else []
    names += ["final_resolved"] if rating.resolved == "yes" else []
    return names + (["final_satisfied"] if rating.satisfaction in (3, 4, 5) else [])


def count(things, unit, since, until, *, kind="", categories=(), channel="", key=lambda _case, _trail, _day: ""):
    """How often each measure counts at a unit and below, from day to day; by `key`."""
    totals = {}
    for moment, trail, case, names in things:
        day = moment.astimezone(ZONE).date()
        if unit.pk not in trail or not since <= day <= until:
            continue
        if (kind and case.kind != kind) or (channel and case.channel != channel):
            continue
        if categories and case.category_id not in categories:
            continue
        found = totals.setdefault(key(case, trail, day), {})
        for name in names:
            found[name] = found.get(name, 0) + 1
    return totals


def rates(counts):
    """(numerator, denominator, rate) of each figure."""
    found = {}
    for code, (part, whole) in RATES.items():
        upper, lower = counts.get(part, 0), counts.get(whole, 0)
        found[code] = (upper, lower, upper / lower if lower else None)
    return found
