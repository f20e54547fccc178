"""The database's own guard over cases: transitions that no step makes, and rows that are written once."""

from django.db import migrations

from lianxin.kernel.former_triggers import append_only_trigger
from lianxin.kernel.former_triggers import transition_trigger

TRANSITIONS = {
    ("accepted", "dispatched"),
    ("accepted", "in_progress"),
    ("accepted", "merged"),
    ("accepted", "waiting"),
    ("accepted", "withdrawn"),
    ("closed", "reopened"),
    ("declined", "submitted"),
    ("dispatched", "accepted"),
    ("dispatched", "in_progress"),
    ("dispatched", "merged"),
    ("dispatched", "waiting"),
    ("dispatched", "withdrawn"),
    ("in_progress", "accepted"),
    ("in_progress", "dispatched"),
    ("in_progress", "merged"),
    ("in_progress", "replied"),
    ("in_progress", "waiting"),
    ("in_progress", "withdrawn"),
    ("merged", "closed"),
    ("merged", "reopened"),
    ("merged", "submitted"),
    ("reopened", "dispatched"),
    ("reopened", "in_progress"),
    ("reopened", "merged"),
    ("replied", "closed"),
    ("replied", "reopened"),
    ("submitted", "accepted"),
    ("submitted", "declined"),
    ("submitted", "merged"),
    ("submitted", "waiting"),
    ("submitted", "withdrawn"),
    ("waiting", "accepted"),
    ("waiting", "closed"),
    ("waiting", "dispatched"),
    ("waiting", "in_progress"),
    ("waiting", "merged"),
    ("waiting", "submitted"),
    ("waiting", "withdrawn"),
}
"""What `CASE.transitions()` said when this was written; a test compares the two."""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        transition_trigger("cases_case", TRANSITIONS),
        append_only_trigger("cases_message"),
        append_only_trigger("cases_rating"),
        append_only_trigger("cases_opening"),
        append_only_trigger("cases_unsealing"),
    ]
