"""The pages of pledges, on what they hold."""

from io import BytesIO
from urllib.parse import unquote

import pytest
from django.test import Client
from openpyxl import load_workbook

from lianxin.cases.models import Case
from lianxin.pledges.models import Cycle, Pledge
from tests.factories.accounts import sign_in
from tests.factories.cases import rated, submit
from tests.factories.org import PersonFactory
from tests.kit import assert_no_n_plus_one
from tests.pages import send_form
from tests.pledges.conftest import TEXT, act


def test_a_member_drafts_and_submits(branch):
    browser = sign_in(Client(), branch.house.handler)
    page = browser.get("/pledges/")
    assert "/pledges/new/" in page.content.decode()
    entered = {"cycle": str(branch.cycle.pk), "kind": "service", "text": "努力做好服务", "due_on": "2000-01-01"}
    refused = send_form(browser, "/pledges/new/", entered)
    assert (refused.status_code, "努力做好服务" in refused.content.decode()) == (422, True)
    drafted = send_form(browser, "/pledges/new/", entered | {"due_on": branch.cycle.ends_on.isoformat()}, follow=True)
    assert "没有写清谁受益" in drafted.content.decode()
    pledge = Pledge.objects.get()
    send_form(browser, f"/pledges/{pledge.pk}/propose/", {})
    pledge.refresh_from_db()
    assert pledge.state == "proposed"


def test_the_secretary_opens_a_cycle_and_concludes(branch):
    browser = sign_in(Client(), branch.secretary)
    opened = {"branch_id": str(branch.organisation.pk), "title": "2028年", "starts_on": "2028-01-01"}
    assert send_form(browser, "/pledges/cycles/new/", opened | {"ends_on": "2027-01-01"}).status_code == 422
    send_form(browser, "/pledges/cycles/new/", opened | {"ends_on": "2028-12-31"})
    assert Cycle.objects.filter(title="2028年").exists()
    page = browser.get("/pledges/cycles/").content.decode()
    assert "2028年" in page
    pledge = branch.published()
    early = send_form(browser, f"/pledges/{pledge.pk}/conclude/", {"outcome": "kept", "text": "做到了。"})
    assert (early.status_code, "做到了。" in early.content.decode()) == (422, True)


def test_somebody_was_quicker(branch):
    browser, pledge = sign_in(Client(), branch.secretary), branch.proposed()
    old = browser.get(f"/pledges/{pledge.pk}/return/")
    act(pledge.author, pledge, "withdraw")
    assert send_form(browser, old, {"text": "写明数量"}).status_code == 404  # its author's alone by now
    pledge = branch.published()
    old = browser.get(f"/pledges/{pledge.pk}/conclude/")
    act(pledge.author, pledge, "assess", text="完成了八次。")
    late = send_form(browser, old, {"outcome": "kept", "text": "写明数量"})
    page = late.content.decode()
    assert (late.status_code, "写明数量" in page, "孙强：填写自评" in page) == (409, True, True)


def test_a_colleague_who_may_not_read_the_case_sees_only_that_there_is_one(branch):
    house = branch.house
    case = submit(house.li_na).case
    rated(house, case)
    pledge = branch.published()
    act(house.handler, pledge, "cite", case=Case.objects.get(pk=case.pk))
    own = sign_in(Client(), house.handler).get(f"/pledges/{pledge.pk}/").content.decode()
    colleague = sign_in(Client(), PersonFactory(unit=house.logistics)).get(f"/pledges/{pledge.pk}/").content.decode()
    assert case.title in own
    assert (case.title in colleague, case.number in colleague, "一件已办结的诉求" in colleague) == (False, False, True)


FILTERS = "状态 已公布 · 到期日从 2020-01-01"


@pytest.mark.parametrize("formats", ["xlsx", "docx"])
def test_the_register_of_a_period(branch, formats):
    branch.published(text="=1+1 每月一次，服务职工12人")
    browser = sign_in(Client(), branch.secretary)
    answer = browser.get("/pledges/", {"export": formats, "state": "published", "since": "2020-01-01"})
    if formats == "xlsx":
        sheet = load_workbook(BytesIO(answer.content)).active
        title, head, first = sheet.values
        assert (sheet.freeze_panes, title[0]) == ("B3", f"承诺 · {FILTERS}")
        assert head[:3] == ("承诺", "承诺人", "单位")
        assert first[0] == "=1+1 每月一次，服务职工12人"
    else:
        from docx import Document  # noqa: PLC0415

        document = Document(BytesIO(answer.content))
        table = document.tables[0]
        assert document.paragraphs[1].text.startswith(FILTERS)
        assert [cell.text for cell in table.rows[1].cells][1:3] == ["孙强", "后勤服务中心"]

    assert "已公布" in unquote(answer["Content-Disposition"])


def test_many_pledges_cost_as_many_statements_as_few(branch):
    browser = sign_in(Client(), branch.secretary)
    pledges = []
    assert_no_n_plus_one(
        lambda: pledges.append(branch.published()),
        lambda: pledges.extend(branch.published(text=f"{TEXT}{n}") for n in range(8)),
        lambda: browser.get("/pledges/"),
    )
