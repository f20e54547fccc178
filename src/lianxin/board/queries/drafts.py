"""What waits to be put up, for those who dispatch it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from lianxin.board.enums import PostState
from lianxin.board.models import Post
from lianxin.board.queries.redaction import Mark, marks_in
from lianxin.cases.queries import has_desk
from lianxin.cases.queries.publication import Case, reply_to, shared_case_for, shared_cases
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit, levels_of_size, register_words_in, small_units_in

SMALLEST_UNIT = 20
"""A unit where fewer people work is shown as the one above it."""


@dataclass(frozen=True)
class Draft:
    """A shared case with what is or is to be shown of it; `version` is 0 before anything was written."""

    case: Case
    post: Post | None
    title: str
    question: str
    answer: str

    @property
    def version(self) -> int:
        return self.post.version if self.post else 0

    @property
    def state(self) -> str:
        return self.post.state if self.post else PostState.DRAFT


@dataclass(frozen=True)
class Markings:
    """What in the three texts of a draft may lead back to a person, by field."""

    by_field: Mapping[str, list[Mark]]

    @property
    def words(self) -> list[Mark]:
        """Each different word once, in the order of the texts."""
        words: dict[str, Mark] = {}
        for mark in (mark for marks in self.by_field.values() for mark in marks):
            words.setdefault(mark.text, mark)
        return list(words.values())


def _with_post(state: PostState) -> Exists:
    return Exists(Post.objects.filter(case=OuterRef("pk"), state=state))


def drafts_for(*, viewer: Person, state: PostState = PostState.DRAFT) -> QuerySet[Case]:
    """The shared cases that the viewer dispatches: those that wait, are on the board, or are kept off it."""
    cases = shared_cases(viewer=viewer)
    if state == PostState.DRAFT:
        return cases.exclude(_with_post(PostState.PUBLISHED)).exclude(_with_post(PostState.KEPT_OFF))
    return cases.filter(_with_post(state))


def draft_count(*, viewer: Person) -> int:
    """How many cases wait for the viewer to put them up; none for who dispatches nothing."""
    dispatches = has_desk(viewer) and viewer.holds(Role.DISPATCHER)
    return drafts_for(viewer=viewer).count() if dispatches else 0


def draft_for(*, viewer: Person, case_id: UUID) -> Draft:
    """What is to be shown of a case, proposed from what was said where nothing was written yet.

    Raises:
        NotFound, PermissionDenied, VersionConflict: as `shared_case_for`.
    """
    case = shared_case_for(viewer=viewer, case_id=case_id)
    post = Post.objects.select_related("unit").filter(case=case).first()
    if post is not None:
        return Draft(case, post, post.title, post.question, post.answer)
    return Draft(case, None, case.title, case.body, reply_to(case))


def levels_of(case: Case) -> list[Unit]:
    """The units that may stand beside the post: large enough to hide in, nearest first."""
    return levels_of_size(case.place_unit, people=SMALLEST_UNIT)


def markings_for(*, texts: Mapping[str, str]) -> Markings:
    """What may lead back to a person in the texts for a post: what the register knows, and what looks like it."""
    text = "\n".join(texts.values())
    names, numbers = register_words_in(text)
    units = small_units_in(text, people=SMALLEST_UNIT)
    return Markings({name: marks_in(text, names=names, numbers=numbers, units=units) for name, text in texts.items()})
