from lianxin.ui import notices
from tests.pages import post_raw


def test_the_next_page_says_what_was_done_and_then_forgets_it(client):
    after = post_raw(client, "/act/", follow=True)
    assert "已派单" in after.content.decode()
    assert 'action="/act/"' in after.content.decode()
    assert "已派单" not in client.get("/page/").content.decode()


def test_a_forged_notice_is_not_said(client):
    client.cookies[notices.COOKIE] = "eyJ0ZXh0IjoiYmFkIn0:1:forged"
    html = client.get("/page/").content.decode()
    assert "toast-line" not in html


def test_a_page_without_notice_sets_no_cookie(client):
    assert not client.get("/page/").cookies
