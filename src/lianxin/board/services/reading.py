"""What everybody does with the board: endorse, and read it in a feed reader."""

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lianxin.board.enums import PostState
from lianxin.board.models import Endorsement, FeedKey, Post
from lianxin.board.policies import endorsement_tag, feed_key_hash
from lianxin.board.queries import post_for
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.org.queries import Person


def endorse(*, actor: Person, post_id: UUID, wanted: bool) -> None:
    """Say, or no longer say, that one finds it right too; saying it twice counts once.

    It is on no record, and counted from the next day on. Whoever raised the case may endorse it like everybody else:
    a page that refused them would show them to whoever looks over their shoulder.

    Raises:
        NotFound: there is no such post on the board.
    """
    post = post_for(viewer=actor, post_id=post_id)
    tag = endorsement_tag(actor, post.pk)
    if wanted:
        try:
            Endorsement.objects.bulk_create([Endorsement(tag=tag, post=post)], ignore_conflicts=True)
        except IntegrityError as gone:  # taken off the board this very moment
            raise NotFound(_("This post does not exist or is no longer on the board.")) from gone
    else:
        Endorsement.objects.filter(tag=tag).delete()


def count_endorsements() -> int:
    """Renew the numbers that are shown, once a day; return how many posts were counted anew.

    Only once a day, so that nobody sees a number rise while somebody beside them taps.
    """
    today = timezone.today()
    given = Endorsement.objects.filter(post=OuterRef("pk")).values("post").annotate(number=Count("pk"))
    posts = Post.objects.filter(state=PostState.PUBLISHED).exclude(counted_on=today)
    return posts.update(counted_on=today, endorsed=Coalesce(Subquery(given.values("number")), 0))


def make_feed_address(*, actor: Person) -> str:
    """The secret of a new feed address for the actor, shown this once; an older one works no longer."""
    key = secrets.token_urlsafe(24)
    with transaction.atomic():
        FeedKey.objects.update_or_create(person=actor, defaults={"key_hash": feed_key_hash(key)})
    return key


def revoke_feed_address(*, actor: Person) -> None:
    """The actor's feed address works no longer."""
    FeedKey.objects.filter(person=actor).delete()
