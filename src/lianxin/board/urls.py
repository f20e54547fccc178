"""Addresses of the board: reading it, and preparing what is shown."""

from django.urls import URLPattern, path

from lianxin.board.views import board, drafts, feed, record

app_name = "board"
urlpatterns: list[URLPattern] = [
    path("board/", board.board, name="board"),
    path("board/post/<uuid:post_id>/", board.post, name="post"),
    path("board/post/<uuid:post_id>/endorse/", board.endorse, name="endorse"),
    path("board/numbers/", board.statistics, name="statistics"),
    path("board/feed/", feed.feed, name="feed"),
    path("board/feed/address/", feed.feed_address, name="feed_address"),
    path("record/", record.record, name="record"),
    path("record/print/", record.on_paper, name="record_on_paper"),
    path("record/check.html", record.check_page, name="record_check"),
    path("record/feed/", record.feed, name="record_feed"),
    path("record/checkpoint", record.checkpoint, name="record_checkpoint"),
    path("record/<int:size>/checkpoint", record.checkpoint_at, name="record_at"),
    path("record/consistency/<int:first>/<int:second>", record.consistency, name="record_consistency"),
    path("record/tile/0/<int:number>", record.tile, name="record_tile"),
    path("board/prepare/", drafts.drafts, name="drafts"),
    path("board/prepare/<uuid:case_id>/", drafts.edit, name="edit"),
    path("board/prepare/<uuid:case_id>/keep-off/", drafts.keep_off, name="keep_off"),
]
