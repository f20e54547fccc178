"""Hazards run round the clock: their limits, their escalation, and what stands first in lists."""

from django.db import migrations, models


LIMITS = [("accept", 1, "hours"), ("sign", 30, "minutes"), ("contact", 4, "hours"), ("reply", 24, "hours")]
BEFORE = ("contact", "reply")
"""Had a limit for hazards before; where it is not there any more, the enterprise took it away on purpose."""

MARK_OPEN = """
    UPDATE cases_case
    SET danger = CASE WHEN kind = 'hazard' OR urgency = 'emergency' THEN 'hazard' ELSE '' END,
        priority = CASE WHEN kind = 'hazard' OR urgency = 'emergency' THEN 0 ELSE 1 END
    WHERE state IN ('submitted', 'accepted', 'dispatched', 'in_progress', 'waiting', 'replied', 'reopened')
      AND (kind = 'hazard' OR urgency <> 'normal')
"""
"""Open cases are marked; their running clocks stay as they are."""


def add_limits(apps, schema_editor):
    """Add the limits for hazards that are new. What the enterprise set itself is left alone."""
    ClockRule = apps.get_model("cases", "ClockRule")
    for clock, amount, measure in LIMITS:
        if clock not in BEFORE:
            ClockRule.objects.get_or_create(
                clock=clock, kind="hazard", category=None, defaults={"amount": amount, "measure": measure}
            )


def remove_limits(apps, schema_editor):
    """Remove what counts in minutes, which the program before does not know, and the limits that were added."""
    ClockRule = apps.get_model("cases", "ClockRule")
    ClockRule.objects.filter(measure="minutes").delete()
    ClockRule.objects.filter(clock="accept", kind="hazard", category=None, amount=1, measure="hours").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_many_pseudonyms"),
        ("org", "0005_duty_phones"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_open_due",
        ),
        migrations.AddField(
            model_name="case",
            name="danger",
            field=models.CharField(
                blank=True,
                choices=[
                    ("crisis", "person in crisis"),
                    ("life", "danger to life"),
                    ("violence", "violence"),
                    ("hazard", "safety hazard"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "safety risk"), (1, "urgent"), (2, "normal")], db_default=2, default=2
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="escalate_every",
            field=models.DurationField(null=True),
        ),
        migrations.AlterField(
            model_name="clock",
            name="measure",
            field=models.CharField(
                choices=[
                    ("working_days", "working days"),
                    ("hours", "hours around the clock"),
                    ("minutes", "minutes around the clock"),
                    ("days", "calendar days"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="clockrule",
            name="measure",
            field=models.CharField(
                choices=[
                    ("working_days", "working days"),
                    ("hours", "hours around the clock"),
                    ("minutes", "minutes around the clock"),
                    ("days", "calendar days"),
                ],
                max_length=12,
                verbose_name="unit of time",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        ("submitted", "accepted", "dispatched", "in_progress", "waiting", "replied", "reopened"),
                    )
                ),
                fields=["priority", "due_at", "-submitted_at", "id"],
                name="case_open_first",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("priority__lt", 2)), fields=["priority", "due_at"], name="case_urgent"
            ),
        ),
        migrations.RunPython(add_limits, remove_limits),
        migrations.RunSQL(MARK_OPEN, migrations.RunSQL.noop),
    ]
