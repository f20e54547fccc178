from django.db import migrations, models

import lianxin.nlp.columns


class Migration(migrations.Migration):
    """Indexes by which people and units are recognised however their names are spelt."""

    dependencies = [
        ("org", "0005_duty_phones"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(lianxin.nlp.columns.NameKey("name"), name="person_name_key"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(lianxin.nlp.columns.UnitKey("name"), name="unit_name_key"),
        ),
    ]
