"""Case numbers are drawn at random (see `models.numbers`), so that nothing is counted; those given out stay."""

from django.db import migrations, models

LAST = r"""
INSERT INTO cases_casenumber (month, last)
SELECT substr(number, 4, 4), max(substr(number, 9)::int) FROM cases_case
WHERE number ~ '^LX-\d{4}-\d{4,6}$' GROUP BY 1
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_random_ids")]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, LAST),
        migrations.DeleteModel("CaseNumber"),
    ]
