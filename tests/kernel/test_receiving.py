"""A temporary directory that is full, or that nobody may write in: the field says so, and nothing typed is lost."""

import errno
import tempfile
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryUploadedFile

from lianxin.cases.models import Case
from lianxin.kernel.temporary import temporary_directory
from lianxin.operations.queries import Level, checks
from tests.factories.accounts import account_of, sign_in
from tests.factories.cases import found_enterprise
from tests.pages import post_raw

WORDS = "宿舍热水停了三天。"
LARGE = 3 * 1024 * 1024  # beyond what is kept in memory


@pytest.fixture
def house(db):
    return found_enterprise()


@pytest.fixture(params=["closed", "full"])
def no_room(request, monkeypatch, tmp_path):
    """As root may write everywhere: a directory that is not there, or a disk on which nothing fits."""
    if request.param == "closed":
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
        return

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "write", full, raising=False)


@pytest.mark.usefixtures("no_room")
def test_a_large_photo_that_cannot_be_put_aside_is_refused_at_the_field(client, house):
    sign_in(client, house.li_na)
    photo = SimpleUploadedFile("热水.jpg", bytes(LARGE), "image/jpeg")
    form = {"body": WORDS, "identity": "named", "key": str(uuid4()), "files": [photo]}
    answer = post_raw(client, "/say/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "服务器暂时" in str(answer.context["form"].errors["files"])
    assert WORDS in page
    assert not Case.objects.exists()
    assert post_raw(client, "/say/", {**form, "files": []}).status_code == 302


@pytest.mark.usefixtures("no_room")
def test_a_large_roster_that_cannot_be_put_aside_is_refused_at_the_field(client, house):
    user = account_of(house.system_admin)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client.force_login(user)
    roster = SimpleUploadedFile("名册.xlsx", bytes(LARGE))
    answer = post_raw(client, "/roster/", {"file": roster})
    assert answer.status_code == 422
    assert "服务器暂时" in str(answer.context["form"].errors["file"])


def test_the_doctor_says_that_no_temporary_file_can_be_written(monkeypatch, tmp_path):
    assert temporary_directory() == tempfile.gettempdir()
    assert [finding.level for finding in checks._findings("temporary", checks._temporary)] == [Level.OK]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    (found,) = checks._findings("temporary", checks._temporary)
    assert found.level == Level.FAIL
    assert "PrivateTmp" in found.advice
