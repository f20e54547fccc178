"""Word 97–2003 and WPS files. The sample, written by Word, is from the tests of olefile (BSD licence)."""

import io
import struct
from pathlib import Path

import olefile
import pytest
from PIL import Image

from lianxin.kernel.files import FileRejected, accept
from tests.kernel.test_files import CANARY, exif, picture

SAMPLE = (Path(__file__).parents[1] / "data" / "uploads" / "word97_olefile.doc").read_bytes()
AUTHOR = "Laurence Ipsum"
pytestmark = pytest.mark.usefixtures("cleaned_here")


def stream(content: bytes, name: str) -> bytes:
    with olefile.OleFileIO(content) as document:
        return document.openstream(name).read()


def with_streams(**changed: bytes) -> bytes:
    file = io.BytesIO(SAMPLE)
    with olefile.OleFileIO(file, write_mode=True) as document:
        for name, content in changed.items():
            document.write_stream({"main": "WordDocument", "table": "1Table"}[name], content)
        return file.getvalue()


def with_table(number: int, content: bytes) -> bytes:
    """The sample with a table of the document's that says this, in the place of what its styles are."""
    main, table = bytearray(stream(SAMPLE, "WordDocument")), bytearray(stream(SAMPLE, "1Table"))
    at = struct.unpack_from("<I", main, 0x9A + 8)[0]
    struct.pack_into("<II", main, 0x9A + 8 * number, at, len(content))
    table[at : at + len(content)] = content
    return with_streams(main=bytes(main), table=bytes(table))


def strings(*names: str) -> bytes:
    return struct.pack("<HHH", 0xFFFF, len(names), 0) + b"".join(map(string, names))


def string(name: str) -> bytes:
    return struct.pack("<H", len(name)) + name.encode("utf-16-le")


@pytest.mark.parametrize(("name", "extension"), [("请假条.doc", "doc"), ("请假条.wps", "wps"), ("请假条.txt", "doc")])
def test_it_loses_its_author_and_dates_and_keeps_its_text(name, extension):
    clean = accept(SAMPLE, name)
    assert (clean.extension, clean.is_image, len(clean.content)) == (extension, False, len(SAMPLE))
    for coded in (AUTHOR.encode(), AUTHOR.encode("utf-16-le")):
        assert coded in SAMPLE
        assert coded not in clean.content
    assert stream(clean.content, "WordDocument")[0x400:] == stream(SAMPLE, "WordDocument")[0x400:]
    with olefile.OleFileIO(clean.content) as document:
        said = document.get_metadata()
        assert (said.author, said.create_time, said.last_saved_by, said.template) == (None, None, None, None)
        assert not any(entry.createTime or entry.modifyTime for entry in document.direntries if entry)


@pytest.mark.parametrize(
    ("number", "table"),
    [
        (51, strings("Unknown", "李娜")),
        (71, strings("李娜", "C:\\Users\\lina\\请假条.doc")),
        (36, string("Li Na") + string("李娜")),
        (4, struct.pack("<II", 0, 9) + struct.pack("<H", 2) + "李娜".encode("utf-16-le") + bytes(24)),
    ],
)
def test_names_in_the_tables_beside_the_text_are_blank(number, table):
    clean = accept(with_table(number, table), "a.doc")
    for name in ("Li Na", "李娜", "lina"):
        assert name.encode("utf-16-le") not in clean.content


@pytest.mark.parametrize("code", ["0568", "6468", "57ca07010000"])
def test_dates_of_tracked_changes_are_blank(code):
    main, date = stream(SAMPLE, "WordDocument"), bytes.fromhex("bb3c7a7e")
    at = main.index(bytes.fromhex("061668a33b2000"))  # what the sample says of a run: six bytes
    said = bytes.fromhex(code) + date
    changed = main[:at] + bytes([len(said)]) + said + main[at + 1 + len(said) :]
    clean = stream(accept(with_streams(main=changed), "a.doc").content, "WordDocument")
    assert date in changed
    assert date not in clean


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_pictures_in_it_lose_place_and_maker(kind):
    photo = picture(kind, exif=exif())
    main = stream(SAMPLE, "WordDocument")
    at = len(main) - len(photo)
    clean = accept(with_streams(main=main[:at] + photo), "a.doc")
    assert CANARY.encode() in photo
    assert CANARY.encode() not in clean.content
    kept = stream(clean.content, "WordDocument")[at:]
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (40, 20)
        image.load()


def test_what_lies_behind_streams_and_in_free_sectors_goes():
    free = CANARY.encode().ljust(512, b".")
    assert CANARY.encode() not in accept(SAMPLE + free + CANARY.encode(), "a.doc").content


@pytest.mark.parametrize(
    ("at", "value", "reason"),
    [(0x0A, 0x0100, "locked"), (0x00, 0xA5DC, "old")],
)
def test_locked_and_older_documents_are_refused(at, value, reason):
    main = bytearray(stream(SAMPLE, "WordDocument"))
    flags = struct.unpack_from("<H", main, at)[0] if at else 0
    struct.pack_into("<H", main, at, flags | value)
    with pytest.raises(FileRejected, match=reason):
        accept(with_streams(main=bytes(main)), "a.doc")


@pytest.mark.parametrize(("name", "reason"), [("Macros", "macros"), ("Workbook", "old or locked")])
def test_documents_with_macros_and_old_workbooks_are_refused(name, reason):
    renamed = SAMPLE.replace(entry("WordDocument" if name == "Workbook" else "\x01CompObj"), entry(name))
    assert renamed != SAMPLE
    with pytest.raises(FileRejected, match=reason):
        accept(renamed, "a.doc")


def entry(name: str) -> bytes:
    """The name of a stream as it stands in the directory."""
    coded = name.encode("utf-16-le") + b"\0\0"
    return coded.ljust(64, b"\0") + struct.pack("<H", len(coded))
