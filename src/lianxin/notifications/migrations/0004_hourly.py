"""Notices, and what goes out of them, whose times are kept to the hour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_outages")]

    operations = [
        migrations.AddField("notice", "hourly", models.BooleanField(default=False, db_default=False)),
    ]
