"""What counts, as the database says it: the one place where a case becomes numbers.

Each row is one counted thing: a case raised, a deadline met, a first rating, a case closed; `measures` says by bits
what it counts for (see `definitions` for what each measure means). Sealed cases and tests are in no row at all.
"""
# ruff: noqa: S608 - put together from our own words

from django.conf import settings

from lianxin.cases.enums import MEASURES, CaseState, Channel, ClockKind, Outcome, Resolved, Satisfaction

BIT = {name: 1 << place for place, name in enumerate(MEASURES)}

COLUMNS = "case_id, day, unit_id, unit_trail, kind, category_id, channel, measures"

_IN_RATES = (
    f"NOT c.sealed AND NOT c.is_test AND c.channel <> '{Channel.IMPORT}' "
    f"AND c.state NOT IN ('{CaseState.MERGED}', '{CaseState.WITHDRAWN}', '{CaseState.DECLINED}')"
)
"""Merged, withdrawn and declined cases and those taken over from a register are in no denominator."""


def _day(moment: str) -> str:
    """The day, where the enterprise is, of a moment."""
    return f"({moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"


def _bits(**when: str) -> str:
    """The measures whose condition holds (no condition: always), as bits."""
    return " | ".join(
        f"CASE WHEN {condition} THEN {BIT[name]} ELSE 0 END" if condition else str(BIT[name])
        for name, condition in when.items()
    )


def truth(only: str = "true") -> str:
    """SELECT of all counted things of the cases (`c`) for which `only` holds, from cases, clocks and ratings.

    What still runs out of time is not among them: see `late`.
    """
    return f"{_of_cases(only)} UNION ALL {_of_clocks(only)} UNION ALL {_of_ratings(only)}"


def _of_cases(only: str) -> str:
    """Raised and closed.

    They count for the unit that leads the case or led it last, where it stood when its clock began; before anybody
    led it, for the place. A case from a register counts where its place stood when it was taken over.
    """
    return f"""
        SELECT c.id AS case_id, m.day, coalesce(k.unit_id, c.place_unit_id) AS unit_id,
            coalesce(k.unit_trail, i.unit_trail, (
                SELECT array_agg(above.id ORDER BY above.path) FROM org_unit AS place
                JOIN org_unit AS above ON starts_with(place.path, above.path) WHERE place.id = c.place_unit_id
            )) AS unit_trail,
            c.kind, c.category_id, c.channel, m.measures
        FROM cases_case AS c
        LEFT JOIN LATERAL (
            SELECT unit_id, unit_trail FROM cases_clock
            WHERE case_id = c.id AND kind IN ('{ClockKind.ACCEPT}', '{ClockKind.REPLY}', '{ClockKind.RATING}')
            ORDER BY kind = '{ClockKind.ACCEPT}', started_at DESC, id DESC LIMIT 1
        ) AS k ON true
        LEFT JOIN cases_importedmessage AS i ON i.case_id = c.id
        LEFT JOIN cases_rating AS r ON r.case_id = c.id AND r.round = c.round
        CROSS JOIN LATERAL (
            {_raised_and_closed()}
        ) AS m
        WHERE NOT c.sealed AND NOT c.is_test AND ({only})"""


def _raised_and_closed() -> str:
    """The day and measures of a case (`c`) that was raised, and of its closing after a reply (`r`: its last rating)."""
    closed_rated = f"c.outcome = '{Outcome.RATED}'"
    solved = f"r.resolved = '{Resolved.YES}'"
    raised = _bits(
        raised="",
        imported=f"c.channel = '{Channel.IMPORT}'",
        merged=f"c.state = '{CaseState.MERGED}'",
        withdrawn=f"c.state = '{CaseState.WITHDRAWN}'",
        declined=f"c.state = '{CaseState.DECLINED}'",
        no_answer=f"c.outcome = '{Outcome.NO_ANSWER}'",
    )
    closed = _bits(
        closed="",
        closed_rated=closed_rated,
        first_pass=f"{closed_rated} AND c.round = 1 AND {solved}",
        final_resolved=f"{closed_rated} AND {solved}",
        final_satisfied=f"{closed_rated} AND r.satisfaction >= {Satisfaction.FAIRLY_SATISFIED}",
    )
    return f"""
            SELECT {_day("c.submitted_at")} AS day, {raised} AS measures
            UNION ALL
            SELECT {_day("c.closed_at")}, {closed}
            WHERE {_IN_RATES} AND c.state = '{CaseState.CLOSED}'
                AND c.outcome IN ('{Outcome.RATED}', '{Outcome.UNRATED}')"""


def _of_clocks(only: str) -> str:
    """Deadlines that were met, in time or late, each for the unit whose they were."""
    return f"""
        SELECT c.id, {_day("k.due_at")}, k.unit_id, k.unit_trail, c.kind, c.category_id, c.channel,
            CASE k.kind WHEN '{ClockKind.CONTACT}' THEN {_bits(response_due="", response_met="k.met_at <= k.due_at")}
                ELSE {_bits(reply_due="", reply_met="k.met_at <= k.due_at")} END
        FROM cases_clock AS k JOIN cases_case AS c ON c.id = k.case_id
        WHERE k.kind IN ('{ClockKind.CONTACT}', '{ClockKind.REPLY}') AND k.met_at IS NOT NULL
            AND {_IN_RATES} AND ({only})"""


def _of_ratings(only: str) -> str:
    """First ratings, each for the unit that had replied."""
    unhappy = f"r.resolved = '{Resolved.NO}' OR r.satisfaction <= {Satisfaction.DISSATISFIED}"
    rated = _bits(
        rated="",
        resolved=f"r.resolved = '{Resolved.YES}'",
        satisfied=f"r.satisfaction >= {Satisfaction.FAIRLY_SATISFIED}",
        reopened=unhappy,
    )
    return f"""
        SELECT c.id, {_day("r.at")}, r.unit_id, r.unit_trail, c.kind, c.category_id, c.channel, {rated}
        FROM cases_rating AS r JOIN cases_case AS c ON c.id = r.case_id
        WHERE r.round = 1 AND {_IN_RATES} AND ({only})"""


def late(only: str = "true") -> str:
    """SELECT of the deadlines that fell due before %(now)s and are still not met: they hang on the time of reading.

    A clock that stood still when its time would have come has not fallen due.
    """
    return f"""
        SELECT c.id AS case_id, {_day("k.due_at")} AS day, k.unit_id, k.unit_trail, c.kind, c.category_id, c.channel,
            CASE k.kind WHEN '{ClockKind.CONTACT}' THEN {BIT["response_due"]} ELSE {BIT["reply_due"]} END AS measures
        FROM cases_clock AS k JOIN cases_case AS c ON c.id = k.case_id
        WHERE k.kind IN ('{ClockKind.CONTACT}', '{ClockKind.REPLY}') AND k.met_at IS NULL AND k.cancelled_at IS NULL
            AND k.due_at < %(now)s AND (k.paused_at IS NULL OR k.due_at <= k.paused_at)
            AND {_IN_RATES} AND ({only})"""


def spelt_out(number: str) -> str:
    """Each measure of rows with the same bits, of which there are `number`."""
    return ", ".join(f"(measures >> {place} & 1) * {number} AS {name}" for place, name in enumerate(MEASURES))


def sums(sign: str = "1") -> str:
    """Each measure of rows with bits, added up."""
    return ", ".join(f"sum((measures >> {place} & 1) * {sign})::int AS {name}" for place, name in enumerate(MEASURES))
