"""An employee in a real browser raises, follows and judges a case, by name or not, with and without script."""

from io import BytesIO

import pytest
from PIL import Image

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case, Rating
from lianxin.cases.services import triage
from lianxin.cases.services.transitions import perform
from tests.e2e.conftest import DESK, PHONE
from tests.factories.cases import in_progress, replied, submit

WORDS = "宿舍三楼没有热水，已经三天了。"
HOSTILE = "<script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">"


def photo():
    stream = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(stream, "JPEG")
    return {"name": "水房.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}


def test_three_taps_and_the_words_raise_a_case_with_a_photo(house, open_as):
    page = open_as(house.li_na, "/mine/")
    page.click("nav a:has-text('说一说')")
    page.wait_for_url("**/say/")
    assert page.evaluate("document.activeElement.name") == "body"
    page.keyboard.type(WORDS)
    with page.expect_file_chooser() as chooser:
        page.click("text=添加照片或文件")
    chooser.value.set_files(photo())
    page.click("main button:has-text('提交')")
    page.wait_for_url("**/case/**")
    case = Case.objects.get()
    assert (case.body, case.requester, case.place_unit) == (WORDS, house.li_na, house.workshop)
    assert case.number in page.inner_text(".notice")
    assert page.evaluate("[...document.querySelectorAll('.attachments img')].map(each => each.naturalWidth)") == [400]
    page.goto("/say/")
    assert page.input_value("textarea") == ""


def test_a_wrong_file_is_refused_when_it_is_chosen_and_costs_no_other_file(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.fill("textarea", WORDS)
    film = {"name": "水房.mp4", "mimeType": "video/mp4", "buffer": b"\0\0\0\x18ftypmp42" + bytes(100)}
    page.set_input_files("input[type=file]", [photo(), film])
    page.wait_for_selector(".file-refused:not([hidden])")
    assert "“水房.mp4”：不支持这种文件" in page.inner_text(".file-refused")
    assert page.inner_text(".file-list .file-name") == "水房.jpg"
    page.click("main button:has-text('提交')")
    page.wait_for_url("**/case/**")
    assert [file.name for file in Case.objects.get().attachments.all()] == ["水房.jpg"]


def test_going_back_and_sending_the_same_again_makes_no_second_case(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.fill("textarea", WORDS)
    page.click("main button:has-text('提交')")
    page.wait_for_url("**/case/**")
    page.go_back()
    page.fill("textarea", WORDS)
    page.click("main button:has-text('提交')")
    page.wait_for_url("**/case/**")
    case = Case.objects.get()
    assert f"您已提交过，编号 {case.number}" in page.inner_text("body")


def test_a_title_without_spaces_makes_no_page_wider_than_a_phone(house, open_as):
    link = "https://oa.example.cn/wf/view?id=" + "8f3a" * 16
    case = submit(house.li_na, "请看链接。", title=link).case
    for person, address in (
        (house.li_na, f"/case/{case.pk}/"),
        (house.li_na, "/mine/"),
        (house.li_na, "/"),
        (house.dispatcher, f"/case/{case.pk}/"),
        (house.dispatcher, "/desk/"),
    ):
        page = open_as(person, address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert (address, width) == (address, PHONE["width"])


def test_what_was_typed_comes_back_to_its_writer_alone(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.fill("textarea", WORDS)
    page.reload()
    assert page.input_value("textarea") == WORDS
    page.context.clear_cookies()
    page.goto("/say/")
    assert page.input_value("textarea") == ""


def test_said_anonymously_nothing_is_left_in_the_browser(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.fill("textarea", WORDS)
    page.click("label:has-text('匿名')")
    page.click("main button:has-text('提交')")
    page.wait_for_selector(".receipt-code")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert "李娜" not in page.inner_text("body")


def test_anonymously_without_script_from_the_first_word_to_the_rating(house, open_as):
    page = open_as(None, "/say/", script=False)
    page.fill("textarea", WORDS)
    page.select_option("select[name=place]", label="检修车间")
    page.click("main button:has-text('提交')")
    code = page.inner_text(".copy-text")
    page.click("text=去凭回执查看")
    page.fill("input[name=code]", code)
    page.click("main button:has-text('查看')")
    assert WORDS in page.inner_text("main")
    replied(house, Case.objects.get())
    page.reload()
    assert "锅炉已修好" in page.inner_text("#rate")
    page.click("label:has-text('部分解决')")
    page.click("label:has-text('基本满意')")
    page.click("main button:has-text('提交评价')")
    assert "评价已记录" in page.inner_text("main")
    rating = Rating.objects.get()
    assert (rating.resolved, rating.satisfaction) == ("partly", 3)
    page.click("text=离开，并在本机清除回执")
    page.goto("/receipt/case/")
    assert page.url.endswith("/receipt/")


def test_two_taps_rate_and_not_solved_is_handled_again(house, open_as):
    case = replied(house, submit(house.li_na).case)
    page = open_as(house.li_na, f"/case/{case.pk}/")
    page.click("label:has-text('未解决')")
    page.click("label:has-text('非常不满意')")
    page.click("main button:has-text('提交评价')")
    page.wait_for_url("**/?done=rate")
    assert "重新办理" in page.inner_text("main")
    case.refresh_from_db()
    assert case.state == CaseState.REOPENED


def test_an_answer_half_written_survives_a_reload_and_is_gone_once_sent(house, open_as):
    case = in_progress(house, submit(house.li_na).case)
    perform("ask", actor=house.handler, case_id=case.pk, text="几号楼？")
    page = open_as(house.li_na, f"/case/{case.pk}/")
    page.fill("#answer textarea", "三号楼")
    page.reload()
    assert page.input_value("#answer textarea") == "三号楼"
    page.click("main button:has-text('发送回答')")
    page.wait_for_url("**/?done=answer")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_hostile_words_stay_words(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.fill("textarea", HOSTILE)
    page.click("summary:has-text('更多')")
    page.fill("input[name=title]", HOSTILE[:99])
    page.fill("input[name=about]", HOSTILE)
    page.click("main button:has-text('提交')")
    page.wait_for_url("**/case/**")
    assert HOSTILE in page.inner_text(".conversation")
    for path in ("/mine/", f"/case/{Case.objects.get().pk}/withdraw/"):
        page.goto(path)
        assert page.title() != "broken"
    assert page.title() != "broken"


@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh-hans"), pytest.param(DESK, "en", marks=pytest.mark.stress)])
def test_every_page_is_accessible_and_fits_the_screen(house, open_as, no_barriers, size, language):
    waiting = in_progress(house, submit(house.li_na, "食堂晚餐太早。").case)
    perform("ask", actor=house.handler, case_id=waiting.pk, text="哪几天？")
    answered = replied(house, submit(house.li_na, "夜班餐补不一致。").case)
    declined = submit(house.li_na, "邻居的车位。").case
    triage.decline_case(actor=house.dispatcher, case_id=declined.pk, reason="not_ours", text="请找社区。")
    page = open_as(house.li_na, "/say/", size=size, language=language)
    page.click("summary")
    cases = [f"/case/{each.pk}/" for each in (waiting, answered, declined)]
    for path in ("", "/mine/", *cases, f"{cases[0]}withdraw/", f"{cases[0]}?done=submit"):
        if path:
            page.goto(path)
        no_barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    page.goto(cases[1])
    page.click("#rate button")
    page.wait_for_selector("[data-error-summary]")
    no_barriers(page)


def test_the_pages_without_a_name_are_accessible(house, open_as, no_barriers):
    page = open_as(None, "/say/")
    no_barriers(page)
    page.fill("textarea", WORDS)
    page.click("main button:has-text('提交')")
    page.wait_for_selector(".receipt-code")
    no_barriers(page)
    code = page.inner_text(".copy-text")
    page.goto("/receipt/")
    no_barriers(page)
    page.fill("input[name=code]", "22222-22222-22222-22222")
    page.click("main form button")
    page.wait_for_selector("[data-error-summary]")
    no_barriers(page)
    page.fill("input[name=code]", code)
    page.click("main form button")
    page.wait_for_url("**/receipt/case/")
    no_barriers(page)


@pytest.mark.parametrize("who", ["li_na", None])
def test_whom_it_is_about_is_said_back_while_she_writes(open_as, house, who):
    page = open_as(getattr(house, who) if who else None, "/say/")
    page.locator("details summary").first.click()
    page.get_by_label("涉及的人或单位").fill("后勤服务中心 孙 强师傅")
    page.get_by_label("涉及的人或单位").blur()
    page.get_by_text("已识别：后勤服务中心、孙 强").wait_for()
    page.get_by_label("涉及的人或单位").fill("赵主任")
    page.get_by_label("涉及的人或单位").blur()
    page.get_by_text("可能涉及某些人").wait_for()
