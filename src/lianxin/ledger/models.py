"""The record: one row for every action, never changed, never deleted."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from lianxin.kernel.models import AppendOnly, BaseModel


class Event(AppendOnly, BaseModel):
    """Who did what to which object, from which state to which, when, with what.

    `actor` is empty when the clock acted, or a requester whose name is not to be stored; `role` says in what capacity
    ("requester", "dispatcher", "clock" …). `data` holds codes, ids and times, never a person's text. `version` is the
    object's version after the act: with it, and then with `at`, the events of one object are put in order. The id is
    random, so that the record tells no order across objects that the times do not tell.
    """

    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    version = models.IntegerField(default=0)
    actor = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=30, blank=True)
    internal = models.BooleanField(default=False)
    at = models.DateTimeField(db_index=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "version"], name="event_subject"),
            # The audit trail leaves out the cases, whose events are a hundred times as many.
            models.Index(fields=["-at", "id"], condition=~Q(subject_type="case"), name="event_not_of_cases"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.action}"
