"""Learning never hurts: with decided cases, categories are told at least as well as without any.

On the sample enterprise's texts, by their letters alone; docs/developer/meaning.md has the measurements on others.
"""

import importlib
import re
from collections import Counter
from statistics import fmean

import numpy as np
import pytest

from lianxin.demo.templates import matters
from lianxin.nlp.categories import Tree, leaf_texts
from lianxin.nlp.classifier import Decided
from lianxin.nlp.measuring import macro_f1
from lianxin.nlp.trying import by_letters

DRAWS = 6


@pytest.fixture(scope="module")
def register():
    """Texts of the sample with their categories of the first level, those of which there are eight and more."""
    tree = importlib.import_module("lianxin.cases.migrations.0003_defaults").CATEGORIES
    names = dict(iter(tree))
    pairs = [
        (re.sub(r"\{\w+\}", "某", text), names[code])
        for matter in (*matters("ordinary"), *matters("cluster"))
        if (code := matter.category.split("-")[0]) in names
        for text in (matter.text, *matter.more)
    ]
    counts = Counter(name for _text, name in pairs)
    pairs = [pair for pair in pairs if counts[pair[1]] >= 8]
    leaves = [
        (name, (name, child)) for (_code, name), children in tree.items() if counts[name] >= 8 for child in children
    ]
    texts, labels = zip(*pairs, strict=True)
    vectors, names_of_leaves = by_letters(texts, leaf_texts([path for _name, path in leaves]))
    return texts, np.array(labels), vectors[np.newaxis], Tree.of(leaves, names_of_leaves)


def score(register, seen, asked):
    texts, labels, views, tree = register
    both = np.concatenate([asked, seen])
    decided = Decided(tree, [texts[n] for n in both], views[:, both], [None] * len(asked) + labels[seen].tolist())
    told = decided.predict_proba([texts[n] for n in asked], views[:, asked])
    told[decided.unlabelled] = decided.guessed
    return macro_f1(labels[asked].tolist(), np.array(tree.categories)[told.argmax(axis=1)].tolist())


@pytest.mark.parametrize("examples", [1, 3, 5])
def test_so_many_examples_a_category_are_no_worse_than_none(register, examples):
    labels = register[1]
    gains = []
    for draw in range(DRAWS):
        order = np.random.default_rng(draw).permutation(len(labels))
        seen = np.concatenate([order[labels[order] == name][:examples] for name in np.unique(labels)])
        rest = np.setdiff1d(order, seen)
        gains.append(score(register, seen, rest) - score(register, seen[:0], rest))
    assert fmean(gains) >= 0
    assert min(gains) > -0.03
