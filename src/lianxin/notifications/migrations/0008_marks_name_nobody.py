"""The marks of who looked at what name nobody any more. Those of the last hour go: what they mean stays unread once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_urgent")]

    operations = [
        migrations.RunSQL("DELETE FROM notifications_readmark", migrations.RunSQL.noop),
        migrations.RemoveField("readmark", "person"),
        migrations.AddField("readmark", "reader", models.BinaryField(max_length=32)),
        migrations.AddIndex("readmark", models.Index(fields=["reader"], name="read_mark_reader")),
    ]
