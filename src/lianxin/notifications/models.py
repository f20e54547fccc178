"""The inbox: what concerns a person, without a word of what anybody wrote."""

from django.db import models
from django.db.models import Q

from lianxin.kernel.models import BaseModel


class Notice(BaseModel):
    """One line in somebody's inbox, about one object.

    Addressed openly (`recipient`) or, where the address itself is a secret, by a keyed hash (`recipient_tag`) that
    only the
    recipient's own sign-in can compute. `kind` names the sentence (see `enums.NoticeKind`); `label` is a number such as
    LX-2611-0342, never a title.
    """

    recipient = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    recipient_tag = models.BinaryField(max_length=32, null=True)
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    label = models.CharField(max_length=40)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, recipient_tag__isnull=True)
                | Q(recipient__isnull=True, recipient_tag__isnull=False),
                name="notice_has_one_address",
            )
        ]
        indexes = [
            models.Index(fields=["recipient", "-at"], name="notice_recipient"),
            models.Index(fields=["recipient_tag", "-at"], name="notice_tag"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["recipient_tag"], condition=Q(read_at__isnull=True), name="notice_tag_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"
