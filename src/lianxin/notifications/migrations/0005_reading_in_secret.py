"""Of reading, a notice under a pseudonym keeps no moment any more, and is marked as read at full hours only.

And a channel can be held, so that a restored system writes to nobody.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_FORGET_MOMENTS = "UPDATE notifications_notice SET read = true, read_at = NULL WHERE recipient_tag IS NOT NULL AND read_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_hourly"), ("org", "0004_own_names")]

    operations = [
        migrations.CreateModel(
            name="ReadMark",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="org.person"),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("channel", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.AddField("notice", "read", models.BooleanField(default=False, db_default=False)),
        migrations.RemoveIndex("notice", "notice_tag_unread"),
        migrations.RunSQL(_FORGET_MOMENTS, migrations.RunSQL.noop),
        migrations.AddIndex(
            "notice", models.Index(fields=["recipient_tag"], condition=Q(read=False), name="notice_tag_unread")
        ),
        migrations.AddConstraint(
            "notice",
            models.CheckConstraint(
                condition=Q(recipient_tag__isnull=True) | Q(read_at__isnull=True), name="notice_in_secret_has_no_time"
            ),
        ),
        migrations.AddConstraint(
            "notice",
            models.CheckConstraint(condition=Q(recipient__isnull=True) | Q(read=False), name="notice_read_has_a_time"),
        ),
    ]
