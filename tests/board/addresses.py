"""The record is the same for everybody, signed in or not, and says nothing of any case."""

from lianxin.ledger.services import close_batch


def make(house) -> dict[str, object]:
    return {"size": close_batch().size}


def addresses(people: set[str]) -> dict[str, dict]:
    everybody = people | {"nobody"}
    return {
        **{f"board:record{name}": {"who": everybody} for name in ("", "_on_paper", "_check", "_feed", "_checkpoint")},
        "board:record_at": {"who": everybody, "ids": {"size": "size"}},
        "board:record_consistency": {"who": everybody, "ids": {"first": "size", "second": "size"}},
        "board:record_tile": {"who": everybody, "ids": {"number": "none"}},
    }
