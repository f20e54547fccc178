"""What the software makes of cases is a context of its own, `classification`: its models take over these tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_desk_role")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("Suggestion"),
                migrations.DeleteModel("CaseMeaning"),
                migrations.DeleteModel("Unread"),
            ]
        ),
    ]
