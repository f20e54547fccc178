"""From the requester's agreement to the board and off it again."""

from datetime import timedelta

import pytest

from lianxin.board import queries, services
from lianxin.board.enums import PostState
from lianxin.board.models import Endorsement, Post
from lianxin.board.services import Texts
from lianxin.cases.models import Case, Message
from lianxin.cases.services import requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from lianxin.org.models import Person
from tests.board.stories import MONDAY, TEXTS, on_board, put_up, shared, solved, staff
from tests.factories.cases import accepted, in_progress, replied, submit

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_a_monday():
    with timezone.frozen(MONDAY):
        yield


def titles(viewer):
    return [post.title for post in queries.posts_for(viewer=viewer)]


def actions(case):
    return [event.action for event in events_of("case", case.pk)][-3:]


def test_nothing_is_shared_unless_the_requester_says_so(house):
    solved(house)
    assert list(queries.drafts_for(viewer=house.dispatcher)) == []
    with pytest.raises(VersionConflict, match="同意"):
        put_up(house, Case.objects.get())
    assert Case.objects.get().publication_consent_at is None


def test_what_is_put_up_is_read_from_the_next_day_on(house):
    case = shared(house)
    assert [each.pk for each in queries.drafts_for(viewer=house.dispatcher)] == [case.pk]
    put_up(house, case)
    assert (titles(house.wang_fang), queries.draft_count(viewer=house.dispatcher)) == ([], 0)
    with timezone.frozen(MONDAY.replace(hour=16, minute=0)):  # midnight in the enterprise
        assert titles(house.wang_fang) == ["宿舍没有热水"]
    assert actions(case) == ["rate", "share", "publish"]
    assert Notice.objects.filter(recipient=house.li_na, kind="yours_published").count() == 1


def test_a_draft_is_seen_by_its_dispatchers_alone(house):
    case = shared(house)
    services.save_draft(actor=house.dispatcher, case_id=case.pk, texts=TEXTS, unit_id=house.root.pk, expected=0)
    assert queries.draft_for(viewer=house.head_dispatcher, case_id=case.pk).title == "宿舍没有热水"
    for stranger in (house.wang_fang, house.outsider, house.inspector, house.system_admin):
        with pytest.raises(NotFound):
            queries.draft_for(viewer=stranger, case_id=case.pk)
    for reader in (house.li_na, house.handler, house.supervisor, house.unit_leader):
        with pytest.raises(PermissionDenied):
            queries.draft_for(viewer=reader, case_id=case.pk)
    with timezone.frozen(MONDAY + 9 * DAY):
        assert titles(house.dispatcher) == []


def test_taken_back_it_is_gone_at_once_with_its_texts_and_endorsements(house):
    post = on_board(house)
    services.endorse(actor=house.wang_fang, post_id=post.pk, wanted=True)
    perform("unshare", actor=house.li_na, case_id=post.case_id)
    assert titles(house.wang_fang) == []
    assert not Post.objects.exists()
    assert not Endorsement.objects.exists()
    with pytest.raises(NotFound):
        services.endorse(actor=house.wang_fang, post_id=post.pk, wanted=True)
    perform("share", actor=house.li_na, case_id=post.case_id)
    assert queries.draft_for(viewer=house.dispatcher, case_id=post.case_id).version == 0
    assert titles(house.wang_fang) == []


def test_whoever_publishes_just_after_the_agreement_was_taken_back_is_told(house):
    case = shared(house)
    perform("unshare", actor=house.li_na, case_id=case.pk)
    with pytest.raises(VersionConflict, match="同意"):
        put_up(house, case)
    assert not Post.objects.exists()


def test_of_two_dispatchers_one_is_told_what_the_other_did(house):
    case = shared(house)
    put_up(house, case)
    with pytest.raises(VersionConflict, match="刚才有人修改过"):
        put_up(house, case, actor=house.head_dispatcher, expected=0, texts=Texts("别的", "别的", "别的"))
    assert Post.objects.get().title == "宿舍没有热水"
    assert actions(case).count("publish") == 1


def test_a_correction_counts_at_once_and_keeps_its_place(house):
    post = on_board(house)
    put_up(house, Case.objects.get(), Texts("热水", TEXTS.question, TEXTS.answer))
    now = Post.objects.get()
    assert (titles(house.wang_fang), now.published_on, now.pk) == (["热水"], post.published_on, post.pk)
    assert now.changed_on == timezone.today()


def test_taken_down_with_a_reason_that_the_requester_reads(house):
    post = on_board(house)
    services.keep_off(actor=house.dispatcher, case_id=post.case_id, reason="有人认出了同事。", expected=post.version)
    assert titles(house.wang_fang) == []
    assert Message.objects.filter(case=post.case_id, text="有人认出了同事。", internal=False).exists()
    assert Notice.objects.filter(recipient=house.li_na, kind="yours_taken_down").count() == 1
    with pytest.raises(VersionConflict):
        services.keep_off(actor=house.dispatcher, case_id=post.case_id, reason="再次", expected=post.version + 1)
    put_up(house, Case.objects.get())
    assert titles(house.wang_fang) == [], "put up anew, it is read from tomorrow on"


def test_a_case_kept_off_before_anything_was_written(house):
    case = shared(house)
    services.keep_off(actor=house.dispatcher, case_id=case.pk, reason="内容无法脱敏。", expected=0)
    assert queries.draft_count(viewer=house.dispatcher) == 0
    kept = queries.drafts_for(viewer=house.dispatcher, state=PostState.KEPT_OFF)
    assert [each.pk for each in kept] == [case.pk]
    with pytest.raises(ValidationFailed):
        services.keep_off(actor=house.dispatcher, case_id=shared(house).pk, reason=" ", expected=0)


def test_reopened_it_leaves_the_board_and_the_agreement_is_asked_for_anew(house):
    case = replied(house, submit(house.li_na, place=house.workshop).case)
    with timezone.frozen(MONDAY + 8 * DAY):
        from lianxin.cases.services import deadlines  # noqa: PLC0415

        deadlines.scan()
        perform("share", actor=house.li_na, case_id=case.pk)
        put_up(house, case)
    with timezone.frozen(MONDAY + 9 * DAY):
        assert titles(house.wang_fang) == ["宿舍没有热水"]
        requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
        assert titles(house.wang_fang) == []
    case.refresh_from_db()
    assert (case.state, case.publication_consent_at, Post.objects.count()) == ("reopened", None, 0)


@pytest.mark.parametrize("about", ["孙强", "食堂一位不知道名字的师傅"])
def test_what_is_about_somebody_never_goes_onto_the_board(house, about):
    case = submit(house.li_na, place=house.workshop, about=about).case
    requesting_allowed = {"expected": None}
    accepted(house, case)
    if case.subjects_unsettled:
        triage.settle_subjects(actor=house.head_dispatcher, case_id=case.pk, nobody=True)
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.workshop)
    from lianxin.cases.services import handling  # noqa: PLC0415

    perform("sign", actor=house.co_handler, case_id=case.pk)
    handling.reply_to_requester(actor=house.co_handler, case_id=case.pk, text="已谈话。")
    requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)
    with pytest.raises(ValidationFailed, match="不适合"):
        perform("share", actor=house.li_na, case_id=case.pk, **requesting_allowed)


def test_before_the_end_and_after_a_merge_there_is_nothing_to_share(house):
    case = in_progress(house, submit(house.li_na, place=house.workshop).case)
    with pytest.raises(VersionConflict):
        perform("share", actor=house.li_na, case_id=case.pk)
    primary = submit(house.wang_fang, place=house.workshop).case
    follower = submit(house.li_na, place=house.workshop).case
    triage.merge_case(actor=house.dispatcher, case_id=follower.pk, primary_id=primary.pk)
    replied(house, primary)
    requester.rate_case(actor=house.li_na, case_id=follower.pk, resolved="yes", satisfaction=4)
    requester.rate_case(actor=house.wang_fang, case_id=primary.pk, resolved="yes", satisfaction=4)
    with pytest.raises(ValidationFailed):
        perform("share", actor=house.li_na, case_id=follower.pk)
    perform("share", actor=house.wang_fang, case_id=primary.pk)
    assert [each.pk for each in queries.drafts_for(viewer=house.dispatcher)] == [primary.pk]


def test_nobody_agrees_in_the_requesters_place(house):
    case = solved(house)
    for other in (house.wang_fang, house.dispatcher, house.handler, house.head_supervisor):
        with pytest.raises((NotFound, PermissionDenied)):
            perform("share", actor=other, case_id=case.pk)


def test_the_unit_shown_is_large_enough_to_hide_in(house):
    case = shared(house)
    assert queries.levels_of(case) == [house.root]
    staff(house)
    assert queries.levels_of(case) == [house.company, house.root]
    with pytest.raises(ValidationFailed) as refused:
        put_up(house, case, unit_id=house.workshop.pk)
    assert "unit" in refused.value.fields


def test_what_is_still_marked_has_to_be_looked_at(house):
    case = shared(house, body="检修车间的王芳说电话13812345678没人接，工号1002。")
    draft = queries.draft_for(viewer=house.dispatcher, case_id=case.pk)
    texts = Texts(draft.title, draft.question, draft.answer)
    marked = queries.markings_for(texts=texts.as_dict()).words
    assert [mark.text for mark in marked] == ["检修车间", "王芳", "13812345678", "1002"]
    with pytest.raises(ValidationFailed) as refused:
        put_up(house, case, texts, looked=False)
    assert "looked" in refused.value.fields
    assert put_up(house, case, texts, looked=True).state == PostState.PUBLISHED


def test_control_characters_go_and_limits_hold(house):
    case = shared(house)
    post = put_up(house, case, Texts(" 热\x0b水\x00 ", "一\r\n二\x1b", "好\ufffe了"))
    assert (post.title, post.question, post.answer) == ("热水", "一\n二", "好了")
    with pytest.raises(ValidationFailed) as refused:
        put_up(house, case, Texts("长" * 101, " ", "好"))
    assert set(refused.value.fields) == {"title", "question"}


def test_one_endorsement_a_person_counted_once_a_day_and_shown_from_five_on(house):
    post = on_board(house)
    people = list(Person.objects.order_by("pk")[:6])
    for person in [*people, people[0], people[0]]:
        services.endorse(actor=person, post_id=post.pk, wanted=True)
    services.endorse(actor=people[5], post_id=post.pk, wanted=False)
    assert Post.objects.get().endorsed == 0
    assert (services.count_endorsements(), Post.objects.get().endorsed) == (1, 5)
    services.endorse(actor=people[5], post_id=post.pk, wanted=True)
    assert (services.count_endorsements(), Post.objects.get().endorsed) == (0, 5)
    with timezone.frozen(MONDAY + DAY):
        services.count_endorsements()
    assert Post.objects.get().endorsed == 6


def test_nobody_can_list_who_endorsed(house):
    post = on_board(house)
    services.endorse(actor=house.wang_fang, post_id=post.pk, wanted=True)
    row = Endorsement.objects.values().get()
    assert set(row) == {"tag", "post_id"}
    assert len(bytes(row["tag"])) == 32
    assert not events_of("board.post", post.pk).exists()


def test_what_is_not_on_the_board_yet_cannot_be_endorsed(house):
    post = put_up(house, shared(house))
    with pytest.raises(NotFound):
        services.endorse(actor=house.wang_fang, post_id=post.pk, wanted=True)


def test_a_new_feed_address_ends_the_old_one_and_revoking_ends_all(house):
    first = services.make_feed_address(actor=house.wang_fang)
    assert queries.reader_of_feed(first) == house.wang_fang
    second = services.make_feed_address(actor=house.wang_fang)
    with pytest.raises(NotFound):
        queries.reader_of_feed(first)
    services.revoke_feed_address(actor=house.wang_fang)
    for key in (first, second, "", "x" * 500):
        with pytest.raises(NotFound):
            queries.reader_of_feed(key)


def test_who_has_left_reads_no_feed(house):
    key = services.make_feed_address(actor=house.wang_fang)
    Person.objects.filter(pk=house.wang_fang.pk).update(left_on=timezone.today() - DAY)
    with pytest.raises(NotFound):
        queries.reader_of_feed(key)
