"""What people send in: cleaned of what tells about them, or refused with a reason."""

import contextlib
import errno
import io
import os
import random
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pikepdf
import pytest
from PIL import Image

from lianxin.kernel import timezone
from lianxin.kernel.files import (
    MAX_BYTES,
    CleanFile,
    FileRejected,
    StorageFull,
    accept,
    content_disposition,
    delete_stored,
    delete_strays,
    open_stored,
    store,
)

CANARY = "ZhangSan-13800000000"
TURN_RIGHT = 6  # EXIF: the top of the picture is at the right


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    output = io.BytesIO()
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    image.save(output, kind, **options)
    return output.getvalue()


def exif(orientation: int = TURN_RIGHT) -> Image.Exif:
    data = Image.Exif()
    data[0x0112], data[0x010F], data[0x013B] = orientation, CANARY, CANARY
    data.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 5.0), 3: "E", 4: (121.0, 28.0, 9.0)})
    return data


def office(parts: dict[str, bytes | str] | None = None, kind: str = "docx") -> bytes:
    main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}[kind]
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": "<Types/>", main: "<main/>", **(parts or {})}.items():
            archive.writestr(name, content)
    return output.getvalue()


def parts_of(clean: CleanFile) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(clean.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pdf(prepare=lambda _: None, **save: object) -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    prepare(document)
    output = io.BytesIO()
    document.save(output, **save)
    return output.getvalue()


def refusal_of(content: bytes, name: str) -> str:
    with pytest.raises(FileRejected) as refused:
        accept(content, name)
    return str(refused.value)


# Pictures


@pytest.mark.parametrize(("kind", "extension"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_photo_loses_its_place_and_maker_and_stands_upright(kind, extension):
    clean = accept(picture(kind, exif=exif()), "IMG_0001.HEIC")
    with Image.open(io.BytesIO(clean.content)) as image:
        assert not image.getexif()
        assert image.size == (clean.width, clean.height) == (20, 40)
        assert image.convert("RGB").getpixel((10, 5))[1] < 50  # the red half is on top now
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)
    assert CANARY.encode() not in clean.content
    assert (clean.extension, clean.name, clean.is_image) == (extension, f"IMG_0001.{extension}", True)


def test_of_a_moving_picture_the_first_frame_stays():
    frames = [Image.new("P", (8, 8), colour) for colour in (1, 2)]
    output = io.BytesIO()
    frames[0].save(output, "GIF", save_all=True, append_images=frames[1:], comment=CANARY.encode())
    clean = accept(output.getvalue(), "a.gif")
    assert (clean.content_type, clean.name) == ("image/png", "a.png")
    assert CANARY.encode() not in clean.content


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_taken(mode):
    output = io.BytesIO()
    Image.new(mode, (5, 5)).save(output, "JPEG" if mode == "CMYK" else "PNG")
    assert accept(output.getvalue(), "a.png").width == 5


@pytest.mark.parametrize(
    ("kind", "mode", "name"),
    [("AVIF", "RGB", "照片.jpg"), ("AVIF", "RGBA", "照片.png"), ("BMP", "RGB", "照片.png"), ("BMP", "P", "照片.png")],
)
def test_pictures_that_not_every_program_shows_become_ones_that_it_does(kind, mode, name):
    output = io.BytesIO()
    Image.new(mode, (40, 20)).save(output, kind, **({"exif": exif()} if kind == "AVIF" else {}))
    clean = accept(output.getvalue(), "照片.bin")
    assert (clean.name, clean.is_image) == (name, True)
    assert CANARY.encode() not in clean.content
    assert (clean.width, clean.height) == ((20, 40) if kind == "AVIF" else (40, 20))


def test_a_text_that_begins_like_a_bitmap_is_a_text():
    assert accept("BMW 停在消防通道上，请处理。".encode(), "车.txt").extension == "txt"


def test_a_large_photo_becomes_as_large_as_a_screen():
    clean = accept(picture(size=(6000, 4000)), "大图.jpg")
    assert (clean.width, clean.height) == (2560, 1707)


@pytest.mark.parametrize(
    ("size", "kept"),
    [((1080, 20000), (1080, 20000)), ((20000, 1080), (20000, 1080)), ((2880, 9600), (1440, 4800))],
)
def test_a_long_screenshot_stays_as_wide_as_one_can_read(size, kept):
    clean = accept(picture(size=size), "聊天记录.jpg")
    assert (clean.width, clean.height) == kept


def test_a_ribbon_of_60000_pixels_is_taken():
    clean = accept(picture(size=(1, 60000)), "ribbon.jpg")
    assert (clean.width, clean.height) == (1, 60000)


def test_a_picture_that_unpacks_to_gigabytes_is_refused():
    output = io.BytesIO()
    Image.new("1", (12000, 12000)).save(output, "PNG")
    assert len(output.getvalue()) < 100_000
    assert "too many pixels" in refusal_of(output.getvalue(), "bomb.png")


def test_half_a_picture_is_refused():
    noise = Image.frombytes("RGB", (100, 100), random.Random(1).randbytes(30000))
    for kind in ("PNG", "JPEG", "WEBP"):
        output = io.BytesIO()
        noise.save(output, kind)
        assert "damaged" in refusal_of(output.getvalue()[: len(output.getvalue()) // 2], "half.png")


def test_a_picture_that_is_also_a_script_is_only_a_picture_afterwards():
    script = b"*/=1;alert(document.domain)//"
    gif = picture("GIF") + script
    assert script not in accept(gif, "polyglot.gif").content
    assert script not in accept(picture() + b"<script>" + script, "polyglot.jpg").content


@pytest.mark.usefixtures("cleaned_here")
def test_broken_bytes_never_crash():
    rng = random.Random(7)
    for original in (picture(), picture("PNG"), picture("GIF"), picture("WEBP"), office(), office(kind="xlsx")):
        for _ in range(150):
            broken = bytearray(original)
            for _ in range(rng.randint(1, 20)):
                broken[rng.randrange(4, len(broken))] = rng.randrange(256)
            with contextlib.suppress(FileRejected):
                assert accept(bytes(broken), "x.jpg").content


# What is not taken


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture.svg"),
        (b"<!doctype html><script>alert(1)</script>", "photo.jpg"),
        (b"MZ\x90\x00" + bytes(100), "setup.exe"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(100), "film.mp4"),
        (b"text without the name of a text", "notes"),
    ],
)
def test_what_is_no_document_or_picture_is_refused_whatever_its_name(content, name):
    assert "is not supported" in refusal_of(content, name)


def test_refusals_say_what_to_do():
    assert "screenshot" in refusal_of(b"\x00\x00\x00\x18ftypheic" + bytes(100), "IMG_1.HEIC")
    assert "save it again as .docx" in refusal_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧.doc")
    assert "empty" in refusal_of(b"", "nothing.jpg")
    assert "10 MB" in refusal_of(bytes(MAX_BYTES + 1), "big.jpg")
    assert "not plain text" in refusal_of(b"\x00\x01\x02", "a.txt")


def test_a_refusal_names_the_file():
    with pytest.raises(FileRejected) as refused:
        accept(b"<svg/>", "坏\u202egpj.svg")
    assert refused.value.name == "坏gpj.svg"


def test_a_stream_is_read_no_further_than_needed():
    stream = io.BytesIO(bytes(3 * MAX_BYTES))
    with pytest.raises(FileRejected):
        accept(stream, "big.bin")
    assert stream.tell() == MAX_BYTES + 1


# Documents


def test_text_in_the_encodings_of_the_field_becomes_utf_8():
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        clean = accept("宿舍热水\r\n".encode(encoding), "说明.TXT")
        assert clean.content.decode() == "宿舍热水\r\n"
        assert (clean.name, clean.content_type) == ("说明.txt", "text/plain; charset=utf-8")


def test_a_pdf_loses_author_scripts_and_the_place_of_its_photos():
    def prepare(document: pikepdf.Pdf) -> None:
        document.docinfo["/Author"] = CANARY
        with document.open_metadata() as metadata:
            metadata["dc:creator"] = [CANARY]
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{CANARY}')")
        document.Root.OpenAction = script
        document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", script]))
        photo = pikepdf.Stream(document, picture(exif=exif()))
        photo.Filter, photo.Width, photo.Height = pikepdf.Name.DCTDecode, 40, 20
        page = document.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Photo=document.make_indirect(photo)))
        page.Annots = [pikepdf.Dictionary(Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], T=CANARY, Contents="看这里")]

    clean = accept(pdf(prepare), "材料.pdf")
    with pikepdf.open(io.BytesIO(clean.content)) as document:
        assert "/Info" not in document.trailer
        assert not {"/Metadata", "/OpenAction"} & set(document.Root.keys())
        assert "/JavaScript" not in document.Root.Names
        assert str(document.pages[0].Annots[0].Contents) == "看这里"
        photo = document.pages[0].Resources.XObject.Photo.read_raw_bytes()
    with Image.open(io.BytesIO(photo)) as image:
        assert image.size == (40, 20)
        assert not image.getexif()
    with pikepdf.open(io.BytesIO(clean.content)) as document:
        document.save(readable := io.BytesIO(), qdf=True)
    assert CANARY.encode() not in readable.getvalue()
    assert (clean.content_type, clean.name, clean.width) == ("application/pdf", "材料.pdf", None)


def test_a_pdf_with_names_in_gbk_is_taken():
    def prepare(document: pikepdf.Pdf) -> None:
        document.Root.StructTreeRoot = pikepdf.Dictionary(S=pikepdf.Name.Canary, CanaryKey=1)

    old = pdf(prepare).replace(b"/Canary", b"/#CB#CE#CC#E5")
    assert accept(old, "a.pdf").extension == "pdf"


def test_a_locked_a_stuffed_and_a_broken_pdf_are_refused():
    locked = pdf(encryption=pikepdf.Encryption(owner="a", user="b"))
    assert "password" in refusal_of(locked, "a.pdf")
    stuffed = pdf(lambda document: document.attachments.update({"x.exe": b"MZ"}))
    assert "contains other files" in refusal_of(stuffed, "a.pdf")
    pinned = pikepdf.Dictionary(Subtype=pikepdf.Name.FileAttachment, FS=pikepdf.Dictionary(EF=pikepdf.Dictionary()))
    pinned_on = pdf(lambda document: document.pages[0].__setattr__("Annots", [pinned]))
    assert "contains other files" in refusal_of(pinned_on, "a.pdf")
    assert "damaged" in refusal_of(b"%PDF-1.7\n" + bytes(500), "a.pdf")


def test_a_pdf_that_unpacks_to_gigabytes_takes_nobody_with_it():
    packer = zlib.compressobj(9)
    packed = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(1500)), packer.flush()])
    table = b"1 0 obj\n<</Type/XRef/Size 3/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    content = b"%PDF-1.5\n" + table + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF"
    assert len(content) < MAX_BYTES
    assert "damaged" in refusal_of(content, "bomb.pdf")


def test_a_workbook_still_opens_and_does_not_say_who_made_it():
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = CANARY
    book.active["A1"] = "水温"
    book.active["A1"].comment = openpyxl.comments.Comment("太低", CANARY)
    output = io.BytesIO()
    book.save(output)
    clean = accept(output.getvalue(), "登记表.zip")
    assert clean.name == "登记表.xlsx"
    assert not any(CANARY.encode() in part for part in parts_of(clean).values())
    sheet = openpyxl.load_workbook(io.BytesIO(clean.content)).active
    assert (sheet["A1"].value, sheet["A1"].comment.text) == ("水温", "太低")


def test_a_letter_does_not_say_who_wrote_it_where_and_when():
    clean = accept(
        office(
            {
                "docProps/core.xml": f"<dc:creator>{CANARY}</dc:creator>",
                "word/comments.xml": f'<w:comment w:id="1" w:author="{CANARY}" w:initials=\'{CANARY}\'>好</w:comment>',
                "word/media/image1.jpeg": picture(exif=exif()),
                "word/media/image2.png": picture("PNG", exif=exif()),
                "word/_rels/settings.xml.rels": f'<Relationship Id="r1" Type="x/attachedTemplate" '
                f'Target="file:///C:/Users/{CANARY}/Normal.dotm" TargetMode="External"/>',
                "word/_rels/document.xml.rels": '<Relationship Id="r2" Type="x/hyperlink" Target="http://a.cn" '
                'TargetMode="External"/>',
            }
        ),
        "信.docx",
    )
    parts = parts_of(clean)
    assert not any(CANARY.encode() in part for part in parts.values())
    assert parts["word/comments.xml"].decode() == '<w:comment w:id="1" w:author="" w:initials="">好</w:comment>'
    for name in ("word/media/image1.jpeg", "word/media/image2.png"):
        with Image.open(io.BytesIO(parts[name])) as image:
            image.load()
            assert not image.getexif()
    assert b"http://a.cn" in parts["word/_rels/document.xml.rels"]
    with zipfile.ZipFile(io.BytesIO(clean.content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_properties_and_custom_data_go_wherever_they_lie():
    relation = '<Relationship Id="r{}" Type="http://schemas.openxmlformats.org/{}" Target="{}"/>'
    parts = parts_of(
        accept(
            office(
                {
                    "[Content_Types].xml": '<Types><Default Extension="xml" ContentType="application/xml"/>'
                    '<Override PartName="/docProps/custom.xml" ContentType="custom"/>'
                    '<Override PartName="/word/comments.xml" ContentType="comments"/></Types>',
                    "_rels/.rels": "<Relationships>"
                    + relation.format(1, "officeDocument", "word/document.xml")
                    + relation.format(2, "metadata/core-properties", "docProps/core.xml")
                    + relation.format(3, "metadata/thumbnail", "/pictures/first-page.jpeg")
                    + "</Relationships>",
                    "word/_rels/document.xml.rels": "<Relationships>"
                    + relation.format(1, "customXml", "../data/item1.xml")
                    + relation.format(2, "comments", "comments.xml")
                    + "</Relationships>",
                    "docProps/core.xml": CANARY,
                    "docProps/custom.xml": CANARY,
                    "docMetadata/LabelInfo.xml": CANARY,
                    "pictures/first-page.jpeg": picture(),
                    "customXml/item1.xml": CANARY,
                    "customXml/_rels/item1.xml.rels": f'<Relationship Target="{CANARY}"/>',
                    "data/item1.xml": CANARY,
                    "data/_rels/item1.xml.rels": f'<Relationship Target="{CANARY}"/>',
                    "word/comments.xml": f'<x:comment x:author="{CANARY}" x:date="2026-11-01T08:00:00Z">好</x:comment>',
                    "word/document.xml": f'<w:ins w:id="1" w:author=\'{CANARY}\' w:date="2026-11-01T08:00:00Z">'
                    f'<w:dataBinding w:xpath="{CANARY}"/><w:p w:rsidR="00A1B2C3"/></w:ins>',
                    "word/settings.xml": '<w:rsids><w:rsidRoot w:val="00A1B2C3"/></w:rsids>',
                    "word/people.xml": f'<w15:person w15:author="{CANARY}"><w15:presenceInfo w15:providerId="AD" '
                    f'w15:userId="{CANARY}"/></w15:person>',
                    "word/media/image1.webp": picture("WEBP", exif=exif()),
                    "word/media/image2.gif": picture("GIF", comment=CANARY.encode()),
                }
            ),
            "信.docx",
        )
    )
    everything = b"".join(parts.values())
    for traitor in (CANARY, "2026-11-01", "00A1B2C3", "rsid", "core-properties", "customXml", "thumbnail", "docProps"):
        assert traitor.encode() not in everything, traitor
    assert set(parts) == {
        *("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml"),
        *("word/comments.xml", "word/settings.xml", "word/people.xml"),
        *("word/media/image1.webp", "word/media/image2.gif"),
    }
    assert b'PartName="/word/comments.xml"' in parts["[Content_Types].xml"]
    assert b'Target="comments.xml"' in parts["word/_rels/document.xml.rels"]
    for name in ("word/media/image1.webp", "word/media/image2.gif"):
        with Image.open(io.BytesIO(parts[name])) as image:
            image.load()
            assert not image.getexif()


def test_a_shared_workbook_names_nobody():
    parts = {
        "xl/revisions/revisionHeaders.xml": f'<header guid="{{1}}" dateTime="2026-11-01T08:00" userName="{CANARY}"/>',
        "xl/revisions/userNames.xml": f'<users><userInfo name="{CANARY}" id="-1"/></users>',
        "xl/threadedComments/threadedComment1.xml": '<threadedComment dT="2026-11-01T08:00:00" personId="{1}"/>',
        "xl/persons/person.xml": f'<person displayName="{CANARY}" id="{{1}}" userId="{CANARY}" providerId="AD"/>',
        "xl/externalLinks/_rels/externalLink1.xml.rels": '<Relationship Id="r1" Type="x/externalLinkPath" '
        f'Target="file:///C:\\Users\\{CANARY}\\a.xlsx" TargetMode="External"/>',
    }
    everything = b"".join(parts_of(accept(office(parts, kind="xlsx"), "表.xlsx")).values())
    assert CANARY.encode() not in everything
    assert b"2026-11-01" not in everything
    assert b'personId="{1}"' in everything


def test_a_picture_that_cannot_be_cleaned_is_the_reason_that_is_given():
    assert "image format that cannot be cleaned" in refusal_of(office({"word/media/image1.tiff": b"II*\0"}), "a.docx")


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"word/vbaProject.bin": b"x"}, "macros"),
        ({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}, "macros"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "files or links"),
        ({"word/activeX/activeX1.xml": b"x"}, "files or links"),
        (
            {"word/_rels/a.rels": '<Relationship Type="x/image" Target="http://x/y.png" TargetMode="External"/>'},
            "links",
        ),
        ({"word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]>'}, "damaged"),
        ({"../../etc/passwd": b"x"}, "damaged"),
        ({"xl/workbook.xml": b"x"}, "damaged"),
    ],
)
def test_documents_that_do_things_are_refused(parts, reason):
    assert reason in refusal_of(office(parts), "a.docx")


def test_a_zip_that_is_no_document_and_half_a_document_are_refused():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("a.txt", "x")
    assert "damaged" in refusal_of(output.getvalue(), "a.docx")
    whole = office({"word/b.xml": random.Random(1).randbytes(5000)})
    assert "damaged" in refusal_of(whole[: len(whole) // 2], "a.docx")


def test_a_workbook_that_unpacks_to_gigabytes_is_refused_even_if_it_lies_about_it():
    bomb = office({"xl/worksheets/sheet1.xml": bytes(300 << 20)}, kind="xlsx")
    assert len(bomb) < 1 << 20
    assert "too large" in refusal_of(bomb, "bomb.xlsx")
    liar = bomb.replace((300 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert liar != bomb
    assert refusal_of(liar, "bomb.xlsx")


# Names


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ("../../etc/cron.d/x.jpg", "x.jpg"),
        ("C:\\Users\\张三\\照片.JPG", "照片.jpg"),
        ("a\r\nSet-Cookie: b.png", "aSet-Cookie b.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("没有扩展名", "没有扩展名.jpg"),
        ("水" * 300 + ".jpg", "水" * 96 + ".jpg"),
    ],
)
def test_a_name_is_harmless_and_tells_the_truth_about_the_content(declared, shown):
    assert accept(picture(), declared).name == shown


def test_a_download_is_named_in_a_way_that_every_browser_reads():
    header = content_disposition('热水"; x=.pdf')
    assert header == "attachment; filename=\"____ x_.pdf\"; filename*=UTF-8''%E7%83%AD%E6%B0%B4%22%3B%20x%3D.pdf"
    assert content_disposition("a.png", inline=True).startswith("inline; ")


# Storage


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "附 件"
    return settings.MEDIA_ROOT


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_stored_is_read_again_and_can_be_deleted(media):
    clean = accept(picture(), "a.jpg")
    key = store(clean)
    with open_stored(key) as stored:
        assert stored.read() == clean.content
    assert len(clean.sha256) == 64
    delete_stored(key)
    delete_stored(key)
    assert files_below(media) == []
    with pytest.raises(FileNotFoundError):
        open_stored(key)


def test_a_file_tells_neither_name_nor_time_of_day(media):
    with timezone.frozen(datetime(2026, 11, 22, 3, 14, 15, tzinfo=UTC)):
        key = store(accept(picture(), "张三.jpg"))
    assert "张三" not in key
    with open_stored(key) as stored:
        stored.read()
    day = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    assert ((media / key).stat().st_mtime, (media / key).stat().st_atime) == (day, day), "nor when it was read"
    assert [folder.stat().st_mtime for folder in ((media / key).parent, media)] == [day, day]
    assert (media / key).stat().st_mode & 0o077 == 0


def test_what_a_killed_process_left_behind_is_removed_and_nothing_else(media):
    with timezone.frozen(datetime(2026, 11, 19, 3, tzinfo=UTC)):
        kept, stray = store(accept(picture(), "a.jpg")), store(accept(picture(), "b.jpg"))
    half = media / (stray + ".part")
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    with timezone.frozen(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        fresh = store(accept(picture(), "c.jpg"))
        assert delete_strays(lambda keys: keys & {kept}) == 2
    assert {str(path.relative_to(media)) for path in files_below(media)} == {kept, fresh}


@pytest.mark.parametrize("key", ["../../etc/passwd", "/etc/passwd", "ab/../../x", "", "ab/" + "g" * 32])
def test_only_keys_open_files(media, key):
    with pytest.raises(ValueError, match="key"):
        open_stored(key)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_nothing_half_written_stays(media, monkeypatch, code):
    clean = accept(picture(), "a.jpg")
    write, calls = os.write, []

    def full_after_ten_bytes(descriptor: int, content: bytes) -> int:
        calls.append(1)
        if len(calls) > 1:
            raise OSError(code, os.strerror(code))
        return write(descriptor, bytes(content[:10]))

    monkeypatch.setattr(os, "write", full_after_ten_bytes)
    with pytest.raises(StorageFull, match="no space"):
        store(clean)
    assert files_below(media) == []
    monkeypatch.undo()
    assert store(clean)
