"""The address of the site: one name, and no address that cannot be one."""

from threading import Event

import pytest

from lianxin.config.address import note_public_url, noted_public_url, public_url
from lianxin.config.supervisor import Supervisor
from lianxin.kernel.cli_messages import Refusal


@pytest.fixture(autouse=True)
def _in_english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://say.example.com", "https://say.example.com"),
        ("https://say.example.com/", "https://say.example.com"),
        ("http://10.1.2.3:8000", "http://10.1.2.3:8000"),
        ("", ""),
    ],
)
def test_an_address_is_taken_without_its_last_slash(given, taken):
    assert public_url({"LIANXIN_PUBLIC_URL": given}) == taken


@pytest.mark.parametrize(
    "given", ["say.example.com", "ftp://say.example.com", "https://", "https://a:99999", "https://a/b"]
)
def test_what_is_no_address_is_refused(given):
    with pytest.raises(Refusal, match="looks like https://"):
        public_url({"LIANXIN_PUBLIC_URL": given})


def test_the_old_name_is_refused_with_the_new_one():
    old = {"LIANXIN_SITE_URL": "https://say.example.com"}
    with pytest.raises(Refusal, match="LIANXIN_SITE_URL is now called LIANXIN_PUBLIC_URL"):
        public_url(old)
    assert public_url({**old, "LIANXIN_PUBLIC_URL": "https://new.example.com"}) == "https://new.example.com"


def test_the_sample_enterprise_alone_takes_the_address_at_which_it_is_served():
    served = {"LIANXIN_ADDRESS": "http://127.0.0.1:8000/"}
    assert public_url(served) == ""
    assert public_url({**served, "LIANXIN_DEMO": "1"}) == "http://127.0.0.1:8000"


def test_a_command_without_the_servers_environment_knows_the_address_that_the_server_noted(tmp_path):
    assert noted_public_url(tmp_path) == ""
    note_public_url(tmp_path, "https://say.example.com")
    assert noted_public_url(tmp_path) == "https://say.example.com"
    note_public_url(tmp_path, "")
    assert noted_public_url(tmp_path) == ""


def test_the_site_says_its_address_once_where_people_use_the_servers_own(tmp_path):
    system = Supervisor(tmp_path, "127.0.0.1", 8000, 1, Event())
    assert system.shown_addresses("") == "http://127.0.0.1:8000/"
    assert system.shown_addresses("http://127.0.0.1:8000") == "http://127.0.0.1:8000/"
    assert system.shown_addresses("https://say.example.com") == "https://say.example.com/ (http://127.0.0.1:8000/)"
