"""Preparing what is shown of a case, putting it up, correcting it, keeping it off.

Each act locks the case first, as its requester's taking the agreement back does: of two at once one comes first, and
the other is told.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.board.enums import PostState
from lianxin.board.models import Endorsement, Post
from lianxin.board.queries import levels_of, markings_for
from lianxin.cases.queries.publication import Case, shared_case_for
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed, VersionConflict
from lianxin.nlp.search_terms import vector
from lianxin.org.queries import Person

MOST = {"title": 100, "question": 4000, "answer": 4000}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no feed may hold (XML 1.0, 2.2)."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Texts:
    """What is to be read by everybody."""

    title: str
    question: str
    answer: str

    def as_dict(self) -> dict[str, str]:
        return dict(vars(self))

    def cleaned(self) -> "Texts":
        """Without what no page or feed can show; lines end alike."""
        return Texts(
            **{name: _CONTROL.sub("", text.replace("\r\n", "\n")).strip() for name, text in vars(self).items()}
        )


def save_draft(*, actor: Person, case_id: UUID, texts: Texts, unit_id: int, expected: int) -> Post:
    """Keep what was written so far; only who dispatches the case sees it.

    Raises:
        NotFound, PermissionDenied: the case is not the actor's.
        VersionConflict: somebody else wrote in between, it is on the board, or the requester no longer agrees.
        ValidationFailed: a text is missing or too long, or the unit is too small.
    """
    with transaction.atomic():
        case, post = _locked(actor, case_id, expected)
        if post.state == PostState.PUBLISHED:
            raise VersionConflict(_("This case is already published. Please review the current post."))
        _write(post, case, texts, unit_id)
        post.state = PostState.DRAFT
        post.save()
    return post


def publish(*, actor: Person, case_id: UUID, texts: Texts, unit_id: int, expected: int, looked: bool) -> Post:
    """Put it up, to be read from tomorrow on, or correct at once what is up; the requester is told.

    From tomorrow on, so that whoever watches the board does not learn when somebody worked on which case.

    Args:
        actor: who dispatches the case.
        case_id: the case.
        texts: what will be read.
        unit_id: the unit that stands beside it.
        expected: the version seen.
        looked: the actor says that none of the places that are still marked leads to a person.

    Raises:
        NotFound, PermissionDenied, VersionConflict: as `save_draft`.
        ValidationFailed: as `save_draft`, or marked places are left and the actor has not looked at them.
    """
    with transaction.atomic():
        case, post = _locked(actor, case_id, expected)
        _write(post, case, texts, unit_id)
        if not looked and markings_for(texts=texts.cleaned().as_dict()).words:
            raise ValidationFailed({"looked": _("Please check every passage still highlighted.")})
        today = timezone.today()
        if post.state != PostState.PUBLISHED or post.published_on is None:
            post.published_on = today + _DAY
        post.state, post.changed_on = PostState.PUBLISHED, today
        post.category = case.category
        post.save()
        perform("publish", actor=actor, case_id=case_id)
    return post


def keep_off(*, actor: Person, case_id: UUID, reason: str, expected: int) -> Post:
    """Do not put it up, or take it down at once; the requester reads the reason. It may be put up again later.

    Raises:
        NotFound, PermissionDenied, VersionConflict: as `save_draft`.
        ValidationFailed: there is no reason.
    """
    with transaction.atomic():
        case, post = _locked(actor, case_id, expected)
        if post.state == PostState.KEPT_OFF:
            raise VersionConflict(_("This case is already marked as not published."))
        if post.version == 0:
            post.title, post.unit = case.title, levels_of(case)[0]
        post.state, post.published_on = PostState.KEPT_OFF, None
        post.version += 1
        post.save()
        perform("take_down", actor=actor, case_id=case_id, text=reason)
    return post


def forget_post(*, case_id: UUID) -> None:
    """The requester no longer agrees, or the case is handled again: what was shown of it is gone, with its texts."""
    Endorsement.objects.filter(post__case=case_id).delete()
    Post.objects.filter(case=case_id).delete()


def _locked(actor: Person, case_id: UUID, expected: int) -> tuple[Case, Post]:
    case = shared_case_for(viewer=actor, case_id=case_id, lock=True)
    post = Post.objects.filter(case=case).first() or Post(case=case, version=0)
    if post.version != expected:
        raise VersionConflict(_("Someone else edited this in the meantime. Please review the current version."))
    return case, post


def _write(post: Post, case: Case, texts: Texts, unit_id: int) -> None:
    said = texts.cleaned().as_dict()
    wrong = _wrong(said)
    unit = next((level for level in levels_of(case) if level.pk == unit_id), None)
    if unit is None:
        wrong["unit"] = _("Please choose a listed unit. The others are too small to protect anonymity.")
    if wrong:
        raise ValidationFailed(wrong)
    for name, text in said.items():
        setattr(post, name, text)
    post.unit_id = unit_id
    post.words = _words_of(post)
    post.version += 1


def _words_of(post: Post) -> str:
    words, _letters = vector([(post.title, "A"), (post.question, "B"), (post.answer, "C")], most=sum(MOST.values()))
    return words


def rebuild_post_search() -> int:
    """Make anew what posts are found by; return how many."""
    done = 0
    for post_id in Post.objects.values_list("pk", flat=True):
        with transaction.atomic():
            for post in Post.objects.select_for_update().filter(pk=post_id):
                done += Post.objects.filter(pk=post_id).update(words=_words_of(post))
    return done


def _wrong(said: Mapping[str, str]) -> dict[str, str]:
    missing = {name: _("Please fill in this field.") for name, text in said.items() if not text}
    too_long = {
        name: _("At most %(n)d characters, please.") % {"n": MOST[name]}
        for name, text in said.items()
        if len(text) > MOST[name]
    }
    return missing | too_long
