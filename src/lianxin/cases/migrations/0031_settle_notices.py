"""Notices of before that ask for what is done leave the inboxes, as those of today do by `settle_done`."""

from django.db import migrations
from django.db.models import F, TextField
from django.db.models.functions import Cast, Coalesce

ASKS_IN = {
    "to_accept": ["submitted"],
    "to_dispatch": ["accepted"],
    "sent_back": ["accepted"],
    "to_sign": ["dispatched"],
    "to_redispatch": ["reopened"],
    "yours_question": ["waiting"],
    "yours_replied": ["replied", "merged"],
}
IN_WORK = ["submitted", "accepted", "dispatched", "in_progress", "waiting", "reopened"]
WHILE_IN_WORK = [
    "danger",
    "danger_waits",
    "appealed",
    "co_handle",
    "answered",
    "supervised",
    "overdue",
    "due_soon",
    "extension_asked",
]


def settle(apps, schema_editor):
    notices = apps.get_model("notifications", "Notice").objects.filter(subject_type="case")
    cases = apps.get_model("cases", "Case").objects.annotate(key=Cast("pk", TextField()))
    for kind, states in [*ASKS_IN.items(), *((kind, IN_WORK) for kind in WHILE_IN_WORK)]:
        done = notices.filter(kind=kind, subject_id__in=cases.exclude(state__in=states).values("key"))
        done.filter(recipient__isnull=False).update(settled=True, read_at=Coalesce("read_at", F("at")))
        done.filter(recipient__isnull=True).update(settled=True)


class Migration(migrations.Migration):
    dependencies = [("cases", "0030_simplified_search"), ("notifications", "0010_notice_settled")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
