from django.db import migrations

TRIGGERS = {
    "cases_case": ("uncounted_new", "uncounted_gone", "uncounted_changed"),
    "cases_clock": ("uncounted_new", "uncounted_gone", "uncounted_changed"),
    "cases_rating": ("uncounted_new",),
}


class Migration(migrations.Migration):
    """Figures are counted from `statistics_casefact`; their sums and the triggers that kept them up go."""

    dependencies = [("cases", "0020_is_test"), ("statistics", "0001_initial")]

    operations = [
        *(migrations.RunSQL(f"DROP TRIGGER {name} ON {table}") for table, names in TRIGGERS.items() for name in names),
        migrations.RunSQL("DROP FUNCTION cases_uncounted_mark_case(), cases_uncounted_mark_part(), cases_empty_sums()"),
        migrations.DeleteModel("Uncounted"),
        migrations.DeleteModel("Counted"),
        migrations.DeleteModel("DaySums"),
        migrations.DeleteModel("MonthSums"),
    ]
