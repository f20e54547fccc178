"""Ids of events say nothing; an object's events are ordered by version, all others by time."""

from django.db import migrations, models

from lianxin.kernel.random_ids import random_ids


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_read_paths")]

    operations = [
        migrations.RemoveIndex(model_name="event", name="event_subject"),
        migrations.RemoveIndex(model_name="event", name="event_not_of_cases"),
        random_ids("event", "ledger_event"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["subject_type", "subject_id", "version"], name="event_subject"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("subject_type", "case"), _negated=True),
                fields=["-at", "id"],
                name="event_not_of_cases",
            ),
        ),
    ]
