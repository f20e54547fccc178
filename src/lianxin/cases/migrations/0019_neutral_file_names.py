"""Replace the names of files in confidential and anonymous cases: they may tell who raised the case.

The names are gone for good; migrating backwards changes nothing.
"""

from django.conf import settings
from django.db import migrations
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _
from django.utils.translation import override

BATCH = 1000


def replace_names(apps, _schema_editor):
    attachment = apps.get_model("cases", "Attachment")
    numbered = (
        attachment.objects.filter(case__identity__in=("confidential", "anonymous"))
        .annotate(
            number=Window(RowNumber(), partition_by=[F("case_id")], order_by=["message__version", "position", "id"])
        )
        .order_by()
    )
    with override(settings.LANGUAGE_CODE):
        changed = []
        for row in numbered.iterator(BATCH):
            extension = row.name.rpartition(".")[2]
            row.name = _("Attachment %(number)d") % {"number": row.number} + f".{extension}"
            changed.append(row)
            if len(changed) == BATCH:
                attachment.objects.bulk_update(changed, ["name"])
                changed = []
        attachment.objects.bulk_update(changed, ["name"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_hazard_clocks")]

    operations = [migrations.RunPython(replace_names, migrations.RunPython.noop, elidable=True)]
