from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_key_fingerprints")]

    operations = [
        migrations.CreateModel(
            name="SpoolCell",
            fields=[
                ("n", models.IntegerField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
            ],
        ),
        # In the row itself: what lies beside it would be written at other times and have other sizes.
        migrations.RunSQL("ALTER TABLE kernel_spoolcell ALTER COLUMN sealed SET STORAGE PLAIN", migrations.RunSQL.noop),
    ]
