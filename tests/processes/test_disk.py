"""No room for a photo: a plain sentence, nothing typed is lost, nothing half is kept."""

import io
import os
import random
import subprocess
from uuid import uuid4

import pytest
from PIL import Image

from tests.processes.house import PASSWORD, PEOPLE
from tests.processes.system import Browser, System

TEXT = "工具间的灭火器过期了，附上照片。"


def photo(seed):
    """About 27 kB that cannot be made smaller."""
    noise = Image.frombytes("RGB", (200, 200), random.Random(seed).randbytes(200 * 200 * 3))
    content = io.BytesIO()
    noise.save(content, "JPEG", quality=90)
    return ("files", f"灭火器{seed}.jpg", "image/jpeg", content.getvalue())


@pytest.fixture
def small_disk(peopled):
    uploads = peopled / "uploads"
    uploads.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=48k,mode=700", "tmpfs", uploads]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk")
    yield uploads
    subprocess.run(["umount", uploads], check=True)


def test_a_full_disk_loses_nothing_typed_and_keeps_nothing_half(peopled, small_disk):
    system = System(peopled)
    li_na = Browser(system.port)
    li_na.cookies["lianxin_language"] = "en"
    li_na.sign_in(PEOPLE[0][1], PASSWORD)
    form = {"key": str(uuid4()), "body": TEXT, "identity": "named"}
    photos = [photo(1), photo(2)]  # there is room for one of them

    refused = li_na.post("/say/", form, photos)
    assert refused.status == 507
    assert "The server has no space for files at the moment. Your text is kept" in refused.page
    assert TEXT in refused.page
    assert refused.fields()["key"] == form["key"]
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []
    with system.database() as database:
        for rows in (
            "cases_case",
            "cases_clock",
            "cases_attachment",
            "notifications_notice",
            "ledger_event WHERE subject_type = 'case'",
        ):
            assert database.execute(f"SELECT count(*) FROM {rows}").fetchone() == (0,), rows  # noqa: S608

    subprocess.run(["mount", "-o", "remount,size=10m", small_disk], check=True)
    accepted = li_na.post("/say/", form, photos)
    assert accepted.status == 302
    with system.database() as database:
        assert database.execute("SELECT count(*) FROM cases_case").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM cases_attachment").fetchone() == (2,)
        assert len(database.execute("SELECT number FROM cases_case").fetchall()) == 1
    assert len([path for path in small_disk.rglob("*") if path.is_file()]) == 2
    assert "Traceback" not in system.told()
    system.stop()
