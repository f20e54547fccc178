import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_requested_codes")]

    operations = [
        migrations.CreateModel(
            name="CodeRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("typed", models.CharField(max_length=30)),
            ],
            options={"abstract": False},
        ),
    ]
