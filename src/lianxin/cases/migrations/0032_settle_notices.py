from django.db import migrations
from django.db.models import CharField, F
from django.db.models.functions import Cast, Coalesce

IN_WORK = ["submitted", "accepted", "dispatched", "in_progress", "waiting", "reopened"]
STATES = {
    "danger": IN_WORK,
    "danger_waits": ["submitted"],
    "to_accept": ["submitted"],
    "appealed": ["submitted", "waiting"],
    "to_dispatch": ["accepted"],
    "sent_back": ["accepted"],
    "to_sign": ["dispatched"],
    "co_handle": IN_WORK,
    "answered": IN_WORK,
    "extension_asked": ["in_progress"],
    "to_redispatch": ["reopened"],
    "supervised": IN_WORK,
    "due_soon": IN_WORK,
    "overdue": IN_WORK,
    "yours_question": ["waiting"],
    "yours_replied": ["replied", "merged"],
}
"""In which states of a case a notice still asks for something; afterwards every step sees to it."""


def settle(apps, schema_editor):  # noqa: ARG001 - as Django calls it
    cases = apps.get_model("cases", "Case").objects.annotate(key=Cast("pk", CharField()))
    notices = apps.get_model("notifications", "Notice").objects.filter(subject_type="case", settled=False)
    for kind, states in STATES.items():
        done = notices.filter(kind=kind).exclude(subject_id__in=cases.filter(state__in=states).values("key"))
        done.filter(recipient__isnull=False).update(settled=True, read_at=Coalesce("read_at", F("at")))
        done.filter(recipient__isnull=True).update(settled=True)


class Migration(migrations.Migration):
    """What was asked for and done before leaves the inboxes, too."""

    dependencies = [("cases", "0031_contact_and_views"), ("notifications", "0010_notice_settled")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
