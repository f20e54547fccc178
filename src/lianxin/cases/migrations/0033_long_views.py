from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0032_settle_notices")]

    operations = [
        migrations.AlterField(model_name="savedview", name="query", field=models.CharField(max_length=2400)),
    ]
