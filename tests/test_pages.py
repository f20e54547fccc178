"""The helper with which tests send forms refuses what a browser would not send."""

from types import SimpleNamespace

import pytest

from tests.pages import NotOfferedError, forms_of, send_form

PAGE = """
<form method="get" action="/search/"><input name="q"></form>
<form method="post" action="/elsewhere/" enctype="multipart/form-data"><input type="file" name="files" multiple></form>
<form method="post" id="main">
<input type="hidden" name="version" value="3"><input name="title" value="a &amp; b">
<input name="off" disabled value="x">
<textarea name="text">
first line</textarea>
<select name="unit"><option value="1">one</option><option value="2" selected>two</option></select>
<input type="radio" name="kind" value="help" checked><input type="radio" name="kind" value="hazard">
<input type="checkbox" name="selected" value="7"><input type="checkbox" name="selected" value="8" checked>
<button name="do" value="look">Look</button><button name="do" value="keep"><svg></svg><span>Keep it</span></button>
</form>
<button form="main" formaction="/gone/">Remove</button><input form="main" name="outside" value="o">
"""


class Browser:
    """Notes what would be posted."""

    def post(self, address, data, **_more):
        return address, data


@pytest.fixture
def page():
    return SimpleNamespace(
        content=PAGE.encode(), request={"PATH_INFO": "/here/", "QUERY_STRING": "a=1"}, status_code=200
    )


def test_untouched_the_form_is_sent_as_it_stands_with_its_first_button(page):
    assert send_form(Browser(), page, to="/here/?a=1") == (
        "/here/?a=1",
        "kind=help&outside=o&selected=8&text=first+line&title=a+%26+b&unit=2&version=3&do=look",
    )


def test_what_is_entered_replaces_what_stood_there(page):
    entered = {"kind": "hazard", "selected": [7, 8], "title": "", "unit": 1}
    assert send_form(Browser(), page, entered, press="Keep it")[1] == (
        "kind=hazard&outside=o&selected=7&selected=8&text=first+line&title=&unit=1&version=3&do=keep"
    )
    assert "selected" not in send_form(Browser(), page, {"selected": False, "title": "b"})[1]


def test_a_button_may_lead_elsewhere(page):
    assert send_form(Browser(), page, press="Remove")[0] == "/gone/"


def test_only_forms_that_are_posted_count(page):
    assert [form.action for form in forms_of(page)] == ["/elsewhere/", "/here/?a=1"]


@pytest.mark.parametrize(
    ("entered", "more"),
    [
        ({"select": [7]}, {}),
        ({"unit": 3}, {}),
        ({"kind": "praise"}, {}),
        ({"selected": [9]}, {}),
        ({"version": 4}, {}),
        ({"off": "y"}, {}),
        ({"q": "words"}, {}),
        ({"title": "b"}, {"press": "publish"}),
        ({"title": "b"}, {"to": "/nowhere/"}),
        ({}, {}),
    ],
)
def test_what_the_page_does_not_offer_is_refused(page, entered, more):
    with pytest.raises(NotOfferedError):
        send_form(Browser(), page, entered, **more)
