"""Who may: everybody who is signed in reads the board; who dispatches a case prepares what is shown of it."""

from datetime import date

from django.db.models import Q

from lianxin.board.enums import PostState
from lianxin.cases.enums import Relation
from lianxin.cases.policies import relations_of
from lianxin.cases.queries.publication import Case
from lianxin.kernel.crypto import keyed_hash
from lianxin.org.queries import Person


def may_prepare(viewer: Person, case: Case) -> bool:
    """Whether they take out of a case what is personal, and put it up."""
    return Relation.DISPATCHER in relations_of(viewer, case)


def shown(today: date) -> Q:
    """The posts that everybody reads on that day."""
    return Q(state=PostState.PUBLISHED, published_on__lte=today, case__shared_at__isnull=False)


def endorsement_tag(person: Person, post_id: object) -> bytes:
    """What is kept of somebody's endorsement of a post."""
    return keyed_hash("endorsement", f"{post_id}|{person.pk}")


def feed_key_hash(key: str) -> bytes:
    """What is kept of the secret in a feed address."""
    return keyed_hash("board-feed", key)
