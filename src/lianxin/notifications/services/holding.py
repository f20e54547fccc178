"""Holding back all that would go out, and letting it go."""

from django.db import transaction

from lianxin.kernel import timezone
from lianxin.notifications.models import Hold
from lianxin.notifications.services.channel_test import note, require
from lianxin.notifications.services.channels import CHANNELS, MAIL
from lianxin.org.queries import Person


def hold_channels() -> None:
    """Let nothing go out on any channel until `switch_on`; what comes up meanwhile waits."""
    now = timezone.now()
    Hold.objects.bulk_create([Hold(channel=name, since=now) for name in CHANNELS], ignore_conflicts=True)


def is_held(channel: str) -> bool:
    """Whether nothing goes out on the channel."""
    return Hold.objects.filter(channel=channel).exists()


@transaction.atomic
def switch_on(*, actor: Person, channel: str = MAIL) -> None:
    """Let go out what waits on a channel, and what comes up from now on.

    Raises:
        PermissionDenied: the actor keeps no channels.
    """
    require(actor)
    if Hold.objects.filter(channel=channel).delete()[0]:
        note(actor, channel, "switch_on")
