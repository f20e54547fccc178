"""Texts as people paste them."""

from lianxin.nlp.normalization import plain
from lianxin.nlp.tokenization import pairs, words


def test_entities_widths_and_invisible_characters_do_not_tell_texts_apart() -> None:
    assert plain("３号&amp;nbsp;变电\u200b站\u3000 漏水\xa0！") == "3号 变电站 漏水 !"


def test_what_looks_like_a_tag_but_quotes_is_kept() -> None:
    assert plain("关于‹安全通知>和<整改单>") == "关于‹安全通知>和<整改单>"


def test_the_same_name_gives_the_same_words_however_it_is_typed() -> None:
    assert words("３号变电站停电") == words("3号 变电站停电") == ["3", "号", "变电站", "停电"]


def test_neighbouring_words_make_a_name_the_dictionary_lacks() -> None:
    assert list(pairs(["青", "禾", "宿舍"])) == ["青禾", "禾宿舍"]
