"""Regroupings keep numbers and what people decided, whatever the texts come to."""

from hypothesis import given
from hypothesis import strategies as st

from lianxin.hotissues.services.pair_constraints import Pins, Placed, identified, joined, regrouped, sundered


def as_map(placed):
    return {case: each.issue for each in placed for case in each.cases}


def test_an_issue_keeps_its_number_while_members_shift():
    old = dict.fromkeys("abcd", 1) | dict.fromkeys("xyz", 2)
    placed = regrouped([["a", "b", "c", "n"], ["d", "x", "y"], ["p", "q"]], Pins(), old)
    assert placed == [Placed(1, ["a", "b", "c", "n"]), Placed(2, ["d", "x", "y"]), Placed(None, ["p", "q"])]


def test_the_greater_overlap_has_the_number_when_an_issue_falls_in_two():
    assert identified([["a", "b"], ["c", "d", "e"]], old=dict.fromkeys("abcde", 7)) == [None, 7]


def test_a_split_holds_though_the_texts_say_otherwise():
    pins = Pins()
    pins.apart(["c", "d"], ["a", "b"], 1, 2)
    assert as_map(regrouped([["a", "b", "c", "d", "n"]], pins, {"n": 2})) == {"a": 1, "b": 1, "c": 2, "d": 2, "n": 2}


def test_what_was_taken_out_does_not_come_back_and_may_be_taken_in_later():
    pins = Pins()
    pins.apart(["c"], ["a", "b"], 1)
    assert as_map(regrouped([["a", "b", "c"]], pins, {})) == {"a": 1, "b": 1}
    pins.together(["c"], 1)
    assert as_map(regrouped([["a", "b"]], pins, {})) == {"a": 1, "b": 1, "c": 1}


def test_what_desks_linked_is_one_group_and_what_they_kept_apart_is_not():
    assert joined([["a", "b"], ["c", "d"]], [("b", "c"), ("x", "y")]) == [["a", "b", "c", "d"], ["x", "y"]]
    assert sundered([["a", "b", "c"]], [("c", "a")]) == [["a", "b"]]


CASES = st.integers(0, 19)
GROUPING = st.lists(st.integers(0, 5), min_size=20, max_size=20)
DECISION = st.tuples(
    st.sampled_from(["merge", "split", "out"]), st.sets(CASES, min_size=1, max_size=6), st.integers(0, 30)
)


def groups_of(labels):
    return [group for label in set(labels) if len(group := [n for n, at in enumerate(labels) if at == label]) > 1]


@given(GROUPING, st.lists(st.tuples(DECISION, GROUPING), max_size=6))
def test_whatever_happens_decisions_hold_and_each_case_is_in_one_issue(labels, days):
    pins, numbers = Pins(), iter(range(100, 1000))
    together, apart = {}, {}

    def night(groups, old):
        placed = regrouped(groups, pins, old)
        found = {}
        for each in placed:
            issue = next(numbers) if each.issue is None else each.issue
            for case in each.cases:
                assert case not in found
                found[case] = issue
        assert len({each.issue for each in placed if each.issue}) == sum(each.issue is not None for each in placed)
        return found

    at = night(groups_of(labels), {})
    for decision, tonight in days:
        if at:
            decide(pins, decision, at, numbers, together, apart)
        at = night(groups_of(tonight), at)
        assert {case: at.get(case) for case in together} == together
        assert all(at.get(case) != issue for case, issue in apart.items())


def decide(pins, decision, at, numbers, together, apart):
    """Somebody decides about an issue; what must hold from then on is kept in `together` and `apart`."""
    kind, cases, pick = decision
    issues = sorted(set(at.values()))
    issue, other = issues[pick % len(issues)], issues[(pick + 1) % len(issues)]
    members = [case for case in at if at[case] == issue]
    these = [case for case in members if case in cases and kind != "merge"]
    those = [case for case in members if case not in these]
    if kind == "merge":
        those += [case for case in at if at[case] == other and case not in those]
        pins.together(those, issue)
    else:
        new = next(numbers) if kind == "split" and these else None
        pins.apart(these, those, issue, new)
        for case in these:
            apart[case] = issue
            together.pop(case, None)
            if new:
                together[case] = new
    for case in those:
        together[case] = issue
        apart.pop(case, None)


@given(GROUPING, st.sets(CASES, max_size=4))
def test_numbers_stay_when_a_few_cases_shift(labels, moved):
    old = {case: 1000 + label for case, label in enumerate(labels) if labels.count(label) > 1}
    groups = [[case for case in group if case not in moved] for group in groups_of(labels)]
    for each in regrouped([group for group in groups if len(group) > 1], Pins(), old):
        assert {old[case] for case in each.cases} == {each.issue}
