"""A process with other keys than those of the database does not start, and says what to do."""

import pytest
from django.core.management import call_command
from django.db import connection

from lianxin.kernel import keys, secrets
from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.crypto import fingerprint
from lianxin.kernel.keys import Trouble, note_keys, present_trouble
from lianxin.kernel.models import KeyFingerprint
from lianxin.operations.queries import examine, is_ready
from tests.factories.org import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(db):
    """A system that is set up, and knows its keys."""
    UnitFactory(name="光明供电", code="ROOT")
    KeyFingerprint.objects.all().delete()
    note_keys()


def test_a_fingerprint_of_each_key_stands_in_the_database_and_no_key(noted, settings):
    rows = dict(KeyFingerprint.objects.values_list("name", "fingerprint"))
    assert rows == {
        "LIANXIN_SEAL_KEY": fingerprint(settings.LIANXIN_SEAL_KEY),
        "LIANXIN_SECRET_KEY": fingerprint(settings.SECRET_KEY),
        "LIANXIN_RECORD_KEY": fingerprint(settings.LIANXIN_RECORD_KEY),
    }
    assert not {settings.LIANXIN_SEAL_KEY, settings.SECRET_KEY} & set(rows.values())


@pytest.mark.parametrize(
    ("setting", "name"),
    [(name, name) for name in ("LIANXIN_SEAL_KEY", "LIANXIN_RECORD_KEY")] + [("SECRET_KEY", "LIANXIN_SECRET_KEY")],
)
def test_another_key_is_found_and_not_written_over(noted, settings, setting, name):
    assert (present_trouble(), is_ready()) == ({}, True)
    before = list(KeyFingerprint.objects.order_by("name").values_list())
    setattr(settings, setting, "another one")
    note_keys()
    assert list(KeyFingerprint.objects.order_by("name").values_list()) == before
    assert (present_trouble(), is_ready()) == ({name: Trouble.OTHER}, False)


def test_readyz_and_doctor_say_it(noted, settings, client, tmp_path, monkeypatch):
    monkeypatch.delenv("LIANXIN_SEAL_KEY", raising=False)
    settings.DATA_DIR = tmp_path
    assert client.get("/readyz").status_code == 200
    settings.LIANXIN_SEAL_KEY = "another one"
    assert client.get("/readyz").status_code == 503
    (finding,) = [one for one in examine() if one.check == "secrets"]
    assert finding.level == "fail"
    assert f"没有它的密钥 LIANXIN_SEAL_KEY（{tmp_path}/secrets/lianxin_seal_key 不存在）" in finding.says
    secrets.keep("LIANXIN_SEAL_KEY", tmp_path, "another one")
    (finding,) = [one for one in examine() if one.check == "secrets"]
    assert "这里的密钥 LIANXIN_SEAL_KEY 不是它的那一把" in finding.says
    assert "放回原来的 secrets/" in finding.advice


def test_while_nothing_is_set_up_new_keys_are_simply_taken(db, settings):
    note_keys()
    settings.LIANXIN_SEAL_KEY = "another one"
    assert present_trouble() == {}
    note_keys()
    assert KeyFingerprint.objects.get(name="LIANXIN_SEAL_KEY").fingerprint == fingerprint("another one")


def test_only_who_says_that_the_keys_are_lost_goes_on_with_others(noted, settings):
    settings.LIANXIN_SEAL_KEY = "another one"
    with pytest.raises(Refusal, match="--lost"):
        call_command("accept_keys")
    assert present_trouble()
    call_command("accept_keys", "--lost")
    assert present_trouble() == {}


class SameTransaction:
    """The test's own connection in the place of another one."""

    def __enter__(self):
        return self

    def __exit__(self, *_told):
        return None

    def cursor(self):
        return connection.cursor()


def test_a_missing_key_is_named_and_not_made_by_looking_for_it(noted, tmp_path, monkeypatch):
    monkeypatch.setattr(keys.psycopg, "connect", lambda *_args, **_options: SameTransaction())
    given = {}
    with pytest.raises(Refusal, match=r"没有它的密钥 LIANXIN_SEAL_KEY.*没有启动.*accept-keys --lost"):
        keys.refuse_other_keys("", tmp_path, given)
    assert list(tmp_path.iterdir()) == []
    for name, value in keys.present().items():
        secrets.keep(name, tmp_path, value)
    keys.refuse_other_keys("", tmp_path, given)
    secrets.keep("LIANXIN_SEAL_KEY", tmp_path, "another one")
    with pytest.raises(Refusal, match="LIANXIN_SEAL_KEY 不是它的那一把"):
        keys.refuse_other_keys("", tmp_path, given)
    keys.refuse_other_keys("", tmp_path, {"LIANXIN_SEAL_KEY": keys.present()["LIANXIN_SEAL_KEY"]})


def test_who_only_says_what_is_wrong_makes_no_keys_either(tmp_path, monkeypatch):
    monkeypatch.setenv("LIANXIN_NO_NEW_SECRETS", "1")
    monkeypatch.delenv("LIANXIN_SEAL_KEY", raising=False)
    assert len(secrets.secret("LIANXIN_SEAL_KEY", tmp_path)) > 40
    assert list(tmp_path.iterdir()) == []
