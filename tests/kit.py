"""What every mechanism's tests ask: is the table complete, do lists and policies agree, has a page N+1 queries?"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from lianxin.kernel.workflow import Workflow
from tests.queries import count_queries


def assert_workflow_complete(workflow: Workflow, states: Collection[str], *, first: str) -> None:
    """Every state can be reached from the first one, every button has its step, and every step stands somewhere."""
    changes = workflow.state_changes()
    reached, before = {first}, set()
    while reached != before:
        before = set(reached)
        reached |= {target for source, target in changes if source in reached}
    assert reached == set(states)
    assert set(workflow.buttons) - set(workflow.actions) == set()
    assert {state for row in workflow.transitions for state in (*row.source, *row.targets)} - set(states) == set()


def assert_visibility_consistent(
    rows: Callable[[Any], QuerySet], relations: Callable[[Any, Any], Collection], viewers: Iterable, objects: Iterable
) -> None:
    """Somebody finds exactly those objects in lists to which they are something."""
    objects = list(objects)
    for viewer in viewers:
        listed = set(rows(viewer).values_list("pk", flat=True))
        related = {each.pk for each in objects if relations(viewer, each)}
        assert listed == related, f"{viewer}: listed {listed - related}, related {related - listed}"


def assert_no_n_plus_one(few: Callable[[], object], more: Callable[[], object], page: Callable[[], object]) -> None:
    """The page takes as many statements after `more` as after `few`; `few` and `more` make rows."""
    few()
    page()  # what is read once and kept
    before = count_queries(page)
    more()
    after = count_queries(page)
    assert before == after, f"{before} statements for few rows, {after} for more"
