import pytest
from django.template.loader import get_template
from django.test import Client

from tests.pages import post_raw


@pytest.mark.parametrize(
    ("why", "status", "said"),
    [
        ("not-found", 404, "页面不存在"),
        ("not-allowed", 403, "只有受理员可以派单。"),
        ("stale", 409, "李敏刚刚受理了本件。"),
        ("invalid", 422, "请写明原因。"),
        ("too-many", 429, "请 15 分钟后再试。"),
        ("too-large", 413, "内容太大了"),
    ],
)
def test_a_refusal_becomes_a_page_that_says_what_to_do(client, why, status, said):
    answer = client.get(f"/refuse/{why}/")
    assert answer.status_code == status
    assert said in answer.content.decode()


def test_a_hidden_thing_looks_like_a_missing_one(client):
    answer = client.get("/refuse/not-found/")
    assert "LX-1" not in answer.content.decode()


def test_whoever_is_slowed_learns_for_how_long(client):
    assert client.get("/refuse/too-many/")["Retry-After"] == "900"


def test_what_changed_in_between_is_listed(client):
    assert "<li>李敏 受理</li>" in client.get("/refuse/stale/").content.decode()


def test_after_a_lost_race_one_is_led_back_to_the_page_of_the_form(client):
    back = "http://testserver/page/?case=7"
    assert f'href="{back}"' in post_raw(client, "/refuse/stale/", headers={"referer": back}).content.decode()
    elsewhere = post_raw(client, "/refuse/stale/", headers={"referer": "https://elsewhere.example/"})
    assert "elsewhere" not in elsewhere.content.decode()


def test_an_unknown_address_has_a_page(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "首页" in answer.content.decode()


def test_a_form_without_its_token_is_answered_kindly(site):
    answer = post_raw(Client(enforce_csrf_checks=True, headers={"accept-language": "zh-hans"}), "/act/")
    assert answer.status_code == 403
    assert "内容还没有发出，您填写的文字都在。" in answer.content.decode()


def test_the_page_of_last_resort_needs_nothing(site):
    html = get_template("500.html").render()
    assert "系统出了点问题" in html
    assert "built/" not in html
