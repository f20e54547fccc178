"""A model gets another name; its table keeps its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_marks_name_nobody")]
    operations = [
        migrations.AlterModelTable("Outage", "notifications_outage"),
        migrations.RenameModel("Outage", "ChannelOutage"),
    ]
