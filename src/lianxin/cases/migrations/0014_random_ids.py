"""Ids say nothing: every row that belongs to a case has a random one."""

from django.db import migrations, models

from lianxin.kernel.random_ids import random_ids

TABLES = (
    "clock", "about", "cohandling", "extension", "opening", "unsealing", "casemeaning", "alike", "suggestion",
)  # fmt: skip
MADE_BY_DATABASE = ("counted", "uncounted", "unread")

NOTE_UNREAD = """
CREATE OR REPLACE FUNCTION cases_note_unread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_unread (case_id, raised_at) VALUES (NEW.id, date_trunc('hour', NEW.submitted_at));
    RETURN NULL;
END $$
"""
NOTE_UNREAD_BEFORE = """
CREATE OR REPLACE FUNCTION cases_note_unread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_unread (case_id) VALUES (NEW.id);
    RETURN NULL;
END $$
"""
RAISED = [
    "DELETE FROM cases_unread WHERE NOT EXISTS (SELECT FROM cases_case WHERE cases_case.id = case_id)",
    "UPDATE cases_unread SET raised_at = date_trunc('hour', submitted_at) FROM cases_case WHERE cases_case.id = case_id",
    "ALTER TABLE cases_unread ALTER COLUMN raised_at SET NOT NULL",
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_possible_subjects")]

    operations = [
        *(random_ids(model, f"cases_{model}") for model in TABLES),
        *(random_ids(model, f"cases_{model}", made_by_database=True) for model in MADE_BY_DATABASE),
        # What waits to be read was taken in the order of its ids, the latest first; now by the hour of the case.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    ["ALTER TABLE cases_unread ADD COLUMN raised_at timestamptz", *RAISED, NOTE_UNREAD],
                    [NOTE_UNREAD_BEFORE, "ALTER TABLE cases_unread DROP COLUMN raised_at"],
                )
            ],
            state_operations=[
                migrations.AddField("unread", "raised_at", models.DateTimeField(), preserve_default=False)
            ],
        ),
        migrations.AddIndex("unread", models.Index(fields=["-raised_at"], name="unread_raised")),
    ]
