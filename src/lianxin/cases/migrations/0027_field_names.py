import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0026_access_log_triggers"),
        ("org", "0008_triggers"),
        ("statistics", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_shared_is_answered",
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_test_stays_apart",
        ),
        migrations.RemoveConstraint(
            model_name="deadline",
            name="one_open_clock_of_a_kind",
        ),
        migrations.RemoveConstraint(
            model_name="deadline",
            name="clock_met_or_cancelled",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="case_shared",
        ),
        migrations.RemoveIndex(
            model_name="deadline",
            name="clock_rises",
        ),
        migrations.RemoveIndex(
            model_name="deadline",
            name="clock_open_due",
        ),
        migrations.RenameField(
            model_name="case",
            old_name="shared_at",
            new_name="publication_consent_at",
        ),
        migrations.RenameField(
            model_name="deadline",
            old_name="met_at",
            new_name="completed_at",
        ),
        migrations.RenameField(
            model_name="deadline",
            old_name="rises_at",
            new_name="escalates_at",
        ),
        migrations.RenameField(
            model_name="deadline",
            old_name="level",
            new_name="escalation_level",
        ),
        migrations.RenameField(
            model_name="deadline",
            old_name="left",
            new_name="remaining",
        ),
        migrations.AlterField(
            model_name="caseaccesslog",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="access_log", to="cases.case"
            ),
        ),
        migrations.AlterField(
            model_name="casesubject",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="subjects", to="cases.case"
            ),
        ),
        migrations.AlterField(
            model_name="deadline",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deadlines", to="cases.case"
            ),
        ),
        migrations.AlterField(
            model_name="slarule",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sla_rules",
                to="cases.category",
            ),
        ),
        migrations.AlterField(
            model_name="supportingunit",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="supporting_units", to="cases.case"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("publication_consent_at__isnull", False)), fields=["place_unit"], name="case_shared"
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(
                    ("cancelled_at__isnull", True), ("completed_at__isnull", True), ("paused_at__isnull", True)
                ),
                fields=["escalates_at"],
                name="clock_rises",
            ),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(
                    ("cancelled_at__isnull", True), ("completed_at__isnull", True), ("kind__in", ["contact", "reply"])
                ),
                fields=["due_at"],
                name="clock_open_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_test", False),
                    models.Q(
                        ("identity", "named"),
                        ("primary__isnull", True),
                        ("publication_consent_at__isnull", True),
                        ("round", 1),
                        ("sealed", False),
                        ("submitted_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="case_test_stays_apart",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publication_consent_at__isnull", True),
                    models.Q(
                        ("outcome__in", ["rated", "unrated"]),
                        ("primary__isnull", True),
                        ("replied_at__isnull", False),
                        ("sealed", False),
                        ("state", "closed"),
                    ),
                    _connector="OR",
                ),
                name="case_shared_is_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at__isnull", True), ("completed_at__isnull", True)),
                fields=("case", "kind"),
                name="one_open_clock_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(("completed_at__isnull", True), ("cancelled_at__isnull", True), _connector="OR"),
                name="clock_met_or_cancelled",
            ),
        ),
    ]
