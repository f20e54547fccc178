"""The record, for everybody: its checkpoints, and what is needed to check them. Nothing here asks who is there."""

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lianxin.accounts.policies import unidentified
from lianxin.kernel.errors import NotFound
from lianxin.kernel.files import downloaded_page
from lianxin.kernel.public_url import absolute
from lianxin.ledger.proofs import checker
from lianxin.ledger.queries import (
    Checkpoint,
    checkpoint_of_the_day,
    consistency_between,
    daily_checkpoints,
    latest_checkpoint,
    note_at,
    origins,
    standing,
    tile_at,
)

PER_PAGE = 31
IN_FEED = 31
_FOR_EVER = cache_control(public=True, max_age=timedelta(days=365).total_seconds(), immutable=True)
_PLAIN = "text/plain; charset=utf-8"


@unidentified
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """What the record is, its checkpoint of today and those of all days before, and how one checks."""
    page = Paginator(daily_checkpoints(), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_told(each) for each in page], "origins": origins(), **_newest()}
    return render(request, "board/record.html", context)


@unidentified
@require_safe
def on_paper(request: HttpRequest) -> HttpResponse:
    """The checkpoint of today on a sheet for the wall."""
    newest = _newest()
    picture = ""
    if newest["newest"]:
        picture = segno.make(newest["newest"]["note"], error="m").svg_data_uri(scale=6, border=2, light="#fff")
    where = absolute(reverse("board:record")) or request.build_absolute_uri(reverse("board:record"))
    return render(request, "board/record_on_paper.html", {**newest, "picture": picture, "where": where})


def _newest() -> dict[str, Any]:
    """The checkpoint of today, or the newest of all before the first day is over; and the key."""
    found = checkpoint_of_the_day()
    return {"newest": _told(found) if found else None, "standing": standing()}


def _told(checkpoint: Checkpoint) -> dict[str, Any]:
    batch = checkpoint.batch
    return {
        "note": checkpoint.note,
        "name": batch.origin.name,
        "size": batch.size,
        "root": b64encode(bytes(batch.root)).decode(),
        "at": batch.closed_at,
    }


@unidentified
@require_safe
def check_page(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The page that checks proofs without a network, to be kept."""
    name = _("Check a proof")
    return downloaded_page(checker(), f"{name}.html")


@unidentified
@require_safe
@cache_control(public=True, max_age=300)
def checkpoint(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The newest checkpoint (C2SP tlog-checkpoint)."""
    newest = latest_checkpoint()
    if newest is None:
        raise NotFound
    return HttpResponse(newest.note, content_type=_PLAIN)


@unidentified
@require_safe
@_FOR_EVER
def checkpoint_at(request: HttpRequest, size: int) -> HttpResponse:  # noqa: ARG001
    """The checkpoint of that size."""
    return HttpResponse(note_at(size), content_type=_PLAIN)


@unidentified
@require_safe
@_FOR_EVER
def consistency(request: HttpRequest, first: int, second: int) -> HttpResponse:  # noqa: ARG001
    """The proof that the second size contains the first, one hash a line."""
    steps = consistency_between(first, second)
    return HttpResponse("".join(f"{b64encode(step).decode()}\n" for step in steps), content_type=_PLAIN)


@unidentified
@require_safe
@_FOR_EVER
def tile(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001
    """256 leaf hashes, which say nothing (C2SP tlog-tiles, level 0)."""
    return HttpResponse(tile_at(number), content_type="application/octet-stream")


@unidentified
@require_safe
@cache_control(public=True, max_age=3600)
def feed(request: HttpRequest) -> HttpResponse:
    """The checkpoints of the last days as Atom (RFC 4287)."""
    here = absolute(reverse("board:record")) or request.build_absolute_uri(reverse("board:record"))
    atom = Atom1Feed(
        title=_("Checkpoints of the record"),
        link=here,
        description=_("One a day. Keep them: they show whether the record was changed afterwards."),
        language=settings.LANGUAGE_CODE,
        author_name=_("Lianxin"),
        feed_guid=uuid5(NAMESPACE_URL, here).urn,
    )
    for each in daily_checkpoints()[:IN_FEED]:
        at: datetime = each.batch.closed_at
        where = reverse("board:record_at", args=[each.batch.size])
        atom.add_item(
            title=f"{each.batch.origin.name} {each.batch.size}",
            link=absolute(where) or request.build_absolute_uri(where),
            unique_id=uuid5(NAMESPACE_URL, each.note).urn,
            description=each.note,
            pubdate=at,
            updateddate=at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
