"""The words of the board."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PostState(TextChoices):
    DRAFT = "draft", pgettext_lazy("post", "draft")
    PUBLISHED = "published", pgettext_lazy("post", "published")
    KEPT_OFF = "kept_off", pgettext_lazy("post", "not published")


class RecordNotice(TextChoices):
    """What a line in the inbox of an audit administrator says."""

    CHECKPOINT = "checkpoint", _("Today's checkpoint of the record: please keep this message")


class MarkKind(TextChoices):
    """What in a text may lead back to a person."""

    NAME = "name", pgettext_lazy("mark", "name")
    PHONE = "phone", pgettext_lazy("mark", "phone")
    PLATE = "plate", _("licence plate")
    IDENTITY_CARD = "identity_card", _("identity card number")
    EMPLOYEE_NUMBER = "employee_number", _("employee number")
    ROOM = "room", _("room or bed")
    MAIL = "mail", _("email address or account")
    UNIT = "unit", _("small unit")
    NUMBER = "number", _("long number")
