"""Of one kind only its rows are fetched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_search_by_unit"),
        ("org", "0004_own_names"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="searchrow",
            name="search_place",
        ),
        migrations.RemoveIndex(
            model_name="searchrow",
            name="search_lead",
        ),
        migrations.AddIndex(
            model_name="searchrow",
            index=models.Index(fields=["place_unit", "-submitted_at", "kind"], name="search_place"),
        ),
        migrations.AddIndex(
            model_name="searchrow",
            index=models.Index(fields=["lead_unit", "-submitted_at", "kind"], name="search_lead"),
        ),
    ]
