"""Raising a case, following it and judging it, through the pages."""

import errno
import os
import re
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from lianxin.cases.enums import CaseState, Identity
from lianxin.cases.models import Attachment, Case, Rating
from lianxin.cases.services import intake, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel import files
from lianxin.kernel.cleaning.__main__ import clean
from lianxin.kernel.crowds import Limit
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.files import storage
from lianxin.ledger.queries import events_of
from lianxin.org.models import Employment, Person
from tests.factories.accounts import sign_in
from tests.factories.cases import accepted, in_progress, replied, submit
from tests.factories.org import PersonFactory
from tests.kit import assert_no_n_plus_one
from tests.pages import post_raw, send_form, text_of

WORDS = "宿舍三楼没有热水，已经三天了。希望尽快修好。"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def picture(name="水房.png"):
    stream = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/png")


def say(client, *, page="/say/", follow=False, **more):
    """Fill in the form and send it."""
    return send_form(client, page, {"body": WORDS, "identity": "named", **more}, follow=follow)


@pytest.fixture
def li_na(house):
    return sign_in(Client(), house.li_na)


def test_her_page_says_quietly_when_something_changed_that_she_may_read(li_na, house):
    case = in_progress(house, submit(house.li_na).case)
    page = f"/case/{case.pk}/"
    word = re.search(r'data-live="/case/[-0-9a-f]+/live/" data-live-version="(\d+)"', text_of(li_na.get(page)))[1]
    assert text_of(li_na.get(f"{page}live/")) == word
    perform("note", actor=house.handler, case_id=case.pk, text="打过电话，没人接")
    assert text_of(li_na.get(f"{page}live/")) == word
    perform("contact", actor=house.handler, case_id=case.pk, text="今天下午来修。")
    assert text_of(li_na.get(f"{page}live/")) != word


def test_the_form_is_ready_with_the_own_unit_and_by_name(li_na, house):
    page = text_of(li_na.get("/say/"))
    assert '<option value="" selected>检修车间（我的单位，匿名时不填）</option>' in page
    assert f'<option value="{house.workshop.pk}">' in page
    assert 'value="named" id="id_identity_0"' in page
    assert f'data-draft="case-new.{house.li_na.pk}.body"' in page


def test_li_na_raises_a_case_and_reads_its_number_and_by_when(li_na, house):
    answer = say(li_na, place=house.workshop.pk, files=[picture(), picture("水表.png")], follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain == [(f"/case/{case.pk}/?done=submit", 302)]
    page = text_of(answer)
    assert case.number in page
    assert "最晚" in page
    assert f'<meta name="draft-clear" content="case-new.{house.li_na.pk}">' in page
    assert [file.name for file in case.attachments.all()] == ["水房.png", "水表.png"]


def test_the_same_form_sent_twice_makes_one_case(li_na):
    form = li_na.get("/say/")
    first, second = say(li_na, page=form), say(li_na, page=form)
    assert first.url == second.url
    assert Case.objects.count() == 1
    assert f"您已提交过，编号 {Case.objects.get().number}" in text_of(li_na.get(second.url))


def test_a_refused_file_is_named_and_the_words_are_kept(li_na, house):
    bad = SimpleUploadedFile("程序.exe", b"MZ\x00\x01" * 20)
    answer = say(li_na, files=[picture(), bad], title="热水", about="张三")
    assert answer.status_code == 422
    page = text_of(answer)
    assert "“程序.exe”" in page
    assert WORDS in page
    assert 'value="热水"' in page
    assert 'value="张三"' in page
    assert "重新选择" in page
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("水房.txt", "热水".encode(), ""),
        (
            "视频.mp4",
            b"\0\0\0\x18ftypmp42",
            "“视频.mp4”：不支持这种文件",
        ),
        ("空.pdf", b"", "“空.pdf”：这个文件是空的"),
    ],
)
def test_a_file_is_looked_at_when_it_is_chosen_and_nothing_is_kept(li_na, settings, name, content, said):
    with CaptureQueriesContext(connection) as queries:
        answer = post_raw(li_na, "/say/file/", {"file": SimpleUploadedFile(name, content)})
    assert (answer.status_code, re.split("[。，]", answer.content.decode())[0]) == (200, said)
    assert not re.search(r"session|accounts_|INSERT", " ".join(query["sql"] for query in queries))
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_beyond_a_limit_files_are_looked_at_only_when_they_are_sent(li_na, monkeypatch):
    monkeypatch.setattr(
        "lianxin.cases.views.files.CHECKS", Limit(per_source=1, together=9, window=timedelta(minutes=1))
    )
    said = [post_raw(li_na, "/say/file/", {"file": SimpleUploadedFile("a.exe", b"MZ")}).content for _ in range(2)]
    assert (said[0] != b"", said[1]) == (True, b"")


def test_a_full_disk_keeps_the_words_and_makes_no_case(li_na, monkeypatch, settings):
    write, written = os.write, []

    def full_after_the_first(descriptor, content):
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(descriptor)
        return write(descriptor, content)

    monkeypatch.setattr("lianxin.kernel.files.clean_apart", clean)  # which would write to its process
    monkeypatch.setattr(storage.os, "write", full_after_the_first)
    answer = say(li_na, files=[picture(), picture("水表.png")])
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert answer.status_code == 507
    assert WORDS in text_of(answer)
    assert Case.objects.count() == 0


def test_too_many_in_ten_minutes_is_said_and_the_words_are_kept(li_na, monkeypatch):
    monkeypatch.setattr(intake, "PER_PERSON", 1)
    say(li_na)
    answer = say(li_na)
    assert answer.status_code == 429
    assert WORDS in text_of(answer)
    assert Case.objects.count() == 1


def test_after_the_session_ended_the_words_are_still_there(li_na):
    form = li_na.get("/say/")
    li_na.logout()
    answer = say(li_na, page=form, title="热水")
    assert answer.status_code == 401
    page = text_of(answer)
    assert WORDS in page
    assert 'value="热水"' in page
    assert "/sign-in/?next=%2Fsay%2F" in page
    assert Case.objects.count() == 0


def test_an_empty_form_says_what_is_missing(li_na):
    answer = say(li_na, body=" ")
    assert answer.status_code == 422
    assert "error-summary" in text_of(answer)


def test_wang_fang_owns_what_li_na_raises_for_her(li_na, house):
    Employment.objects.filter(person=house.wang_fang).update(unit=house.logistics)
    answer = say(li_na, colleague="1002", follow=True)
    case = Case.objects.get()
    assert (case.requester, case.submitted_by, case.place_unit) == (house.wang_fang, house.li_na, house.logistics)
    assert li_na.get(f"/case/{case.pk}/").status_code == 404
    page = text_of(answer)
    assert f"已收到，编号 {case.number}" in page
    assert "这是您受王芳委托提交的" in page
    assert "由“东城供电公司”的受理员受理" in page
    hers = text_of(sign_in(Client(), house.wang_fang).get(f"/case/{case.pk}/"))
    assert re.search(r'message-author">李娜</span> <span class="message-note">受您委托', hers)
    at_desk = text_of(sign_in(Client(), house.dispatcher).get(f"/case/{case.pk}/"))
    assert "李娜（受同事委托）" in at_desk


@pytest.mark.parametrize("typed", ["1002", " １００２ ", "+86 139-0000-1002", "王芳", "王　芳"])
def test_a_colleague_is_found_however_it_is_typed(house, typed):
    Person.objects.filter(pk=house.wang_fang.pk).update(phone="13900001002")
    assert intake.find_colleague(typed) == house.wang_fang


def test_letters_of_a_number_count_as_equal_and_two_of_a_name_are_told_apart(house):
    namesake = PersonFactory(name="王芳", employee_no="Gd77", unit=house.company)
    assert intake.find_colleague("gD77") == namesake
    with pytest.raises(ValidationFailed, match="请填工号"):
        intake.find_colleague("王芳")


def test_li_na_reads_what_wang_fang_reads_until_she_takes_it_over(li_na, house):
    say(li_na, colleague="1002", files=[picture()])
    case = in_progress(house, Case.objects.get())
    perform("note", actor=house.handler, case_id=case.pk, text="内部备注")
    perform("contact", actor=house.handler, case_id=case.pk, text="明天上午来修。")
    mine, address = text_of(li_na.get("/mine/")), f"/case/{case.pk}/spoken/"
    assert "受同事委托提交的" in mine
    assert address in mine
    page = text_of(li_na.get(address))
    assert "明天上午来修。" in page
    assert "内部备注" not in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert "水房.png" in page
    assert li_na.get(f"/file/{Attachment.objects.get().pk}/").status_code == 404
    wang_fang = sign_in(Client(), house.wang_fang)
    hers = text_of(wang_fang.get(f"/case/{case.pk}/"))
    assert "李娜受您委托提交了这件诉求" in hers
    assert re.search(r"李娜 <span class=\"muted\">", hers.split("查看记录")[1])
    send_form(wang_fang, f"/case/{case.pk}/", {}, to="/follow_alone/")
    assert li_na.get(address).status_code == 404
    assert address not in text_of(li_na.get("/mine/"))
    assert "您已接手" in text_of(wang_fang.get(f"/case/{case.pk}/"))
    assert "李娜受您委托提交了这件诉求" not in text_of(wang_fang.get(f"/case/{case.pk}/"))


def test_whatever_wang_fang_does_first_takes_it_over(li_na, house):
    say(li_na, colleague="1002")
    case = Case.objects.get()
    send_form(sign_in(Client(), house.wang_fang), f"/case/{case.pk}/", {"text": "是三楼。"}, to="/add/")
    assert li_na.get(f"/case/{case.pk}/spoken/").status_code == 404


def test_a_speaker_reads_nothing_more_of_what_is_about_her_and_of_what_ended(li_na, house):
    about = submit(house.li_na, on_behalf_of=house.wang_fang, about="李娜").case
    ended = submit(house.li_na, on_behalf_of=house.wang_fang).case
    Case.objects.filter(pk=ended.pk).update(speaker_follows=True)
    requester.withdraw_case(actor=house.wang_fang, case_id=ended.pk)
    Case.objects.filter(pk=ended.pk).update(speaker_follows=True)
    for case in (about, ended):
        assert li_na.get(f"/case/{case.pk}/spoken/").status_code == 404
        assert f"/case/{case.pk}/" not in text_of(li_na.get("/mine/"))


def test_of_conduct_whoever_spoke_reads_nothing_once_it_is_submitted(li_na, house):
    answer = say(li_na, colleague="1002", kind="conduct", body="吃拿卡要。")
    case = Case.objects.get()
    assert (case.sealed, answer.status_code, answer["Location"]) == (True, 302, "/mine/")
    assert f"{case.number} 已提交，只有纪检委员和您的同事能看到。" in text_of(li_na.get("/mine/"))
    assert li_na.get(f"/case/{case.pk}/spoken/").status_code == 404


def test_cases_of_colleagues_cost_the_same_however_many(li_na, house):
    def add(count):
        for _ in range(count):
            submit(house.li_na, on_behalf_of=house.wang_fang)

    assert_no_n_plus_one(lambda: add(3), lambda: add(9), lambda: li_na.get("/mine/"))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {},
            "派单后，承办单位一般在 2 个工作日内联系您，7 个工作日内答复。",
        ),
        ({"kind": "question"}, "3 个工作日内答复"),
        ({"about": "孙强"}, "由负责“检修车间”、与此事无关的受理员受理"),
        ({"kind": "conduct"}, "只有纪检委员能看到"),
    ],
)
def test_after_sending_it_says_who_receives_it_and_by_when(li_na, house, more, said):
    page = text_of(say(li_na, follow=True, place=house.workshop.pk, **more))
    assert said in page
    assert "最晚" in page


def test_a_colleague_nobody_knows_is_said_at_the_field(li_na):
    answer = say(li_na, colleague="9999")
    assert answer.status_code == 422
    assert "id_colleague_error" in text_of(answer)


def test_hostile_text_comes_out_as_text_everywhere(li_na, house):
    say(li_na, body=HOSTILE, title=HOSTILE[:90], about=HOSTILE)
    case = Case.objects.get()
    triage.settle_subjects(actor=house.head_dispatcher, case_id=case.pk, nobody=True)
    in_progress(house, case)
    perform("ask", actor=house.handler, case_id=case.pk, text=HOSTILE)
    asked = text_of(li_na.get(f"/case/{case.pk}/"))
    send_form(li_na, f"/case/{case.pk}/", {"text": HOSTILE}, to="/answer/")
    wrong = text_of(say(li_na, body=HOSTILE, title=HOSTILE, about=HOSTILE, colleague=HOSTILE))
    for page in (asked, wrong, text_of(li_na.get(f"/case/{case.pk}/")), text_of(li_na.get("/mine/"))):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_my_cases_begin_with_those_that_wait_for_me(li_na, house):
    first = submit(house.li_na, "食堂晚餐太早。").case
    second = submit(house.li_na, "停车位不够。").case
    replied(house, first)
    page = text_of(li_na.get("/mine/"))
    assert page.index("食堂晚餐太早") < page.index("停车位不够")
    assert "待您评价" in page
    assert second.number in page


def test_a_first_visit_to_my_cases_says_what_to_do(li_na):
    assert "还没有提交过" in text_of(li_na.get("/mine/"))


def queries_of(client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_the_list_costs_the_same_however_long_it_is(li_na, house, django_assert_max_num_queries):
    submit(house.li_na)
    li_na.get("/mine/")
    few = queries_of(li_na, "/mine/", django_assert_max_num_queries)
    for n in range(8):
        submit(house.li_na, f"第{n}件事情。")
    assert queries_of(li_na, "/mine/", django_assert_max_num_queries) == few


def test_the_case_costs_the_same_however_much_was_said(li_na, house, django_assert_max_num_queries):
    case = submit(house.li_na).case
    in_progress(house, case)
    address = f"/case/{case.pk}/"
    requester.add_to_case(actor=house.li_na, case_id=case.pk, text="补充")
    li_na.get(address)
    few = queries_of(li_na, address, django_assert_max_num_queries)
    for n in range(6):
        requester.add_to_case(actor=house.li_na, case_id=case.pk, text=f"补充{n}")
        perform("contact", actor=house.handler, case_id=case.pk, text=f"在办{n}")
    assert queries_of(li_na, address, django_assert_max_num_queries) == few


def test_the_tab_says_what_is_there_but_nothing_of_a_sealed_case(li_na, house):
    case = submit(house.li_na).case
    replied(house, case)
    assert f"<title>{case.number} 宿舍三楼没有热水，已经三天了 · 待您评价" in text_of(li_na.get(f"/case/{case.pk}/"))
    sealed = submit(house.li_na, "组长上班打牌。", kind="conduct").case
    title = text_of(li_na.get(f"/case/{sealed.pk}/")).split("</title>")[0]
    assert sealed.number in title
    assert "打牌" not in title


def test_she_answers_a_question_with_a_photo(li_na, house):
    case = submit(house.li_na).case
    in_progress(house, case)
    case = perform("ask", actor=house.handler, case_id=case.pk, text="几号楼？")
    page = li_na.get(f"/case/{case.pk}/")
    assert "几号楼？" in text_of(page).split('id="conversation"')[0]
    answer = send_form(li_na, page, {"text": "三号楼。", "files": [picture()]}, to="/answer/", follow=True)
    assert "三号楼。" in text_of(answer)
    assert Case.objects.get().state == CaseState.IN_PROGRESS
    assert Attachment.objects.get().message.text == "三号楼。"
    send_form(li_na, page, {"text": "三号楼。", "files": [picture()]}, to="/answer/")
    assert [event.action for event in events_of("case", case.pk)].count("answer") == 1


def test_a_refused_file_keeps_the_answer(li_na, house):
    case = submit(house.li_na).case
    in_progress(house, case)
    case = perform("ask", actor=house.handler, case_id=case.pk, text="几号楼？")
    bad = SimpleUploadedFile("录音.mp3", b"ID3\x03" * 9)
    answer = send_form(li_na, f"/case/{case.pk}/", {"text": "三号楼靠东。", "files": [bad]}, to="/answer/")
    assert answer.status_code == 422
    assert "三号楼靠东。" in text_of(answer)
    assert "“录音.mp3”" in text_of(answer)


def test_not_solved_is_handled_again_and_the_rating_is_kept(li_na, house):
    case = replied(house, submit(house.li_na).case)
    form, rating = li_na.get(f"/case/{case.pk}/"), {"resolved": "no", "satisfaction": "2", "comment": "还是没有热水"}
    answer = send_form(li_na, form, rating, follow=True)
    page = text_of(answer)
    assert "重新办理" in page
    assert "还是没有热水" in page
    again = send_form(li_na, form, rating)
    assert again.status_code == 302
    assert Rating.objects.count() == 1


def test_a_rating_needs_both_taps(li_na, house):
    case = replied(house, submit(house.li_na).case)
    answer = send_form(li_na, f"/case/{case.pk}/", {"resolved": "yes", "comment": "谢谢师傅"})
    assert answer.status_code == 422
    assert "谢谢师傅" in text_of(answer)
    assert Rating.objects.count() == 0


def test_what_changed_meanwhile_is_shown_and_the_words_are_kept(li_na, house):
    case = submit(house.li_na).case
    case = perform("ask", actor=house.dispatcher, case_id=case.pk, text="几号楼？")
    seen = li_na.get(f"/case/{case.pk}/")
    requester.answer_question(actor=house.li_na, case_id=case.pk, text="三号楼")
    accepted(house, case)
    answer = send_form(li_na, seen, {"text": "是三号楼的二楼"}, to="/answer/")
    assert answer.status_code == 409
    page = text_of(answer)
    assert "是三号楼的二楼" in page
    assert "赵敏" in page


def test_an_addition_arrives_whatever_happened_meanwhile(li_na, house):
    case = submit(house.li_na).case
    seen = li_na.get(f"/case/{case.pk}/")
    accepted(house, case)
    assert send_form(li_na, seen, {"text": "四楼也没有"}, to="/add/").status_code == 302
    assert send_form(li_na, seen, {"text": "四楼也没有"}, to="/add/").status_code == 302
    assert [event.action for event in events_of("case", case.pk)].count("add") == 1


def test_an_internal_note_is_no_reason_to_ask_again(li_na, house):
    case = replied(house, submit(house.li_na).case)
    form = li_na.get(f"/case/{case.pk}/")
    perform("note", actor=house.handler, case_id=case.pk, text="内部")
    assert send_form(li_na, form, {"resolved": "yes", "satisfaction": "5"}).status_code == 302
    assert "内部" not in text_of(li_na.get(f"/case/{case.pk}/"))


def test_she_appeals_once(li_na, house):
    case = submit(house.li_na).case
    triage.decline_case(actor=house.dispatcher, case_id=case.pk, reason="not_ours", text="请找物业。")
    page = li_na.get(f"/case/{case.pk}/")
    assert "请找物业。" in text_of(page)
    assert 'id="appeal"' in text_of(page)
    send_form(li_na, page, {"text": "宿舍是公司的。"}, to="/appeal/")
    assert Case.objects.get().state == CaseState.SUBMITTED
    triage.decline_case(actor=house.supervisor, case_id=case.pk, reason="not_ours", text="确实不归我们。")
    assert 'id="appeal"' not in text_of(li_na.get(f"/case/{case.pk}/"))


def test_withdrawing_asks_first_and_tells_the_inspector_if_she_was_asked_to(li_na, house):
    case = submit(house.li_na).case
    asked = li_na.get(f"/case/{case.pk}/withdraw/")
    assert "confirm" in text_of(asked)
    assert Case.objects.get().state == CaseState.SUBMITTED
    send_form(li_na, asked, {"asked": True})
    case.refresh_from_db()
    assert (case.state, case.asked_to_withdraw) == (CaseState.WITHDRAWN, True)
    assert li_na.get(f"/case/{case.pk}/withdraw/").status_code == 302


def test_everyone_else_finds_nothing(house):
    case = submit(house.li_na).case
    colleague = sign_in(Client(), house.wang_fang)
    for address in (f"/case/{case.pk}/", f"/case/{case.pk}/withdraw/", f"/case/{uuid4()}/"):
        assert colleague.get(address).status_code == 404
    assert post_raw(colleague, f"/case/{case.pk}/add/", {"text": "我也是"}).status_code == 404


def test_a_file_is_shown_only_to_those_who_see_its_case(li_na, house):
    clean = files.accept(picture().file, "水房.png")
    case = submit(house.li_na, files=[clean]).case
    file = Attachment.objects.get()
    answer = li_na.get(f"/file/{file.pk}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == clean.content
    assert sign_in(Client(), house.wang_fang).get(f"/file/{file.pk}/").status_code == 404
    assert sign_in(Client(), house.dispatcher).get(f"/file/{file.pk}/").status_code == 200
    assert Client().get(f"/file/{file.pk}/").status_code == 302
    assert case.number


def test_confidential_is_hers_alone(li_na, house):
    say(li_na, identity="confidential")
    case = Case.objects.get()
    assert (case.identity, case.requester) == (Identity.CONFIDENTIAL, None)
    assert case.number in text_of(li_na.get("/mine/"))
    triage.unseal_requester(actor=house.dispatcher, case_id=case.pk, reason="需要上门核实")
    page = text_of(li_na.get(f"/case/{case.pk}/"))
    assert "需要上门核实" in page
    assert "赵敏" in page
    assert isinstance(case.pk, UUID)
