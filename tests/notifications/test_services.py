"""Inboxes: addressed openly or by a secret tag, each once, taken back from whom they no longer concern."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from lianxin.kernel import timezone
from lianxin.notifications.models import Notice, ReadMark
from lianxin.notifications.policies import PSEUDONYMS, addressed_to, pseudonyms
from lianxin.notifications.queries import PAGE_SIZE, inbox_page, latest, unread_count
from lianxin.notifications.services import (
    draw_pseudonym,
    mark_all_read,
    mark_read,
    notify,
    notify_pseudonymous,
    recipients_of,
    settle_notices,
    settle_read_marks,
    take_back,
)
from tests.factories.org import PersonFactory
from tests.queries import count_queries

CASE = {"subject_type": "case", "subject_id": 7, "label": "LX-2611-0007"}
SEVEN = CASE | {"subject_id": UUID(int=7)}


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
    notify_pseudonymous(kind="yours_replied", tag=draw_pseudonym(li_na.pk), **CASE)
    assert (inbox(li_na), inbox(wang_fang)) == (["yours_replied"], [])
    with connection.cursor() as cursor:
        cursor.execute("SELECT n::text FROM notifications_notice n")
        assert li_na.name not in cursor.fetchone()[0]
    assert Notice.objects.get().recipient is None


def test_the_inbox_is_one_list_newest_first_however_it_was_addressed(li_na, wang_fang):
    for number in range(PAGE_SIZE + 2):
        about = CASE | {"subject_id": UUID(int=number), "label": f"LX-2611-{number:04}"}
        at = timezone.now() + timedelta(minutes=number)
        if number % 3:
            notify(kind="to_sign", recipients=[li_na.pk, wang_fang.pk], at=at, **about)
        else:
            notify_pseudonymous(kind="yours_replied", tag=draw_pseudonym(li_na.pk), at=at, **about)
    labels = [f"LX-2611-{number:04}" for number in reversed(range(PAGE_SIZE + 2))]
    page, lines = inbox_page(viewer=li_na, number=1)
    assert [line.notice.label for line in lines] == labels[:PAGE_SIZE]
    assert (page.paginator.count, page.has_next()) == (PAGE_SIZE + 2, True)
    last, lines = inbox_page(viewer=li_na, number=7)
    assert (last.number, [line.notice.label for line in lines]) == (2, labels[PAGE_SIZE:])
    mark_read(actor=li_na, subject_type="case", subject_id=UUID(int=PAGE_SIZE + 1))
    assert [line.notice.label for line in latest(viewer=li_na, limit=2)] == labels[1:3]


def test_an_inbox_of_thirty_costs_as_many_statements_as_one_of_three(li_na):
    def receive(number):
        about = CASE | {"subject_id": UUID(int=number)}
        notify(kind="to_sign", recipients=[li_na.pk], **about)
        notify_pseudonymous(kind="yours_replied", tag=draw_pseudonym(li_na.pk), **about)

    for number in range(2):
        receive(number)
    inbox_page(viewer=li_na, number=1)  # reads once what the viewer is
    few = count_queries(lambda: inbox_page(viewer=li_na, number=1))
    for number in range(2, PAGE_SIZE):
        receive(number)
    assert count_queries(lambda: inbox_page(viewer=li_na, number=1)) == few


def test_an_empty_inbox_is_a_page_too(li_na):
    page, lines = inbox_page(viewer=li_na, number=0)
    assert (page.number, page.paginator.count, lines, latest(viewer=li_na)) == (1, 0, [], [])


def test_a_notice_has_one_address(li_na):
    with pytest.raises(IntegrityError, match="notice_has_one_address"), transaction.atomic():
        Notice.objects.create(kind="x", subject_type="case", subject_id="7", label="", at="2026-11-24T00:00Z")


def waiting(person):
    return unread_count(viewer=person)


def test_looking_marks_one_object_or_everything_as_read_and_only_ones_own(li_na, wang_fang):
    notify(kind="to_sign", recipients=[li_na.pk, wang_fang.pk], **SEVEN)
    notify(kind="to_sign", recipients=[li_na.pk], subject_type="case", subject_id=UUID(int=8), label="LX-2611-0008")
    notify_pseudonymous(kind="yours_replied", tag=draw_pseudonym(li_na.pk), **SEVEN)
    notify_pseudonymous(kind="yours_closed", tag=draw_pseudonym(wang_fang.pk), **SEVEN)
    assert (waiting(li_na), waiting(wang_fang)) == (2, 1)
    assert mark_read(actor=li_na, subject_type="case", subject_id=UUID(int=7)) == 1
    assert (waiting(li_na), waiting(wang_fang)) == (1, 1)
    assert mark_all_read(actor=li_na) == 1
    assert (waiting(li_na), waiting(wang_fang)) == (0, 1)
    assert latest(viewer=li_na) == []
    assert [line.is_unread for line in inbox_page(viewer=li_na, number=1)[1]] == [False] * 2
    assert Notice.objects.filter(recipient__isnull=False, read_at=None).get().recipient == wang_fang


def test_of_looking_at_a_secret_notice_nothing_is_written_to_it_until_the_full_hour(li_na, wang_fang):
    notify(kind="to_sign", recipients=[li_na.pk], subject_type="case", subject_id=UUID(int=8), label="LX-2611-0008")
    for tag in (draw_pseudonym(li_na.pk), draw_pseudonym(wang_fang.pk)):
        notify_pseudonymous(kind="yours_replied", tag=tag, **SEVEN)
    in_secret = Notice.objects.filter(recipient__isnull=True)
    before = list(in_secret.order_by("pk").values())
    mark_all_read(actor=li_na)
    assert list(in_secret.order_by("pk").values()) == before
    assert settle_read_marks() == 1
    assert ReadMark.objects.count() == 0
    read = in_secret.get(read=True)
    assert bytes(read.recipient_tag) in pseudonyms(li_na.pk)
    assert set(in_secret.values_list("read_at", flat=True)) == {None}
    assert (waiting(li_na), waiting(wang_fang)) == (0, 1)


def test_what_comes_after_the_look_stays_unread(li_na):
    notify_pseudonymous(kind="yours_replied", tag=draw_pseudonym(li_na.pk), **SEVEN)
    mark_all_read(actor=li_na)
    later = timezone.now() + timedelta(minutes=5)
    notify_pseudonymous(kind="yours_closed", tag=draw_pseudonym(li_na.pk), at=later, **SEVEN)
    assert waiting(li_na) == 1
    assert settle_read_marks() == 1
    assert [line.notice.kind for line in latest(viewer=li_na)] == ["yours_closed"]


def test_every_look_leaves_the_same_mark_whoever_looks_at_whatever(li_na, wang_fang):
    notify_pseudonymous(kind="yours_replied", tag=draw_pseudonym(li_na.pk), **SEVEN)
    mark_read(actor=li_na, subject_type="case", subject_id=UUID(int=7))
    mark_read(actor=wang_fang, subject_type="early_warning", subject_id=UUID(int=3))
    mark_all_read(actor=wang_fang)
    lengths = {len(bytes(mark.sealed)) for mark in ReadMark.objects.all()}
    assert (ReadMark.objects.count(), len(lengths)) == (3, 1)


def test_the_database_lets_no_moment_stand_on_a_secret_notice(li_na):
    notify_pseudonymous(kind="yours_replied", tag=draw_pseudonym(li_na.pk), **SEVEN)
    with pytest.raises(IntegrityError, match="notice_in_secret_has_no_time"), transaction.atomic():
        Notice.objects.update(read_at=timezone.now())


def test_a_person_has_many_pseudonyms_and_shares_none(li_na, wang_fang):
    hers, others = set(pseudonyms(li_na.pk)), set(pseudonyms(wang_fang.pk))
    assert (len(hers), len(others), hers & others) == (PSEUDONYMS, PSEUDONYMS, set())
    drawn = {draw_pseudonym(li_na.pk) for _n in range(200)}
    assert drawn <= hers
    assert len(drawn) > 10


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


def test_what_was_done_leaves_the_inbox_for_everybody_or_for_some(li_na, wang_fang):
    notify(kind="to_sign", recipients=[li_na.pk, wang_fang.pk], hourly=True, **SEVEN)
    notify_pseudonymous(kind="to_sign", tag=draw_pseudonym(li_na.pk), **SEVEN)
    settle_notices(subject_type="case", subject_ids=[UUID(int=7)], kinds=["to_sign"], recipients=[wang_fang.pk])
    assert (waiting(li_na), waiting(wang_fang)) == (1, 0)
    settle_notices(subject_type="case", subject_ids=[UUID(int=7)], kinds=["to_sign"])
    assert (waiting(li_na), waiting(wang_fang)) == (0, 0)
    assert [inbox_page(viewer=person, number=1)[1] for person in (li_na, wang_fang)] == [[], []]
    kept = Notice.objects.exclude(read_at=None).values_list("read_at", flat=True)
    assert {(at.minute, at.second) for at in kept} == {(0, 0)}


def test_what_was_read_and_asks_for_nothing_leaves_after_a_month_and_a_duty_stays(li_na):
    long_ago = timezone.now() - timedelta(days=40)
    for number, kind in ((7, "rated"), (8, "to_sign"), (9, "rated")):
        about = CASE | {"subject_id": UUID(int=number), "label": f"LX-2611-{number:04}"}
        notify(kind=kind, recipients=[li_na.pk], at=long_ago, **about)
        if number < 9:
            mark_read(actor=li_na, subject_type="case", subject_id=UUID(int=number))
    assert {line.notice.label for line in inbox_page(viewer=li_na, number=1)[1]} == {"LX-2611-0008", "LX-2611-0009"}
