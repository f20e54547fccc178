"""The mail server as the environment names it."""

import pytest

from lianxin.config.mail import MailServer, mail_server
from lianxin.kernel.cli_messages import Refusal


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 587, "starttls", "", "")),
        ("smtps://mail.example.com", MailServer("mail.example.com", 465, "implicit", "", "")),
        ("smtp://relay:25?tls=none", MailServer("relay", 25, "none", "", "")),
        ("smtp://me%40example.com:p%2Fw@h:2525", MailServer("h", 2525, "starttls", "me@example.com", "p/w")),
    ],
)
def test_an_address_says_how_to_connect(url, server):
    assert mail_server({"LIANXIN_MAIL_URL": url}) == server


def test_it_may_stand_in_a_file_and_need_not_be_there(tmp_path):
    (tmp_path / "url").write_text("smtp://h:25?tls=none\n")
    assert mail_server({"LIANXIN_MAIL_URL_FILE": str(tmp_path / "url")}).host == "h"
    assert mail_server({}) is None


@pytest.mark.parametrize("url", ["http://h", "smtp://", "smtp://u:secret@h:port", "smtp://u:secret@h?tls=maybe"])
def test_nonsense_is_refused_without_repeating_the_password(url):
    with pytest.raises(Refusal) as refused:
        mail_server({"LIANXIN_MAIL_URL": url})
    assert "secret" not in str(refused.value)
