"""Who may: everybody who is signed in reads the board; who dispatches a case prepares what is shown of it."""

from datetime import date

from django.db.models import Q

from lianxin.board.enums import PostState
from lianxin.kernel.crypto import keyed_hash
from lianxin.org.queries import Person


def shown(today: date) -> Q:
    """The posts that everybody reads on that day."""
    return Q(state=PostState.PUBLISHED, published_on__lte=today, case__publication_consent_at__isnull=False)


def endorsement_tag(person: Person, post_id: object) -> bytes:
    """What is kept of somebody's endorsement of a post."""
    return keyed_hash("endorsement", f"{post_id}|{person.pk}")


def feed_key_hash(key: str) -> bytes:
    """What is kept of the secret in a feed address."""
    return keyed_hash("board-feed", key)
