"""Files with anything in them: accepted or refused with a reason, and never anything else."""

import contextlib
import io
import random
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from PIL import Image

from lianxin.kernel.cleaning import Cleaned, Reason, RefusedError
from lianxin.kernel.cleaning.__main__ import clean
from lianxin.kernel.files import FileRejected, accept
from lianxin.kernel.spreadsheets import WrongFile, open_workbook

pytestmark = pytest.mark.filterwarnings("ignore")  # of the decoders about what they see
here = pytest.mark.usefixtures("cleaned_here")

SEED = 20261129
UPLOADS = Path(__file__).parents[1] / "data" / "uploads"
OLD_LETTER = UPLOADS / "word97_olefile.doc"
TYPES = range(1, 14)
TAGS = (0x0100, 0x0103, 0x010F, 0x0112, 0x011A, 0x011B, 0x0128, 0x0132, 0x013B, 0x8769, 0x8825, 0x9286, 0xA005)


def any_exif(chance: random.Random) -> bytes:
    """A TIFF directory whose entries have tags that mean something, and types, counts and values that do not."""
    order = chance.choice("<>")
    count = chance.randint(0, 12)
    entries = b"".join(
        struct.pack(
            f"{order}HHI4s", chance.choice(TAGS), chance.choice(TYPES), chance.choice((0, 1, 2, 9, 2**31, 2**32 - 1)),
            chance.randbytes(4) if chance.random() < 0.5 else struct.pack(f"{order}I", chance.randrange(200)),
        )
        for _ in range(count)
    )  # fmt: skip
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    return b"Exif\0\0" + head + struct.pack(f"{order}H", count) + entries + chance.randbytes(chance.randrange(80))


def a_picture(chance: random.Random) -> bytes:
    output = io.BytesIO()
    kind = chance.choice(("JPEG", "JPEG", "PNG", "WEBP", "GIF"))
    mode = chance.choice(("L", "RGB", "P") if kind != "JPEG" else ("L", "RGB", "CMYK"))
    options = {} if kind == "GIF" else {"exif": any_exif(chance)}
    Image.new(mode, (chance.randint(1, 40), chance.randint(1, 40))).save(output, kind, **options)
    return output.getvalue()


def a_document(chance: random.Random) -> bytes:
    parts = {
        "[Content_Types].xml": '<Types><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": '<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="word/document.xml"/>'
        '<Relationship Id="r2" Type="http://x/core-properties" Target="docProps/core.xml"/></Relationships>',
        "word/document.xml": "<w:document><w:body><w:p><w:r><w:t>热水</w:t></w:r></w:p></w:body></w:document>",
        "docProps/core.xml": "<creator>李娜</creator>",
        "word/media/image1.jpeg": a_picture(chance),
    }
    return zipped(parts, chance)


def a_workbook(chance: random.Random) -> bytes:
    output, book = io.BytesIO(), openpyxl.Workbook()
    for row in range(1, 9):
        book.active.append([row, f"第{row}行", 45000.5 + row, None])
    book.active["A9"].number_format = "yyyy-mm-dd"
    book.save(output)
    with zipfile.ZipFile(output) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts, chance)


def zipped(parts: dict[str, bytes | str], chance: random.Random) -> bytes:
    """The parts, one of them broken inside, so that what unpacks them does not see it."""
    broken, output = chance.choice(list(parts)), io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, part in parts.items():
            content = part.encode() if isinstance(part, str) else part
            archive.writestr(name, mangled(content, chance) if name == broken else content)
    return output.getvalue()


def a_pdf(chance: random.Random) -> bytes:
    output, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.docinfo["/Author"] = "李娜"
    photo = pikepdf.Stream(document, a_picture(chance))
    photo.Filter = chance.choice((pikepdf.Name.DCTDecode, pikepdf.Array([1]), pikepdf.Dictionary()))
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=document.make_indirect(photo)))
    document.save(output)
    return output.getvalue()


def mangled(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, doubled, lost or cut off; the first four, by which the kind is known, mostly stay."""
    broken = bytearray(content)
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(min(4, len(broken) - 1), len(broken)) if len(broken) > 1 else 0
        what = chance.randrange(5)
        if what == 0:
            broken[at : at + 1] = chance.randbytes(1)
        elif what == 1:
            broken[at:at] = broken[at : at + chance.randrange(40)]
        elif what == 2:
            del broken[at : at + chance.randrange(9)]
        elif what == 3:
            broken[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"nan<"))
        elif chance.random() < 0.1:
            del broken[at:]
        if len(broken) < 8:
            break
    return bytes(broken)


def an_old_letter(chance: random.Random) -> bytes:
    content = bytearray(OLD_LETTER.read_bytes())
    if chance.random() < 0.3:
        return bytes(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.choice((chance.randrange(8, 1024), chance.randrange(8, len(content) - 4)))
        content[at : at + 4] = chance.choice(
            (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", chance.randbytes(4))
        )
    return bytes(content)


MAKERS = {
    "picture.jpg": a_picture,
    "letter.docx": a_document,
    "register.xlsx": a_workbook,
    "paper.pdf": a_pdf,
    "letter.doc": an_old_letter,
}


def try_many(name: str, times: int) -> tuple[int, int]:
    """How many were taken, and how many refused with a reason; whatever else is raised comes out."""
    chance, taken, refused = random.Random(SEED), 0, 0
    for _ in range(times):
        content = MAKERS[name](chance)
        if name != "letter.doc" and chance.random() < 0.7:  # in which each byte has its place
            content = mangled(content, chance)
        try:
            assert accept(content, name).content
            taken += 1
        except FileRejected as refusal:
            refused += bool(str(refusal))
        if name == "register.xlsx":
            read_through(content)
    return taken, refused


def read_through(content: bytes) -> None:
    try:
        with open_workbook(content) as book:
            for sheet in book.sheets:
                for _number, cells in book.rows(sheet.title):
                    assert cells
    except WrongFile:
        pass


@here
@pytest.mark.parametrize(
    ("name", "times"), [("picture.jpg", 1200), ("letter.docx", 400), ("register.xlsx", 80), ("letter.doc", 400)]
)
def test_whatever_is_in_it_it_is_taken_or_refused(name, times):
    taken, refused = try_many(name, times)
    assert taken + refused == times
    assert min(taken, refused) > times // 20


def test_whatever_is_in_a_pdf_it_is_taken_or_refused():
    assert sum(try_many("paper.pdf", 8)) == 8


@here
@pytest.mark.stress
@pytest.mark.parametrize(
    ("name", "times"),
    [("picture.jpg", 100_000), ("letter.docx", 30_000), ("register.xlsx", 5000), ("paper.pdf", 600)],
)
def test_whatever_is_in_it_it_is_taken_or_refused_at_length(name, times):
    assert sum(try_many(name, times)) == times


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("02_exif_xresolution_as_text.jpg", "jpg"),
        ("10c_word_online_document2.docx", "docx"),
        ("22_bom.pdf", "pdf"),
        ("22_v_webp.docx", "docx"),
    ],
)
def test_what_other_programs_write_is_taken(name, extension):
    assert accept((UPLOADS / name).read_bytes(), name).extension == extension


def test_a_photo_whose_exif_has_wrong_types_stands_upright():
    clean = accept((UPLOADS / "02_exif_xresolution_as_text.jpg").read_bytes(), "a.jpg")
    with Image.open(io.BytesIO(clean.content)) as image:
        assert not image.getexif()
        assert image.size == (48, 64)


# Time and memory


def stored(parts: dict[str, bytes]) -> bytes:
    """A Word file of these parts, packed so little that no ratio gives it away."""
    main = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = b'<Types><Override PartName="/word/document.xml" ContentType="%s"/></Types>' % main
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, part in {"[Content_Types].xml": types, "word/document.xml": b"<a/>", **parts}.items():
            archive.writestr(name, part)
    return output.getvalue()


MANY = 200_000


@pytest.mark.parametrize(
    "parts",
    [
        {"word/_rels/document.xml.rels": b"<Relationship " * MANY},
        {"word/_rels/document.xml.rels": b"<a><!--" + b"<Relationship " * MANY + b"--></a>"},
        {"[Content_Types].xml": b"wordprocessingml.document.main+xml" + b"<Override " * MANY},
        {"word/document.xml": b"<rsids " * MANY},
        {"word/document.xml": b"<rsids>" * MANY},
        {"word/document.xml": b"<a><!--" + b"<rsids <x15ac:absPath " * MANY + b"--></a>"},
        {"word/document.xml": b"<author>" * MANY},
        {"word/document.xml": b"<a" + b" author" * MANY + b"/>"},
        {"word/document.xml": b"<a" + b" " * 5_000_000 + b"/>"},
        {"word/document.xml": b'<a author="' * MANY},
        {"word/document.xml": b" " + b"a" * 5_000_000 + b":"},
    ],
)
def test_a_document_costs_time_that_grows_with_its_length_alone(parts):
    begun = time.process_time()
    with contextlib.suppress(RefusedError):
        clean("office", stored(parts))
    assert time.process_time() - begun < 5, "a quadratic scan takes hours"


def test_spaces_that_unpack_thousandfold_are_refused():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a" + b" " * 10_000_000 + b"/>")
    with pytest.raises(FileRejected, match="too large"):
        accept(output.getvalue(), "a.docx")


def png(width: int, height: int, packed: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(1, 70_000), (70_000, 1), (1, 30_000_000)])
def test_a_picture_of_very_many_lines_is_refused_before_it_is_unpacked(size):
    with pytest.raises(RefusedError) as refused:
        clean("image", png(*size, zlib.compress(b"")))
    assert refused.value.reason == Reason.PICTURE_TOO_LARGE


def test_the_process_that_cleans_is_bounded_and_takes_nobody_with_it():
    limits = "import resource as r; print(r.getrlimit(r.RLIMIT_AS)[0], r.getrlimit(r.RLIMIT_CPU)[0])"
    program = f"from lianxin.kernel.cleaning import __main__ as it; it._limit_resources(); {limits}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    memory, seconds = map(int, done.stdout.split())
    assert memory <= 1 << 30
    assert seconds <= 30


def test_neither_pictures_nor_documents_are_read_in_the_web_process(monkeypatch):
    called = []
    monkeypatch.setattr(
        "lianxin.kernel.files.clean_apart", lambda kind, content: called.append(kind) or Cleaned(content, "jpg")
    )
    chance = random.Random(SEED)
    for maker in (a_picture, a_document, a_workbook, a_pdf):
        accept(maker(chance), "x")
    assert called == ["image", "office", "office", "pdf"]
