"""Cases with traditional characters are found by simplified ones: the worker makes their search rows anew within an hour."""

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast

from lianxin.nlp.simplified import traditional_signs


def forget_traditional(apps, schema_editor):
    rows = apps.get_model("cases", "SearchRow").objects.annotate(said=Cast("words", TextField()))
    rows.filter(said__regex=f"[{traditional_signs()}]").delete()


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_speaker_follows")]

    operations = [migrations.RunPython(forget_traditional, migrations.RunPython.noop)]
