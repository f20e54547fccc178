from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0001_initial"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="alert",
            name="warning_rises",
        ),
        migrations.RenameField(
            model_name="alert",
            old_name="rises_at",
            new_name="escalates_at",
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(condition=models.Q(("state", "new")), fields=["escalates_at"], name="warning_rises"),
        ),
    ]
