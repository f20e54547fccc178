"""What follows for suggestions from changes of cases: in the same transaction as the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lianxin.cases.enums import Field
from lianxin.cases.models import Case
from lianxin.classification.services.suggestions import note_taken


def note_decided_fields(*, case: Case, fields: Mapping[Field, object], at: datetime, **_more: Any) -> None:
    """Receiver of `cases.events.fields_decided`."""
    note_taken(case, fields, at=at)
