"""The tables are those of `cases`, where this began; they stay as they are."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0024_classification_apart"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Unread",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                db_default=django.contrib.postgres.functions.RandomUUID(),
                                default=uuid.uuid4,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("case_id", models.UUIDField()),
                        ("raised_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "cases_unread",
                        "indexes": [models.Index(fields=["-raised_at"], name="unread_raised")],
                    },
                ),
                migrations.CreateModel(
                    name="CaseMeaning",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("model", models.CharField(blank=True, max_length=80)),
                        ("text_hash", models.BinaryField(max_length=32)),
                        ("vector", models.BinaryField(null=True)),
                        ("offered", models.JSONField(default=dict)),
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE, related_name="meaning", to="cases.case"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_casemeaning",
                        "indexes": [
                            models.Index(fields=["model"], name="case_meaning_model"),
                            models.Index(fields=["text_hash"], name="case_meaning_text"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suggestion",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "field",
                            models.CharField(
                                choices=[("category", "category"), ("urgency", "urgency"), ("lead_unit", "lead unit")],
                                max_length=10,
                            ),
                        ),
                        ("offered", models.JSONField()),
                        ("taken", models.CharField(max_length=20)),
                        ("rank", models.PositiveSmallIntegerField(null=True)),
                        ("at", models.DateTimeField()),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, related_name="suggestions", to="cases.case"
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_suggestion",
                        "indexes": [models.Index(fields=["field", "at"], name="suggestion_field_at")],
                        "constraints": [models.UniqueConstraint(fields=("case", "field"), name="suggestion_once")],
                    },
                ),
            ]
        ),
    ]
