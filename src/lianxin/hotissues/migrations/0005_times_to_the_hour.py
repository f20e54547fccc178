"""Behind an issue or a warning there may be an anonymous case: their times are kept to the hour."""

from django.db import migrations

WARNING_NOTICES = """
UPDATE notifications_notice SET hourly = true, at = date_trunc('hour', at), read_at = date_trunc('hour', read_at)
WHERE subject_type = 'hotissues.warning' AND subject_id IN (
    SELECT warning_id::text FROM hotissues_warningcase AS row JOIN cases_case ON cases_case.id = row.case_id
    WHERE identity = 'anonymous')
"""
DELIVERIES = """
UPDATE notifications_delivery AS delivery SET
    due_at = date_trunc('hour', due_at), next_at = date_trunc('hour', next_at), done_at = date_trunc('hour', done_at),
    claimed_at = date_trunc('hour', claimed_at + interval '1 hour' - interval '1 microsecond')
FROM notifications_notice AS notice
WHERE notice.id = delivery.notice_id AND notice.hourly AND notice.subject_type = 'hotissues.warning'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("hotissues", "0004_random_ids"),
        ("ledger", "0004_random_ids"),
        ("notifications", "0004_hourly"),
        ("cases", "0014_random_ids"),
    ]

    operations = [
        migrations.RunSQL(
            [
                "UPDATE hotissues_issue SET found_at = date_trunc('hour', found_at)",
                "ALTER TABLE hotissues_decision DISABLE TRIGGER append_only",
                "UPDATE hotissues_decision SET at = date_trunc('hour', at)",
                "ALTER TABLE hotissues_decision ENABLE TRIGGER append_only",
                "UPDATE hotissues_earlywarning SET taken_at = date_trunc('hour', taken_at),"
                " settled_at = date_trunc('hour', settled_at)",
                "ALTER TABLE ledger_event DISABLE TRIGGER append_only",
                "UPDATE ledger_event SET at = date_trunc('hour', at)"
                " WHERE subject_type IN ('hotissues.issue', 'hotissues.warning')",
                "ALTER TABLE ledger_event ENABLE TRIGGER append_only",
                WARNING_NOTICES,
                DELIVERIES,
            ],
            migrations.RunSQL.noop,
        ),
    ]
