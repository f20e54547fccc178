"""Reading cases. Every function takes the viewer and returns what that viewer may see."""

from lianxin.cases.queries.case_context import (
    CasePage,
    case_by_number,
    case_changes,
    case_page,
    reader_count,
    seen_version,
)
from lianxin.cases.queries.case_detail import find_by_receipt, get_case_for, lock_case_for, open_receipt
from lianxin.cases.queries.choosing import category_paths
from lianxin.cases.queries.duplicates import merge_candidates, raised_already, related_cases
from lianxin.cases.queries.event_text import told_to_requester
from lianxin.cases.queries.files import get_attachment_for
from lianxin.cases.queries.location_choices import place_choices
from lianxin.cases.queries.notification_access import standing_of_cases, titles_of_cases
from lianxin.cases.queries.receiving import receiving_of, usual_spans
from lianxin.cases.queries.requester import RequesterPage, Turn, is_handled_again, requester_page, was_said_already
from lianxin.cases.queries.requester_status import Standing, Word, word_for
from lianxin.cases.queries.rows import in_rows
from lianxin.cases.queries.search import MOST_FOUND, hits
from lianxin.cases.queries.sentences import event_icon, event_sentence
from lianxin.cases.queries.speaker import spoken_case_page, spoken_cases
from lianxin.cases.queries.work_queues import (
    Beside,
    CaseFilter,
    WorkList,
    awaiting,
    awaits_requester,
    desk_cases,
    desk_counts,
    desk_rows,
    desk_version,
    first_queue,
    following_in_list,
    has_desk,
    list_beside,
    my_cases,
    my_first_cases,
    queues_of,
)

__all__ = [
    "MOST_FOUND",
    "Beside",
    "CaseFilter",
    "CasePage",
    "RequesterPage",
    "Standing",
    "Turn",
    "Word",
    "WorkList",
    "awaiting",
    "awaits_requester",
    "case_by_number",
    "case_changes",
    "case_page",
    "category_paths",
    "desk_cases",
    "desk_counts",
    "desk_rows",
    "desk_version",
    "event_icon",
    "event_sentence",
    "find_by_receipt",
    "first_queue",
    "following_in_list",
    "get_attachment_for",
    "get_case_for",
    "has_desk",
    "hits",
    "in_rows",
    "is_handled_again",
    "list_beside",
    "lock_case_for",
    "merge_candidates",
    "my_cases",
    "my_first_cases",
    "open_receipt",
    "place_choices",
    "queues_of",
    "raised_already",
    "reader_count",
    "receiving_of",
    "related_cases",
    "requester_page",
    "seen_version",
    "spoken_case_page",
    "spoken_cases",
    "standing_of_cases",
    "titles_of_cases",
    "told_to_requester",
    "usual_spans",
    "was_said_already",
    "word_for",
]
