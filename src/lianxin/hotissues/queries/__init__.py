"""Reading hot issues. Every function takes the viewer and returns what that viewer may see."""

from lianxin.hotissues.queries.episodes import Episode, episodes_of
from lianxin.hotissues.queries.heat import Counted, Part
from lianxin.hotissues.queries.heatmap import Picture, picture_of
from lianxin.hotissues.queries.issue import IssuePage, cases_of, issue_for, issue_page, issues_for, suggested_for
from lianxin.hotissues.queries.listing import Hot, followed_by, hot_list
from lianxin.hotissues.queries.scope import (
    DAYS,
    LENS_OF_CATEGORY,
    LENS_OF_KIND,
    Scope,
    hot_unit_for,
    hot_units,
    last_days,
    named_categories,
)

__all__ = [
    "DAYS",
    "LENS_OF_CATEGORY",
    "LENS_OF_KIND",
    "Counted",
    "Episode",
    "Hot",
    "IssuePage",
    "Part",
    "Picture",
    "Scope",
    "cases_of",
    "episodes_of",
    "followed_by",
    "hot_list",
    "hot_unit_for",
    "hot_units",
    "issue_for",
    "issue_page",
    "issues_for",
    "last_days",
    "named_categories",
    "picture_of",
    "suggested_for",
]
