from django.db import migrations, models


class Migration(migrations.Migration):
    """What a notice asked for is done: it leaves the inbox."""

    dependencies = [("notifications", "0009_model_names")]

    operations = [
        migrations.AddField("notice", "settled", models.BooleanField(default=False, db_default=False)),
    ]
