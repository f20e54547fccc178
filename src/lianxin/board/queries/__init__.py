"""Reading the board and what waits for it. Every function takes the viewer."""

from lianxin.board.queries.drafts import Draft, Markings, draft_count, draft_for, drafts_for, levels_of, markings_for
from lianxin.board.queries.posts import (
    ENDORSED_FROM,
    BoardFilter,
    Post,
    categories_shown,
    endorsed_cases,
    feed_posts,
    has_endorsed,
    has_feed_address,
    hit_in,
    midnight,
    post_for,
    posts_for,
    reader_of_feed,
    units_shown,
)
from lianxin.board.queries.redaction import Mark, marks_in, without

__all__ = [
    "ENDORSED_FROM",
    "BoardFilter",
    "Draft",
    "Mark",
    "Markings",
    "Post",
    "categories_shown",
    "draft_count",
    "draft_for",
    "drafts_for",
    "endorsed_cases",
    "feed_posts",
    "has_endorsed",
    "has_feed_address",
    "hit_in",
    "levels_of",
    "markings_for",
    "marks_in",
    "midnight",
    "post_for",
    "posts_for",
    "reader_of_feed",
    "units_shown",
    "without",
]
