import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Reply templates of units, saved views, and why somebody looked for a requester's cases."""

    dependencies = [
        ("cases", "0030_simplified_search"),
        ("org", "0008_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=60, verbose_name="title")),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
            ],
            options={
                "ordering": ["title", "id"],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=30, verbose_name="name")),
                ("query", models.CharField(max_length=500)),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="caseaccesslog",
            name="one_opening_a_day",
        ),
        migrations.AddField(
            model_name="caseaccesslog",
            name="reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="caseaccesslog",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reason", "")), fields=("case", "person", "day"), name="one_opening_a_day"
            ),
        ),
        migrations.AddField(
            model_name="replytemplate",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="org.unit", verbose_name="unit"
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="org.person"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("person", "name"), name="saved_view_once"),
        ),
    ]
