"""What everybody reads."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from uuid import UUID

from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext as _

from lianxin.board.models import Endorsement, FeedKey, Post, midnight
from lianxin.board.policies import endorsement_tag, feed_key_hash, shown
from lianxin.cases.queries.publication import Category, category_branch
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.kernel.trees import paths_down_to
from lianxin.nlp.columns import Relevance
from lianxin.nlp.search_terms import SearchTerms, TextSpan
from lianxin.org.queries import Person, Unit

__all__ = [
    "ENDORSED_FROM",
    "BoardFilter",
    "Post",
    "categories_shown",
    "endorsed_cases",
    "feed_posts",
    "has_endorsed",
    "has_feed_address",
    "hit_in",
    "midnight",
    "post_for",
    "posts_for",
    "reader_of_feed",
    "units_shown",
]

ENDORSED_FROM = 5
"""From how many endorsements on their number is shown, and counts for the order."""
IN_FEED = 50
SNIPPET = 90


@dataclass(frozen=True)
class BoardFilter:
    """What the board is narrowed to; each field is a word in the address bar, empty for all."""

    unit: str = ""
    category: str = ""
    text: str = ""
    sort: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it leaves out anything."""
        return any(getattr(self, field.name) for field in fields(self) if field.name != "sort")

    @property
    def wanted(self) -> SearchTerms | None:
        """What is asked for in words, if anything is."""
        return SearchTerms.read(self.text) if self.text else None


@dataclass(frozen=True)
class SearchHit:
    """What of a post answers the words that were asked for; just its title where none were."""

    title: list[TextSpan]
    snippet: list[TextSpan]


def hit_in(post: Post, chosen: BoardFilter) -> SearchHit:
    """Where in a post what was asked for stands."""
    if chosen.wanted is None:
        return SearchHit([TextSpan(post.title, marked=False)], [])
    question = post.question.removeprefix(post.title.removesuffix("…")).lstrip("。，！？；\n ")
    return SearchHit(chosen.wanted.marked(post.title), chosen.wanted.snippet([question, post.answer], SNIPPET))


def _shown() -> QuerySet[Post]:
    return Post.objects.filter(shown(timezone.today())).select_related("unit", "category").defer("words")


def posts_for(*, viewer: Person, chosen: BoardFilter = BoardFilter()) -> QuerySet[Post]:
    """The board: with words what answers them best first, else the newest day; or as asked. Everybody sees the same.

    Within a day the order is that of the random ids, which says nothing about who was first.
    """
    del viewer
    posts = _shown()
    if chosen.unit:
        path = Unit.objects.filter(code=chosen.unit).values_list("path", flat=True).first()
        posts = posts.filter(unit__path__startswith=path) if path else posts.none()
    if chosen.category:
        posts = posts.filter(category__in=category_branch(chosen.category))
    if chosen.wanted is not None:
        posts = posts.filter(words__matches=chosen.wanted.query())
    if chosen.sort == "endorsed":
        seen = Case(When(endorsed__gte=ENDORSED_FROM, then=F("endorsed")), default=Value(0))
        return posts.order_by(seen.desc(), "-published_on", "id")
    if chosen.wanted is not None and not chosen.sort:
        return posts.order_by(Relevance("words", chosen.wanted.query()).desc(), "-published_on", "id")
    return posts.order_by("-published_on", "id")


def post_for(*, viewer: Person, post_id: UUID) -> Post:
    """One post.

    Raises:
        NotFound: there is none such on the board, or not yet, or no longer.
    """
    post = posts_for(viewer=viewer).filter(pk=post_id).first()
    if post is None:
        raise NotFound(_("This post does not exist or is no longer on the board."))
    return post


def has_endorsed(*, viewer: Person, post: Post) -> bool:
    """Whether the viewer endorsed a post; nobody can ask it about others."""
    return Endorsement.objects.filter(tag=endorsement_tag(viewer, post.pk)).exists()


def units_shown(*, viewer: Person) -> list[Unit]:
    """The units of which something is on the board, with those above them, in tree order."""
    units = Unit.objects.filter(pk__in=posts_for(viewer=viewer).order_by().values("unit"))
    return list(Unit.objects.filter(path__in={path for unit in units for path in unit.ancestor_paths}).order_by("path"))


def categories_shown(*, viewer: Person) -> list[Category]:
    """The categories of which something is on the board, with those above them, in tree order."""
    found = Category.objects.filter(pk__in=posts_for(viewer=viewer).order_by().values("category"))
    paths = {path for row in found for path in paths_down_to(row.path)}
    return list(Category.objects.filter(path__in=paths).order_by("path"))


def has_feed_address(*, viewer: Person) -> bool:
    """Whether the viewer has an address for their feed reader."""
    return FeedKey.objects.filter(person=viewer).exists()


def reader_of_feed(key: str) -> Person:
    """Whose feed address holds this key.

    Raises:
        NotFound: nobody's, or of somebody who has left.
    """
    found = FeedKey.objects.select_related("person").filter(key_hash=feed_key_hash(key)).first()
    if found is None or found.person.has_left:
        raise NotFound(_("This feed address is invalid or has been deactivated."))
    return found.person


def feed_posts(*, viewer: Person) -> list[Post]:
    """What a feed reader gets: the newest of the board."""
    return list(posts_for(viewer=viewer)[:IN_FEED])


def endorsed_cases(case_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many endorsed what is shown of these cases, as far as the board shows it."""
    posts = Post.objects.filter(shown(timezone.today()), endorsed__gte=ENDORSED_FROM, case__in=case_ids)
    return dict(posts.values_list("case", "endorsed"))
