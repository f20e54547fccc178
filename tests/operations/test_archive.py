"""An archive is whole and ours, or it is refused."""

import io
import json
import random
import tarfile

import pytest

from lianxin.kernel.cli_messages import Refusal
from lianxin.operations.services import archive

KEY = "ab/" + "ab" * 16
MEMBERS = [
    ("manifest.json", json.dumps({"format": 1}).encode()),
    ("database/000000", random.Random(1).randbytes(30_000)),
    ("database/000001", b"end"),
    (f"uploads/{KEY}", random.Random(2).randbytes(5_000)),
]


def written(members=MEMBERS):
    out = io.BytesIO()
    writer = archive.Writer(out)
    for name, content in members:
        writer.add(name, content, 86_400.0)
    writer.finish()
    return out.getvalue()


def read(content):
    return list(archive.read(io.BytesIO(content)))


def tar_of(*headers, content=b""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for header in headers:
            header.size = len(content) if header.isreg() else 0
            tar.addfile(header, io.BytesIO(content))
    return out.getvalue()


def test_what_was_written_is_read():
    members = read(written())
    assert [(m.name, m.content) for m in members[:-1]] == MEMBERS
    assert [m.kind for m in members] == ["manifest", "database", "database", "upload", "complete"]
    assert (members[3].key, members[3].moment) == (KEY, 86_400.0)
    with tarfile.open(fileobj=io.BytesIO(written())) as tar:  # any tar opens it
        assert tar.getnames() == [name for name, _ in MEMBERS] + ["complete.json"]


def test_wherever_it_is_cut_it_is_refused():
    whole = written()
    end = len(whole.rstrip(b"\0"))
    for size in [0, 1, 511, 512, 513, *range(1000, end, 997), end - 1]:
        with pytest.raises(Refusal):
            read(whole[:size])


def test_no_changed_byte_of_a_content_or_a_name_goes_unnoticed():
    whole, members = written(), [(m.name, m.content) for m in read(written())]
    chance = random.Random(3)
    for _ in range(300):
        place = chance.randrange(len(whole))
        changed = whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :]
        try:
            assert [(m.name, m.content) for m in read(changed)] == members  # a byte of the padding
        except Refusal:
            continue


def test_members_that_are_missing_swapped_or_doubled_are_refused():
    manifest, first, second, upload = MEMBERS
    for members in ([first], [manifest, second, first], [manifest, first, first], [manifest, upload, first]):
        with pytest.raises(Refusal):
            read(written(members))
    shorter = read(written([manifest, first, upload]))[-1]
    out = io.BytesIO()
    writer = archive.Writer(out)
    for name, content in MEMBERS:
        writer.add(name, content)
    writer.add("complete.json", shorter.content)  # the end of another archive
    with pytest.raises(Refusal, match=r"complete\.json"):
        read(out.getvalue())


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "uploads/../x", f"uploads/{KEY}/..", "uploads/ab/CD", "x"]
)
def test_a_name_that_leads_elsewhere_is_refused(name):
    with pytest.raises(Refusal, match="备份不会有的东西"):
        read(tar_of(tarfile.TarInfo(name), content=b"x"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_folders_and_devices_are_refused(kind):
    header = tarfile.TarInfo("manifest.json")
    header.type, header.linkname = kind, "/etc/passwd"
    with pytest.raises(Refusal, match="备份不会有的东西"):
        read(tar_of(header))


def test_other_files_are_not_backups():
    for content in (b"", b"PK\x03\x04", b"{}", random.Random(4).randbytes(20_000), b"\0" * 2048):
        with pytest.raises(Refusal):
            read(content)
    with pytest.raises(Refusal, match=r"manifest\.json"):
        read(tar_of(tarfile.TarInfo("manifest.json"), content=b"{}"))  # without its digest
