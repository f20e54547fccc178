from tests.pages import post_raw


def test_the_next_page_says_what_was_done_and_then_forgets_it(client):
    after = post_raw(client, "/act/", follow=True)
    assert "已派单" in after.content.decode()
    assert 'action="/act/"' in after.content.decode()
    assert "已派单" not in client.get("/page/").content.decode()


def test_a_forged_message_is_not_said(client):
    client.cookies["messages"] = "eyJ0ZXh0IjoiYmFkIn0:1:forged"
    html = client.get("/page/").content.decode()
    assert "toast-line" not in html


def test_a_page_without_message_sets_no_cookie(client):
    assert not client.get("/page/").cookies


def test_a_message_travels_in_a_cookie_as_safe_as_the_sessions_and_starts_no_session(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookies = post_raw(client, "/act/").cookies
    assert list(cookies) == ["messages"]
    assert cookies["messages"]["httponly"]
    assert cookies["messages"]["secure"]
    assert cookies["messages"]["samesite"] == "Lax"
    assert cookies["messages"]["path"] == "/"
