"""Inboxes: addressed openly or by a secret tag, each once, taken back from whom they no longer concern."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from lianxin.kernel import clock
from lianxin.notifications.models import Notice
from lianxin.notifications.policies import addressed_to
from lianxin.notifications.queries import PAGE_SIZE, inbox_page, latest
from lianxin.notifications.services import (
    mark_all_read,
    mark_read,
    notify,
    notify_in_secret,
    recipients_of,
    secret_address,
    take_back,
)
from tests.factories.org import PersonFactory

CASE = {"subject_type": "case", "subject_id": 7, "label": "LX-2611-0007"}


@pytest.fixture
def li_na(db):
    return PersonFactory(name="李娜")


@pytest.fixture
def wang_fang(db):
    return PersonFactory(name="王芳")


def inbox(person):
    return list(Notice.objects.filter(addressed_to(person)).values_list("kind", flat=True))


def test_everybody_told_twice_is_told_once(li_na, wang_fang):
    notify(kind="to_sign", recipients=[li_na.pk, wang_fang.pk, li_na.pk], **CASE)
    assert (inbox(li_na), inbox(wang_fang)) == (["to_sign"], ["to_sign"])


def test_a_secret_notice_reaches_its_person_and_names_nobody(li_na, wang_fang):
    notify_in_secret(kind="yours_replied", tag=secret_address(li_na.pk), **CASE)
    assert (inbox(li_na), inbox(wang_fang)) == (["yours_replied"], [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT n::text FROM notifications_notice n")
        assert li_na.name not in cursor.fetchone()[0]
    assert Notice.objects.get().recipient is None


def test_the_inbox_is_one_list_newest_first_however_it_was_addressed(li_na, wang_fang, django_assert_num_queries):
    for number in range(PAGE_SIZE + 2):
        about = CASE | {"subject_id": UUID(int=number), "label": f"LX-2611-{number:04}"}
        at = clock.now() + timedelta(minutes=number)
        if number % 3:
            notify(kind="to_sign", recipients=[li_na.pk, wang_fang.pk], at=at, **about)
        else:
            notify_in_secret(kind="yours_replied", tag=secret_address(li_na.pk), at=at, **about)
    labels = [f"LX-2611-{number:04}" for number in reversed(range(PAGE_SIZE + 2))]
    with django_assert_num_queries(2):
        page, lines = inbox_page(viewer=li_na, number=1)
    assert [line.notice.label for line in lines] == labels[:PAGE_SIZE]
    assert (page.paginator.count, page.has_next()) == (PAGE_SIZE + 2, True)
    last, lines = inbox_page(viewer=li_na, number=7)
    assert (last.number, [line.notice.label for line in lines]) == (2, labels[PAGE_SIZE:])
    mark_read(actor=li_na, subject_type="case", subject_id=UUID(int=PAGE_SIZE + 1))
    assert [line.notice.label for line in latest(viewer=li_na, limit=2)] == labels[1:3]


def test_an_empty_inbox_is_a_page_too(li_na):
    page, lines = inbox_page(viewer=li_na, number=0)
    assert (page.number, page.paginator.count, lines, latest(viewer=li_na)) == (1, 0, [], [])


def test_a_notice_has_one_address(li_na):
    with pytest.raises(IntegrityError, match="notice_has_one_address"), transaction.atomic():
        Notice.objects.create(kind="x", subject_type="case", subject_id="7", label="", at="2026-11-24T00:00Z")


def test_looking_marks_one_object_or_everything_as_read_and_only_ones_own(li_na, wang_fang):
    notify(kind="to_sign", recipients=[li_na.pk, wang_fang.pk], **CASE)
    notify(kind="to_sign", recipients=[li_na.pk], subject_type="case", subject_id=8, label="LX-2611-0008")
    notify_in_secret(kind="yours_replied", tag=secret_address(li_na.pk), **CASE)
    assert mark_read(actor=li_na, subject_type="case", subject_id=7) == 2
    assert mark_all_read(actor=li_na) == 1
    assert Notice.objects.filter(read_at=None).get().recipient == wang_fang


def test_notices_are_taken_back_from_whom_they_no_longer_concern(li_na, wang_fang):
    notify(kind="to_sign", recipients=[li_na.pk, wang_fang.pk], **CASE)
    assert recipients_of("case", 7) == {li_na.pk, wang_fang.pk}
    assert take_back(subject_type="case", subject_id=7, recipients=[li_na.pk]) == 1
    assert (inbox(li_na), inbox(wang_fang)) == ([], ["to_sign"])


def test_a_notice_is_undone_with_its_cause(li_na):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - what fails comes after
        notify(kind="to_sign", recipients=[li_na.pk], **CASE)
        1 / 0  # noqa: B018
    assert inbox(li_na) == []
