"""`lianxin suggest-category` and `lianxin evaluate-categories`."""

import json
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from lianxin.cases.queries import category_paths
from lianxin.nlp.embeddings import available as installed


@pytest.mark.django_db
def test_three_categories_of_the_own_tree_are_suggested_with_their_reasons() -> None:
    out = StringIO()
    call_command("suggest_category", "--text", "宿舍三楼的热水停了三天，洗不了澡", "--json", stdout=out)
    found = json.loads(out.getvalue())
    own = {" / ".join(path) for path in category_paths()}
    assert len(found) == 3
    assert {each["category"] for each in found} <= own
    assert [each["chance"] for each in found] == sorted((each["chance"] for each in found), reverse=True)


def register(path: Path, rows: list[list[str]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_labelled_register_is_scored_with_a_tree(tmp_path: Path) -> None:
    texts = [["热水", "宿舍热水供应停了", "生活"], ["通道", "仓库消防通道堵了", "生产"]] * 6
    source = register(tmp_path / "register.xlsx", [["标题", "内容", "分类"], *texts])
    tree = register(
        tmp_path / "tree.xlsx",
        [["一级分类", "二级分类", "三级分类"], ["生活", "住宿", "热水供应"], ["生产", "安全", "消防通道"]],
    )
    out = StringIO()
    options = ("--text-columns", "标题,内容", "--label-column", "分类", "--taxonomy", tree, "--json", "--words-only")
    call_command("evaluate_categories", source, *options, stdout=out)
    assert json.loads(out.getvalue()) == {
        "zero_shot": 1.0, "shots_5": 1.0, "shots_10": None, "shots_20": None, "cross_validated": 1.0
    }  # fmt: skip


@pytest.mark.skipif(not installed(), reason="the extra `semantic` is not installed")
def test_with_the_model_titles_and_bodies_are_read_once_and_kept(tmp_path: Path) -> None:
    texts = [["热水", "宿舍热水供应停了", "生活"], ["通道", "仓库消防通道堵了", "生产"]] * 6
    source = register(tmp_path / "register.xlsx", [["标题", "内容", "分类"], *texts])
    out = StringIO()
    call_command(
        "evaluate_categories", source, "--text-columns", "标题,内容", "--label-column", "分类", "--json", stdout=out
    )
    assert json.loads(out.getvalue())["cross_validated"] == 1.0
    with np.load(tmp_path / "register.xlsx.embeddings.npz") as kept:
        assert len(kept["keys"]) == 6


def test_a_register_of_one_category_has_nothing_to_choose(tmp_path: Path) -> None:
    source = register(tmp_path / "register.xlsx", [["标题", "分类"], ["热水", "生活"]])
    with pytest.raises(CommandError):
        call_command("evaluate_categories", source, "--text-columns", "标题", "--label-column", "分类")
