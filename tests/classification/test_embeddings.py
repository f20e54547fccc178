"""The worker reads what cases say: once for each text and model, and nothing of what is sealed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection, transaction

from lianxin.cases.enums import CaseKind
from lianxin.cases.events import case_sealed
from lianxin.cases.models import Case, SimilarCase
from lianxin.cases.services import triage
from lianxin.classification.events import cases_understood
from lianxin.classification.models import CaseMeaning, Suggestion, Unread
from lianxin.classification.queries import embeddings as queries
from lianxin.classification.queries.training_data import forget_training_set
from lianxin.classification.services import embeddings as case_embeddings
from lianxin.kernel import timezone
from lianxin.nlp import embeddings
from tests.cases.stories import TUESDAY
from tests.factories.cases import found_enterprise, submit
from tests.signals import hearing

HOT_WATER = "宿舍三楼没有热水，已经三天了。"
CANTEEN = "食堂的饭菜总是凉的，上夜班的人吃不到热饭。"


class Model:
    """Counts what it is asked to embed; a text's vector follows from its letters."""

    def __init__(self):
        self.asked = []

    def __call__(self, texts, _progress=None):
        self.asked += [text for text in texts if "\n" in text]  # not the names of categories
        made = np.zeros((len(texts), embeddings.DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in text:
                made[row, ord(letter) % embeddings.DIMENSIONS] += 1
        return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.fixture
def model(monkeypatch):
    """A model that takes no time."""
    model = Model()
    monkeypatch.setattr(embeddings, "available", lambda: True)
    monkeypatch.setattr(embeddings, "model_version", lambda: "letters-1")
    monkeypatch.setattr(embeddings, "embed", model)
    return model


@pytest.fixture
def house(db):
    return found_enterprise()


@pytest.fixture
def told():
    """What the contexts above are told."""
    with hearing(cases_understood, case_sealed) as heard:
        yield heard


def test_the_worker_reads_a_new_case_and_tells_the_contexts_above(house, model, told):
    case = submit(house.li_na, HOT_WATER).case
    assert list(Unread.objects.values_list("case_id", flat=True)) == [case.pk]

    assert case_embeddings.understand() == 1

    assert model.asked == [embeddings.excerpt("宿舍三楼没有热水，已经三天了", HOT_WATER)]
    assert list(queries.vectors_of([case.pk])) == [case.pk]
    assert told == [(cases_understood, {"case_ids": [case.pk]})]
    assert not Unread.objects.exists()
    assert case_embeddings.understand() == 0
    assert len(model.asked) == 1


def test_the_same_text_is_computed_once_whoever_says_it(house, model):
    submit(house.li_na, HOT_WATER)
    submit(house.wang_fang, HOT_WATER)
    case_embeddings.understand()
    submit(None, HOT_WATER)
    case_embeddings.understand()
    assert len(model.asked) == 1
    assert CaseMeaning.objects.count() == 3


def test_nothing_is_read_twice_if_it_is_noted_twice(house, model, told):
    case = submit(house.li_na).case
    case_embeddings.understand()
    Unread.objects.create(case_id=case.pk, raised_at=case.submitted_at)
    case_embeddings.understand()
    assert len(model.asked) == len(told) == 1


def test_a_text_that_changes_is_read_again(house, model, told):
    case = submit(house.li_na).case
    case_embeddings.understand()
    before = CaseMeaning.objects.get()
    Case.objects.filter(pk=case.pk).update(title="另一件事", body=CANTEEN)
    case_embeddings.understand()
    assert len(model.asked) == len(told) == 2
    assert (CaseMeaning.objects.get().case, CaseMeaning.objects.get().pk != before.pk) == (case, True)


def test_another_model_reads_again_what_the_old_one_read(house, model, monkeypatch):
    case = submit(house.li_na).case
    case_embeddings.understand()
    assert case_embeddings.read_anew() == 0
    monkeypatch.setattr(embeddings, "model_version", lambda: "letters-2")
    assert queries.vectors_of([case.pk]) == {}
    assert case_embeddings.read_anew() == 1
    case_embeddings.understand()
    assert list(queries.vectors_of([case.pk])) == [case.pk]
    assert CaseMeaning.objects.get().model == "letters-2"


def test_without_a_model_cases_are_understood_all_the_same_and_read_when_there_is_one(house, model, monkeypatch, told):
    with monkeypatch.context() as without:
        without.setattr(embeddings, "available", lambda: False)
        without.setattr(embeddings, "model_version", lambda: "")
        case = submit(house.li_na, HOT_WATER).case
        case_embeddings.understand()
        assert [(row.case_id, row.vector) for row in queries.understood([case.pk])] == [(case.pk, None)]
        assert len(told) == 1
        assert case_embeddings.read_anew() == 0
    forget_training_set()  # the extra is installed, and the worker started anew
    assert case_embeddings.read_anew() == 1
    case_embeddings.understand()
    assert list(queries.vectors_of([case.pk])) == [case.pk]


def test_a_model_that_is_gone_leaves_what_it_made(house, model, monkeypatch):
    case = submit(house.li_na).case
    case_embeddings.understand()
    monkeypatch.setattr(embeddings, "available", lambda: False)
    monkeypatch.setattr(embeddings, "model_version", lambda: "")
    assert case_embeddings.read_anew() == 0
    assert queries.vectors_of([case.pk]) == {}
    assert CaseMeaning.objects.get().vector is not None


def test_what_is_raised_as_a_conduct_case_is_never_read(house, model, told):
    submit(house.li_na, "科长收了供应商的礼品卡。", kind=CaseKind.CONDUCT)
    assert not Unread.objects.exists()
    assert case_embeddings.understand() == 0
    assert (model.asked, told) == ([], [])


def test_sealing_forgets_what_was_understood(house, model, told):
    case, other = submit(house.li_na).case, submit(house.wang_fang, CANTEEN).case
    case_embeddings.understand()
    SimilarCase.objects.create(case=other, other=case, similarity=0.9)
    SimilarCase.objects.create(case=case, other=other, similarity=0.9)
    told.clear()
    triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="涉及作风问题")
    assert list(CaseMeaning.objects.values_list("case", flat=True)) == [other.pk]
    assert not SimilarCase.objects.exists()
    assert not Suggestion.objects.filter(case=case).exists()
    assert told == [(case_sealed, {"case_id": case.pk})]
    Unread.objects.create(case_id=case.pk, raised_at=case.submitted_at)
    case_embeddings.understand()
    assert queries.understood([case.pk]) == []


def test_all_are_read_however_many_wait(house, model):
    Unread.objects.all().delete()
    for number in range(embeddings.BATCH + 3):
        submit(None, f"第{number}号车间的灯坏了。")
    assert case_embeddings.understand() == embeddings.BATCH + 3
    assert CaseMeaning.objects.count() == embeddings.BATCH + 3


def test_what_was_raised_last_is_read_first(house, model, monkeypatch):
    Unread.objects.all().delete()
    for days in (3, 0, 2, 1):
        with timezone.frozen(TUESDAY + timedelta(days=days)):
            submit(None, f"第{days}天的灯坏了。")
    monkeypatch.setattr(case_embeddings, "BATCH", 1)
    read = []
    while case_embeddings._understand_batch():
        read += [row.case.body for row in CaseMeaning.objects.select_related("case") if row.case.body not in read]
    assert read == [f"第{days}天的灯坏了。" for days in (3, 2, 1, 0)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_read_each_case_once(model):
    house = found_enterprise()
    reading, go_on = threading.Event(), threading.Event()
    embed = embeddings.embed

    def slowly(texts, progress=None):
        reading.set()
        go_on.wait(10)
        return embed(texts)

    embeddings.embed = slowly
    case = submit(house.li_na).case

    def work():
        try:
            return case_embeddings.understand()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        first = workers.submit(work)
        assert reading.wait(10)
        second = workers.submit(work).result()
        go_on.set()
        assert (first.result(), second) == (1, 0)
    assert len(model.asked) == 1
    assert CaseMeaning.objects.get().case == case


@pytest.mark.django_db(transaction=True)
def test_a_case_that_is_sealed_while_it_is_read_is_not_kept(model, told):
    house = found_enterprise()
    case = submit(house.li_na).case
    embed = embeddings.embed

    def seal_meanwhile():
        try:
            triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="涉及作风问题")
        finally:
            connection.close()

    def while_sealing(texts, progress=None):
        with ThreadPoolExecutor(1) as dispatcher:
            dispatcher.submit(seal_meanwhile).result()
        return embed(texts)

    embeddings.embed = while_sealing
    case_embeddings.understand()
    assert not CaseMeaning.objects.exists()
    assert cases_understood not in [signal for signal, _sent in told]


def test_submitting_waits_for_nothing_of_this(house, model, django_assert_max_num_queries):
    with transaction.atomic(), django_assert_max_num_queries(25):
        submit(house.li_na)
    assert model.asked == []
