"""What was stored of anonymous cases before keeps no time finer than the hour, whoever's act it tells of.

Cases taken over from a register keep the times that stood there: those are of no sign-in here.
"""

from django.db import migrations

ANONYMOUS = "SELECT id FROM cases_case WHERE identity = 'anonymous' AND channel <> 'import'"
TIMES = {
    "cases_case": ("appealed_at", "supervised_at", "shared_at", "submitted_at", "replied_at", "closed_at"),
    "cases_clock": ("started_at", "paused_at", "met_at", "cancelled_at"),
    "cases_cohandling": ("done_at",),
    "cases_extension": ("requested_at", "decided_at"),
    "cases_message": ("at",),
    "cases_opening": ("at",),
    "cases_rating": ("at",),
    "cases_suggestion": ("at",),
}
APPEND_ONLY = {"cases_message", "cases_opening", "cases_rating"}


def hour(column):
    return f"{column} = date_trunc('hour', {column})"


def guarded(table, *statements):
    """The statements with the guard of a table that is append-only put aside."""
    off, on = (f"ALTER TABLE {table} {done} TRIGGER append_only" for done in ("DISABLE", "ENABLE"))
    return [off, *statements, on]


def to_the_hour(table, columns):
    key = "id" if table == "cases_case" else "case_id"
    finer = " OR ".join(f"{column} <> date_trunc('hour', {column})" for column in columns)
    change = f"UPDATE {table} SET {', '.join(map(hour, columns))} WHERE {key} IN ({ANONYMOUS}) AND ({finer})"
    return guarded(table, change) if table in APPEND_ONLY else [change]


# A deadline counted in hours or days starts at the full hour like everything else; one of working days ends at the
# close of business. A reminder comes an hour sooner at most; what a clock that stands still has left is rounded up.
CLOCKS = f"""
UPDATE cases_clock SET
    due_at = CASE measure WHEN 'working_days' THEN due_at ELSE date_trunc('hour', due_at) END,
    rises_at = CASE WHEN measure = 'working_days' AND rises_at = due_at THEN due_at
                    ELSE date_trunc('hour', rises_at) END,
    "left" = date_trunc('hour', "left" + interval '1 hour' - interval '1 microsecond')
WHERE case_id IN ({ANONYMOUS})
"""
DUE = f"""
UPDATE cases_case SET due_at = clock.due_at FROM cases_clock AS clock
WHERE clock.case_id = cases_case.id AND clock.kind = due_clock AND met_at IS NULL AND cancelled_at IS NULL
  AND cases_case.id IN ({ANONYMOUS}) AND cases_case.due_at <> clock.due_at
"""
EVENTS = f"""
UPDATE ledger_event SET at = date_trunc('hour', at),
    data = CASE WHEN data ? 'due' THEN
        jsonb_set(data, '{{due}}', to_jsonb(date_trunc('hour', (data ->> 'due')::timestamptz))) ELSE data END
WHERE subject_type = 'case' AND subject_id IN (SELECT id::text FROM cases_case WHERE id IN ({ANONYMOUS}))
"""
NOTICES = f"""
UPDATE notifications_notice SET hourly = true, at = date_trunc('hour', at), read_at = date_trunc('hour', read_at)
WHERE subject_type = 'case' AND subject_id IN (SELECT id::text FROM cases_case WHERE id IN ({ANONYMOUS}))
"""
DELIVERIES = """
UPDATE notifications_delivery AS delivery SET
    due_at = date_trunc('hour', due_at), next_at = date_trunc('hour', next_at), done_at = date_trunc('hour', done_at),
    claimed_at = date_trunc('hour', claimed_at + interval '1 hour' - interval '1 microsecond')
FROM notifications_notice AS notice WHERE notice.id = delivery.notice_id AND notice.hourly
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_random_numbers"),
        ("ledger", "0004_random_ids"),
        ("notifications", "0004_hourly"),
    ]

    operations = [
        migrations.RunSQL(
            [
                *(statement for table, columns in TIMES.items() for statement in to_the_hour(table, columns)),
                CLOCKS,
                DUE,
                *guarded("ledger_event", EVENTS),
                NOTICES,
                DELIVERIES,
            ],
            migrations.RunSQL.noop,
        ),
    ]
