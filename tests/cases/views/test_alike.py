"""Similar cases on the page of a case: join, link, not the same, one look away."""

from django.urls import reverse

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case
from lianxin.cases.services.transitions import perform
from tests.factories.cases import dispatched, submit
from tests.pages import post_raw, send_form

HOT_WATER = "宿舍三楼没有热水，已经三天了，晚班回来洗不了澡。"


def test_the_same_text_twice_is_joined_after_a_look_at_both(house, desk_of, understand):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.li_na, HOT_WATER).case
    understand()
    dispatcher = desk_of(house.dispatcher)
    page = dispatcher.get(reverse("cases:case", args=[other.pk]))
    (row,) = page.context["similar"]
    assert "同一个人把同样的话提交了两次" in page.content.decode()
    confirmation = dispatcher.get(row["merge_url"]).content.decode()
    assert one.title in confirmation
    assert other.number in confirmation
    assert Case.objects.get(pk=other.pk).primary is None
    assert send_form(dispatcher, row["merge_url"], to=row["merge_url"]).status_code == 302
    assert Case.objects.get(pk=other.pk).primary == one


def test_the_case_on_which_more_was_done_stays_the_leading_one(house, desk_of, understand):
    further, other = submit(house.li_na, HOT_WATER).case, submit(house.wang_fang, HOT_WATER).case
    dispatched(house, further)
    understand()
    dispatcher = desk_of(house.dispatcher)
    (row,) = dispatcher.get(reverse("cases:case", args=[further.pk])).context["similar"]
    assert send_form(dispatcher, row["merge_url"], to=row["merge_url"]).status_code == 302
    assert Case.objects.get(pk=other.pk).primary == further
    assert Case.objects.get(pk=further.pk).state == CaseState.DISPATCHED


def test_a_case_does_not_follow_one_on_which_less_was_done(house, desk_of):
    further, other = submit(house.li_na, HOT_WATER).case, submit(house.wang_fang, HOT_WATER).case
    perform("ask", actor=house.handler, case_id=dispatched(house, further).pk, text="是哪一间？")
    address = reverse("cases:act", args=[further.pk, "merge"])
    answer = send_form(desk_of(house.dispatcher), address, {"number": other.number}, to=address)
    assert answer.status_code == 422
    assert f"{other.number} 还没有办到这一件的程度" in answer.content.decode()


def test_what_is_not_the_same_is_shown_no_more(house, desk_of, understand):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.wang_fang, HOT_WATER).case
    understand()
    dispatcher, address = desk_of(house.dispatcher), reverse("cases:case", args=[one.pk])
    (row,) = dispatcher.get(address).context["similar"]
    assert (row["case"], row["same_person"]) == (other, False)
    assert send_form(dispatcher, address, to=row["apart_url"]).status_code == 302
    assert dispatcher.get(address).context["similar"] == []
    assert post_raw(dispatcher, reverse("cases:judge_alike", args=[one.pk, other.pk, "maybe"])).status_code == 404


def test_whoever_only_reads_is_told_nothing_of_who_raised_what(house, desk_of, understand):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.li_na, HOT_WATER).case
    understand()
    page = desk_of(house.supervisor).get(reverse("cases:case", args=[one.pk]))
    (row,) = page.context["similar"]
    assert (row["case"], row["same_person"], row["may_judge"]) == (other, False, False)


def test_a_requester_learns_that_they_said_it_before(house, desk_of):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.li_na, HOT_WATER).case
    address = reverse("cases:case", args=[other.pk])
    assert one.number in desk_of(house.li_na).get(f"{address}?done=submit").content.decode()
