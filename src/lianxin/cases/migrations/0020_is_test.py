from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Test cases: which ones they are, and what one can never become."""

    dependencies = [
        ("cases", "0019_neutral_file_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="is_test",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-submitted_at"], condition=Q(is_test=True), name="case_test"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(is_test=False)
                | Q(
                    identity="named",
                    submitted_by__isnull=True,
                    sealed=False,
                    shared_at__isnull=True,
                    primary__isnull=True,
                    round=1,
                ),
                name="case_test_stays_apart",
            ),
        ),
    ]
