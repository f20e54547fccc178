"""What a stolen copy of the database tells about confidential requesters: nothing that can be joined."""

import json
import random
from datetime import timedelta
from importlib import import_module
from itertools import groupby

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from lianxin.accounts.models import User
from lianxin.cases import policies
from lianxin.cases.enums import Identity
from lianxin.cases.models import Case
from lianxin.cases.queries.requesters import people_behind
from lianxin.classification.services.suggestions import same_persons_cases
from lianxin.kernel import timezone
from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.crypto import keyed_hash
from lianxin.notifications.models import Notice
from lianxin.notifications.services import mark_all_read, mark_read, notify, settle_read_marks
from lianxin.operations.services.backup import LEFT_OUT
from lianxin.org.models import Person
from tests.factories.accounts import account_of, sign_in
from tests.factories.cases import accepted, found_enterprise, replied, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db):
    return found_enterprise()


def table(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_json(t)::text FROM {name} t")  # noqa: S608 - one of ours
        return [json.loads(row) for (row,) in cursor.fetchall()]


def test_neither_equal_times_nor_equal_pseudonyms_join_a_confidential_case_with_a_person(house, monkeypatch):
    """The attack that named confidential requesters: their open and their secret notices were read at one moment."""
    picked = random.Random(11)
    monkeypatch.setattr("lianxin.notifications.policies.secrets.randbelow", picked.randrange)
    asking = [house.li_na, house.wang_fang, house.dispatcher, house.handler]
    start = timezone.now()
    with timezone.frozen(start):
        for number, person in enumerate(asking):
            for _n in range(5):
                case = submit(person, identity=Identity.CONFIDENTIAL, body=f"第{number}件：食堂的汤是凉的。").case
                accepted(house, case) if person != house.dispatcher else None
        notify(kind="to_sign", recipients=[one.pk for one in asking], subject_type="case", subject_id=1, label="L")
    for number, person in enumerate(asking):
        with timezone.frozen(start + timedelta(minutes=7 * number + 3)):
            if number % 2:
                mark_all_read(actor=person)
            else:
                for case in Case.objects.raised_by(person):
                    mark_read(actor=person, subject_type="case", subject_id=case.pk)
    for settled in (False, True):
        if settled:
            settle_read_marks()
        rows = table("notifications_notice")
        in_secret = [row for row in rows if row["recipient_id"] is None]
        openly = {row["read_at"] for row in rows if row["recipient_id"] is not None and row["read_at"]}
        assert openly, "the others' moments are there to be compared"
        assert [row["read_at"] for row in in_secret] == [None] * len(in_secret)
        assert {row["read"] for row in in_secret} == {settled}, "all at one moment, not each at its own"
        marks = table("notifications_readmark")
        assert len({len(row["sealed"]) for row in marks}) == (0 if settled else 1)
        tags = {row["recipient_tag"] for row in in_secret}
        assert not tags & {row["sealed"] for row in marks}
    # One hit exposes few cases: no pseudonym stands on most of a person's.
    cases = sorted((row["requester_tag"] for row in table("cases_case")), key=str)
    assert max(len(list(same)) for _tag, same in groupby(cases)) <= 2
    assert len(set(cases)) >= 15


def rows_naming(person):
    """How many rows of each table refer to a person, or to their account."""
    counts = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if field.related_model in {Person, User}:
                pks = [person.pk] if field.related_model is Person else [account_of(person).pk]
                counts[f"{model._meta.db_table}.{field.column}"] = model._base_manager.filter(
                    **{f"{field.name}__in": pks}
                ).count()
    return counts


def test_a_copy_does_not_tell_who_of_two_looked_at_a_confidential_case_of_their_own(house):
    """The attack that named them: only a confidential requester had left a mark without anything open to look at."""
    case = submit(house.li_na, identity=Identity.CONFIDENTIAL, body="宿舍的热水总是断。").case
    replied(house, case)
    for person in (house.li_na, house.wang_fang):
        browser = sign_in(Client(), person)
        for address in ("/", "/mine/", "/inbox/", "/me/"):
            assert browser.get(address).status_code == 200
        seen = browser.get(f"/case/{case.pk}/").status_code
        assert seen == (200 if person == house.li_na else 404)
    marks = table("notifications_readmark")
    assert len(marks) == 1
    assert rows_naming(house.li_na) == rows_naming(house.wang_fang)
    assert set(marks[0]) == {"id", "reader", "sealed"}
    others = [row for name in ("notifications_notice", "cases_case") for row in table(name)]
    assert not any(marks[0]["reader"] in str(row) for row in others), "it joins nothing"
    assert "notifications_readmark" in LEFT_OUT


def test_a_reader_leaves_different_hashes_so_that_marks_are_not_counted_by_person(house):
    for _look in range(20):
        mark_all_read(actor=house.li_na)
    assert len({row["reader"] for row in table("notifications_readmark")}) > 10


def test_requesters_find_all_their_cases_and_notices_under_whatever_pseudonym(house):
    cases = [submit(house.li_na, identity=Identity.CONFIDENTIAL, body=f"第{n}件。").case for n in range(12)]
    for case in cases[:3]:
        replied(house, case)
    assert set(Case.objects.raised_by(house.li_na)) == set(cases)
    assert all(policies.is_requester(house.li_na, case) for case in cases)
    assert not any(policies.is_requester(house.wang_fang, case) for case in cases)
    assert not Case.objects.raised_by(house.wang_fang).exists()
    for case in cases[:3]:
        tags = Notice.objects.filter(subject_id=str(case.pk), recipient__isnull=True).values_list("recipient_tag")
        assert {bytes(tag) for (tag,) in tags} == {bytes(Case.objects.get(pk=case.pk).requester_tag)}


def test_people_are_still_counted_and_the_same_persons_cases_still_found(house):
    hers = [submit(house.li_na, identity=Identity.CONFIDENTIAL, body=f"第{n}件。").case for n in range(4)]
    his = submit(house.wang_fang, identity=Identity.CONFIDENTIAL, body="另一件。").case
    named = submit(house.li_na, body="实名的。").case
    ids = [case.pk for case in hers]
    assert people_behind([ids, [*ids, his.pk], [named.pk], []]) == [1, 2, 0, 0]
    assert {case.pk for case in same_persons_cases(hers[0])} == set(ids[1:])


def test_rows_of_before_get_pseudonyms_of_their_own(house):
    """The migration: all cases of a person stood under one tag, and so did their notices."""
    cases = [submit(house.li_na, identity=Identity.CONFIDENTIAL, body=f"第{n}件。").case for n in range(8)]
    for case in cases:
        accepted(house, case)
    old = keyed_hash("notice", str(house.li_na.pk))
    Case.objects.update(requester_tag=old)
    Notice.objects.filter(recipient__isnull=True).update(recipient_tag=old)
    assert not Case.objects.raised_by(house.li_na).exists()
    lost = submit(house.wang_fang, identity=Identity.CONFIDENTIAL, body="用丢了的密钥封的。").case
    Case.objects.filter(pk=lost.pk).update(requester_tag=old, requester_sealed=b"0" * 40)
    draw = import_module("lianxin.cases.migrations.0017_many_pseudonyms")._draw_for_all
    with connection.schema_editor() as editor:
        draw(None, editor)
    assert set(Case.objects.raised_by(house.li_na)) == set(cases)
    tags = [bytes(tag) for (tag,) in Case.objects.values_list("requester_tag")]
    assert old not in tags
    assert len(set(tags)) > 4
    for case in Case.objects.raised_by(house.li_na):
        notices = Notice.objects.filter(subject_id=str(case.pk), recipient__isnull=True)
        assert {bytes(tag) for (tag,) in notices.values_list("recipient_tag")} == {bytes(case.requester_tag)}


def test_with_a_wrong_key_the_migration_changes_nothing(house, settings):
    submit(house.li_na, identity=Identity.CONFIDENTIAL)
    before = list(Case.objects.values_list("requester_tag", flat=True))
    settings.LIANXIN_SEAL_KEY = "another one"
    draw = import_module("lianxin.cases.migrations.0017_many_pseudonyms")._draw_for_all
    with pytest.raises(Refusal, match="不是原来那一把"), connection.schema_editor() as editor:
        draw(None, editor)
    assert list(Case.objects.values_list("requester_tag", flat=True)) == before
