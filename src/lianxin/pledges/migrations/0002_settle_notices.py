from django.db import migrations
from django.db.models import CharField, F
from django.db.models.functions import Cast, Coalesce

STATES = {"to_review": ["proposed"], "returned": ["draft"], "due": ["published"]}
"""In which states of a pledge a notice still asks for something; afterwards every step sees to it."""


def settle(apps, schema_editor):  # noqa: ARG001 - as Django calls it
    pledges = apps.get_model("pledges", "Pledge").objects.annotate(key=Cast("pk", CharField()))
    notices = apps.get_model("notifications", "Notice").objects.filter(subject_type="pledges.pledge", settled=False)
    for kind, states in STATES.items():
        done = notices.filter(kind=kind).exclude(subject_id__in=pledges.filter(state__in=states).values("key"))
        done.update(settled=True, read_at=Coalesce("read_at", F("at")))


class Migration(migrations.Migration):
    """What was asked for and done before leaves the inboxes."""

    dependencies = [("pledges", "0001_initial"), ("notifications", "0010_notice_settled")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
