import uuid

import django.db.models.deletion
from django.db import migrations, models

_UNSETTLED = """
    UPDATE cases_case read SET subjects_unsettled = true
    WHERE read.about_text <> '' AND read.state IN ('submitted', 'accepted', 'waiting', 'dispatched', 'in_progress')
      AND NOT EXISTS (SELECT FROM cases_about about WHERE about.case_id = read.id)
"""
"""Cases in which something is written about whom they are, and nobody was recognised."""


class Migration(migrations.Migration):
    """Whom a case may be about, until somebody has said who is meant."""

    dependencies = [
        ("cases", "0012_search_by_kind"),
        ("org", "0006_folded_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="subjects_unsettled",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(_UNSETTLED, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="PossibleSubject",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=40)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="possible_subjects",
                        to="cases.case",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="possiblesubject",
            index=models.Index(fields=["mark", "case"], name="possible_subject_mark"),
        ),
        migrations.AddConstraint(
            model_name="possiblesubject",
            constraint=models.UniqueConstraint(fields=("case", "mark"), name="possible_subject_once"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["id"], condition=models.Q(("subjects_unsettled", True)), name="case_unsettled"),
        ),
    ]
