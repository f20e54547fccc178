"""Files of cases: noted with their case, gone when nothing holds them."""

import os
import time

from lianxin.cases.models import Attachment
from lianxin.cases.services.attaching import remove_stray_files
from lianxin.kernel.uploads import CleanFile, open_stored, store
from tests.factories.cases import submit


def picture(name: str) -> CleanFile:
    return CleanFile(b"content of " + name.encode(), "image/png", "png", name)


def test_a_file_left_by_a_killed_process_goes_after_two_days_and_no_other(house, settings):
    kept = submit(house.li_na, files=[picture("热水器.png")]).case.attachments.get()
    stray = store(picture("没有记下.png"))
    assert remove_stray_files() == 0  # it may belong to a transaction that is still running
    three_days_ago = time.time() - 3 * 86400
    for key in (kept.key, stray):
        os.utime(settings.MEDIA_ROOT / key, (three_days_ago, three_days_ago))
    assert remove_stray_files() == 1
    assert open_stored(kept.key).read() == "content of 热水器.png".encode()
    assert not (settings.MEDIA_ROOT / stray).exists()
    assert list(Attachment.objects.values_list("name", flat=True)) == ["热水器.png"]
