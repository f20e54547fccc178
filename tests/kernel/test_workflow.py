"""A small workflow of its own: what performing a step guarantees."""

from dataclasses import dataclass

import pytest
from django.db import DEFAULT_DB_ALIAS, transaction

from lianxin.kernel.errors import PermissionDenied, ValidationFailed, VersionConflict
from lianxin.kernel.workflow import Transition, Workflow


@dataclass
class Pledge:
    state: str = "draft"
    version: int = 1
    text: str = ""
    saved: int = 0

    def save(self):
        self.saved += 1


@dataclass
class Story:
    pledge: Pledge
    flow: Workflow
    record: list
    settled: list

    def act(self, action, *, as_=("author",), **more):
        return self.flow.perform(
            action, actor="李娜", fetch=lambda: self.pledge, relations=lambda _actor, _pledge: set(as_), **more
        )


def too_long(context):
    return "Too long." if len(context.get("text") or "") > 20 else None


@pytest.fixture
def story(db):
    record, settled = [], []

    def write(context):
        context.subject.text = context.get("text")

    flow = Workflow(
        Transition(
            "propose", ("draft",), ("author",), to="proposed", required=("text",), conditions=(too_long,), apply=write
        ),
        Transition("amend", ("draft", "proposed"), ("author",), apply=write),
        Transition(
            "judge",
            ("proposed",),
            ("secretary",),
            to=("published", "draft"),
            resolve_target=lambda context: "published" if context.get("good") else "draft",
            then=(lambda context: record.append(f"told of {context.subject.state}"),),
        ),
        Transition("fail", ("draft",), ("author",), to="proposed", then=(lambda _act: 1 / 0,)),
        record=lambda context: record.append(
            (context.transition.action, context.from_state, context.subject.state, context.subject.version)
        ),
        settle=lambda pledges: settled.extend(pledge.state for pledge in pledges),
        changes=lambda _pledge, version, relations: [version, *sorted(relations)],
    )
    return Story(Pledge(), flow, record, settled)


def test_a_step_changes_settles_saves_records_and_tells(story):
    story.act("propose", text="按时巡检")
    assert (story.pledge.state, story.pledge.version, story.pledge.text) == ("proposed", 2, "按时巡检")
    story.act("judge", as_=["secretary"], good=True)
    assert story.record == [
        ("propose", "draft", "proposed", 2),
        ("judge", "proposed", "published", 3),
        "told of published",
    ]
    assert (story.settled, story.pledge.saved) == (["proposed", "published"], 2)


def test_a_step_that_stays_keeps_the_state(story):
    assert story.act("amend", text="更好").state == "draft"


@pytest.mark.parametrize("text", ["", "  ", None])
def test_what_is_needed_must_be_there(story, text):
    with pytest.raises(ValidationFailed) as refusal:
        story.act("propose", text=text)
    assert refusal.value.fields.keys() == {"text"}


def test_a_guard_says_why_not(story):
    with pytest.raises(ValidationFailed, match=r"Too long\."):
        story.act("propose", text="长" * 21)
    assert (story.pledge.state, story.record) == ("draft", [])


def test_who_may_never_is_not_allowed_and_who_comes_late_is_told(story):
    with pytest.raises(PermissionDenied):
        story.act("judge", good=True)
    with pytest.raises(VersionConflict) as late:
        story.act("judge", as_=["secretary"], good=True)
    assert late.value.changes == []
    with pytest.raises(VersionConflict) as late:
        story.act("amend", expected=0)
    assert late.value.changes == [0, "author"]


def test_what_fails_afterwards_leaves_no_transaction_behind(story):
    with pytest.raises(ZeroDivisionError):
        story.act("fail")
    assert transaction.get_connection(DEFAULT_DB_ALIAS).needs_rollback is False


def test_the_table_tells_what_is_possible_and_where_it_leads(story):
    assert [step.action for step in story.flow.possible("draft", {"author"})] == ["propose", "amend", "fail"]
    assert story.flow.possible("published", {"author", "secretary"}) == []
    assert story.flow.state_changes() == {("draft", "proposed"), ("proposed", "published"), ("proposed", "draft")}
    assert next(row for row in story.flow.transitions if row.action == "judge").targets == ("published", "draft")


def pledges(*states):
    return [Pledge(state) for state in states]


def test_many_are_done_together_each_by_the_row_of_its_state(story):
    some = pledges("draft", "proposed", "draft")
    story.flow.perform_all("amend", actor="李娜", subjects=some, relations=lambda _actor, _pledge: {"author"})
    assert [(pledge.state, pledge.version, pledge.saved) for pledge in some] == [
        ("draft", 2, 1), ("proposed", 2, 1), ("draft", 2, 1),
    ]  # fmt: skip
    assert [line[0] for line in story.record] == ["amend"] * 3
    story.flow.perform_all("amend", actor="李娜", subjects=[], relations=lambda _actor, _pledge: {"author"})


def test_of_many_none_is_done_if_one_cannot_be(story):
    some = pledges("draft", "published")
    with pytest.raises(VersionConflict):
        story.flow.perform_all("amend", actor="李娜", subjects=some, relations=lambda _actor, _pledge: {"author"})
    assert (story.record, [pledge.saved for pledge in some]) == ([], [0, 0])
