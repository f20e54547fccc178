from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0028_unsorted_kind")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="speaker_follows",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
