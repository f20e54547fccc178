"""What the database does itself when a case changes: all in the same transaction."""

import pgtrigger

from lianxin.kernel.triggers import Trigger

# Who finds a case, and by which conditions, changes with the case.
_COPY_TO_SEARCH = """
    UPDATE cases_searchrow SET
        sealed = NEW.sealed,
        asked_to_withdraw = NEW.asked_to_withdraw,
        state = NEW.state,
        kind = NEW.kind,
        submitted_at = NEW.submitted_at,
        due_at = NEW.due_at,
        place_unit_id = NEW.place_unit_id,
        lead_unit_id = NEW.lead_unit_id,
        inspection_unit_id = NEW.inspection_unit_id,
        category_id = NEW.category_id
    WHERE case_id = NEW.id;
    RETURN NULL;
"""
_NOTE_UNREAD = """
    INSERT INTO cases_unread (case_id, raised_at) VALUES (NEW.id, date_trunc('hour', NEW.submitted_at));
    RETURN NULL;
"""
_FORGET_MEANING = """
    DELETE FROM cases_casemeaning WHERE case_id = NEW.id;
    DELETE FROM cases_alike WHERE case_id = NEW.id OR other_id = NEW.id;
    DELETE FROM cases_suggestion WHERE case_id = NEW.id;
    RETURN NULL;
"""

CASE_TRIGGERS = [
    Trigger(
        name="search_follows",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(
            "sealed",
            "asked_to_withdraw",
            "state",
            "kind",
            "submitted_at",
            "due_at",
            "place_unit",
            "lead_unit",
            "inspection_unit",
            "category",
        ),
        func=_COPY_TO_SEARCH,
    ),
    Trigger(
        name="unread_new",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__sealed=False),
        func=_NOTE_UNREAD,
    ),
    Trigger(
        name="unread_changed",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("title", "body"),
        condition=pgtrigger.Q(new__sealed=False)
        & (pgtrigger.Q(old__title__df=pgtrigger.F("new__title")) | pgtrigger.Q(old__body__df=pgtrigger.F("new__body"))),
        func=_NOTE_UNREAD,
    ),
    # What is sealed only the inspectors read. A row of `Unread` may stay: the worker drops it.
    Trigger(
        name="meaning_sealed",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("sealed"),
        condition=pgtrigger.Q(old__sealed=False, new__sealed=True),
        func=_FORGET_MEANING,
    ),
]
