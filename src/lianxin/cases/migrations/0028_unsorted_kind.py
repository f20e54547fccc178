from django.db import migrations, models
from django.db.models import Q

KINDS = ["help", "complaint", "suggestion", "question", "hazard", "dispute", "conduct", "praise", "unsorted"]


class Migration(migrations.Migration):
    """A case is of no kind until somebody says which."""

    dependencies = [("cases", "0027_field_names")]

    operations = [
        migrations.RemoveConstraint("case", "case_kind_known"),
        migrations.AddConstraint("case", models.CheckConstraint(condition=Q(kind__in=KINDS), name="case_kind_known")),
    ]
