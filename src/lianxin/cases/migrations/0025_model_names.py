"""Models get the field's words for names; their tables keep theirs."""

from django.db import migrations

RENAMED = (
    ("About", "CaseSubject", "cases_about"),
    ("CoHandling", "SupportingUnit", "cases_cohandling"),
    ("Opening", "CaseAccessLog", "cases_opening"),
    ("Clock", "Deadline", "cases_clock"),
    ("ClockRule", "SlaRule", "cases_clockrule"),
    ("Alike", "SimilarCase", "cases_alike"),
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0024_classification_apart")]
    operations = [
        *(migrations.AlterModelTable(old, table) for old, _new, table in RENAMED),
        *(migrations.RenameModel(old, new) for old, new, _table in RENAMED),
        migrations.RenameField("SimilarCase", "likeness", "similarity"),
    ]
