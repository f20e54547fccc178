from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="KeyFingerprint",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("fingerprint", models.CharField(max_length=64)),
            ],
        ),
    ]
