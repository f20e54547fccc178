"""Messages about one matter, and messages that only sound alike."""

from dataclasses import replace

import numpy as np
import pytest

from lianxin.nlp.grouping import WORDS_ONLY, Texts, group
from lianxin.nlp.measuring import agreement, macro_f1
from lianxin.nlp.tokenization import Message
from lianxin.nlp.topic_assignment import Matters, Outcome

HOT_WATER = [
    Message("青禾宿舍三号楼没有热水", "青禾宿舍三号楼的热水停了三天，下班洗不了澡"),
    Message("三号楼热水什么时候恢复", "青禾宿舍三号楼热水已经停了三天，洗澡只能去外面"),
    Message("反映青禾宿舍热水停供", "青禾宿舍三号楼没有热水，请尽快修好热水炉"),
]
CANTEEN = [
    Message("龙泉食堂夜班没有热饭", "龙泉食堂夜班十二点以后只有冷饭，请给夜班留热饭"),
    Message("夜班吃不上热饭", "龙泉食堂夜班只卖冷饭，夜班职工吃不上热饭"),
]
ALONE = [
    Message("请给二分厂门口装路灯", "二分厂大门外的路晚上很黑"),
    Message("咨询年休假", "入职满一年可以休几天年休假"),
    Message("班车晚点", "早上的班车最近总是晚点二十分钟"),
    Message("体检报告在哪里取", "上个月体检的报告一直没有收到"),
    Message("建议开办书法班", "工会能不能周末开办书法班"),
]


def test_two_matters_are_found_and_what_stands_alone_is_left_alone() -> None:
    assert group([*HOT_WATER, *CANTEEN, *ALONE]) == [[0, 1, 2], [3, 4]]


def test_meaning_brings_together_what_shares_few_words() -> None:
    messages = [*HOT_WATER, *CANTEEN, *ALONE]
    vectors = np.eye(len(messages), 384, dtype=np.float32)
    vectors[1] = vectors[2] = vectors[0]
    assert [0, 1, 2] in group(messages, vectors)


@pytest.mark.parametrize("messages", [[], ALONE[:1], [Message("", "")] * 2])
def test_nothing_to_group(messages: list[Message]) -> None:
    assert group(messages) == []


def test_it_is_told_how_many_were_compared() -> None:
    told: list[int] = []
    group([*HOT_WATER, *ALONE], progress=told.append)
    assert told == [8]


def test_a_matter_is_firm_and_messages_that_share_nothing_are_not() -> None:
    texts = Texts([*HOT_WATER, *CANTEEN, *ALONE], recipe=replace(WORDS_ONLY, firm=0.4))
    assert texts.is_firm([0, 1, 2])
    assert texts.is_firm([3, 4])
    assert not texts.is_firm([2, 5, 6])


def test_a_new_message_is_assigned_suggested_or_left_alone() -> None:
    known = Matters([*HOT_WATER, *CANTEEN, *ALONE], None, [[0, 1, 2], [3, 4]])
    taken = known.assign(Message("三号楼还是没有热水", "青禾宿舍三号楼热水又停了，洗不了澡"))
    assert (taken.outcome, taken.matter) == (Outcome.ASSIGNED, 0)
    assert taken.anchor == "宿舍三号"
    unsure = known.assign(Message("食堂早餐只有稀饭", "希望早餐有热饭"))
    assert (unsure.outcome, unsure.matter) == (Outcome.SUGGESTED, 1)
    assert known.assign(Message("停车场不够", "请增加车位")).outcome == Outcome.ALONE
    assert Matters(ALONE, None, []).assign(HOT_WATER[0]).outcome == Outcome.ALONE


def test_a_new_message_is_placed_by_its_meaning_too() -> None:
    messages = [*HOT_WATER, *CANTEEN, *ALONE]
    vectors = np.eye(len(messages), 384, dtype=np.float32)
    vectors[1] = vectors[2] = vectors[0]
    known = Matters(messages, vectors, [[0, 1, 2], [3, 4]])
    cold_shower = Message("洗澡水是冷的", "热水炉坏了")
    assert known.assign(cold_shower, vectors[0]).matter == 0
    assert known.similarity(cold_shower, vectors[0])[0] > known.similarity(cold_shower, vectors[9])[0]


def test_a_grouping_is_measured_by_pairs_and_by_issues() -> None:
    labels = {1: "a", 2: "a", 3: "b", 4: "b", 5: "alone"}
    assert agreement(labels, {1: "x", 2: "x", 3: "y", 4: "y"}).pair_f1 == 1
    split = agreement(labels, {1: "x", 2: "x", 3: "y", 4: "z"})
    assert (split.pair_precision, split.pair_recall) == (1, 0.5)
    assert split.macro_b3 == pytest.approx(2 * 1 * 0.75 / 1.75)
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
