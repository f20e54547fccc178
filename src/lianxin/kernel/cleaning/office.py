"""Word and Excel files (.docx, .xlsx): written anew, part by part, without the names of their authors."""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping

from lianxin.kernel.cleaning import Cleaned, Reason, RefusedError
from lianxin.kernel.cleaning.elements import Element, find_elements, replace
from lianxin.kernel.cleaning.image_metadata import strip_gif, strip_jpeg, strip_png, strip_webp

_MAX_PARTS = 3000
_MAX_UNPACKED = 100 * 1024 * 1024
# Text of real documents packs to a tenth or a fiftieth; spaces, thousandfold.
_MAX_RATIO = 300
_RATIO_COUNTS_FROM = 1024 * 1024

_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_MAIN_TYPES = {b"wordprocessingml.document.main+xml": "docx", b"spreadsheetml.sheet.main+xml": "xlsx"}
# Properties, labels and data that programs keep beside the text; what people see does not need them.
_UNWANTED_FOLDERS = ("docprops/", "customxml/", "docmetadata/")
_UNWANTED_RELATIONS = (
    *("/core-properties", "/extended-properties", "/custom-properties", "/thumbnail", "/classificationlabels"),
    *("/customXml", "/customXmlProps", "/customProperty", "/xmlMaps"),
)
_HARMFUL_PARTS = re.compile(
    r"vbaproject|activex|macrosheets|oleobject|\.(bin|exe|js|vbs|bat|cmd|scr|jar)$", re.IGNORECASE
)
_HARMLESS_BIN = re.compile(r"/printersettings/[^/]*\.bin$", re.IGNORECASE)
_TEXT = (".xml", ".rels", ".vml")
# Their EXIF could not be taken out without writing them anew.
_OTHER_PICTURES = (".tif", ".tiff", ".heic", ".heif", ".jxr", ".wdp", ".jp2")
# Names of people, moments, and what ties one document of somebody to another: where they stand → what is blanked, and
# what goes altogether. The prefix of a name is whatever the program that wrote it has chosen.
_NAMES = {
    "word/": ("author|initials|userId|providerId", r"date|dateUtc|rsid\w*"),
    "xl/": ("userName|lastModifiedBy", "dT"),
    "xl/persons/": ("displayName|userId|providerId", "dT"),
    "xl/revisions/": ("userName|name", "dateTime|guid"),
}
_BLANKED = {
    place: re.compile(rf"""(\s(?:[\w.-]+:)?(?:{names})\s*=\s*)(?:"[^"]*"|'[^']*')""".encode())
    for place, (names, _gone) in _NAMES.items()
}
_GONE = {
    place: re.compile(rf"""\s(?:[\w.-]+:)?(?:{gone})\s*=\s*(?:"[^"]*"|'[^']*')""".encode())
    for place, (_names, gone) in _NAMES.items()
}
# Elements that go altogether, and those of which the text goes.
_UNWANTED_ELEMENTS = {"rsids", "dataBinding", "absPath"}
_NAMING_ELEMENTS = {"author"}
_ON_A_DISK = re.compile(r"file:|[A-Za-z]:|\\\\", re.IGNORECASE)


def clean_office(content: bytes, *, embedded: bool = False) -> Cleaned:
    """The document without its authors' names and dates.

    Raises:
        RefusedError: it is damaged, unpacks to too much, or carries macros, other files or links that load by
            themselves.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            extension = _kind_of(source)
            unwanted = _unwanted_parts(source)
            output = io.BytesIO()
            with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
                room = _MAX_UNPACKED
                for info in source.infolist():
                    if info.is_dir() or info.filename.lower() in unwanted:
                        continue
                    part = _read(source, info, room)
                    room -= len(part)
                    # A new entry carries neither the time nor the system of the old one.
                    entry = zipfile.ZipInfo(info.filename)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    target.writestr(entry, _clean_part(info.filename, part, unwanted, embedded=embedded))
            return Cleaned(output.getvalue(), extension)
    except RefusedError:
        raise
    except Exception as error:  # what unpacks and decodes may throw anything at a hostile file
        raise RefusedError(Reason.DOCUMENT_DAMAGED) from error


def _kind_of(source: zipfile.ZipFile) -> str:
    names = source.namelist()
    if len(names) > _MAX_PARTS or sum(info.file_size for info in source.infolist()) > _MAX_UNPACKED:
        raise RefusedError(Reason.DOCUMENT_TOO_LARGE)
    if "[Content_Types].xml" not in names or len({name.lower() for name in names}) != len(names):
        raise RefusedError(Reason.DOCUMENT_DAMAGED)
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise RefusedError(Reason.DOCUMENT_DAMAGED)
    if any("vbaproject" in name.lower() for name in names):
        raise RefusedError(Reason.DOCUMENT_WITH_MACROS)
    if any(_HARMFUL_PARTS.search(name) and not _HARMLESS_BIN.search(name) for name in names):
        raise RefusedError(Reason.DOCUMENT_WITH_FILES)
    # The main part may have any name; its type says what it is. Old programs left out types, not names.
    types = _read(source, source.getinfo("[Content_Types].xml"), _MAX_UNPACKED)
    kinds = {kind for mark, kind in _MAIN_TYPES.items() if mark in types}
    kinds |= {kind for part, kind in _MAIN_PARTS.items() if part in names}
    if len(kinds) != 1:
        macros = b"macroenabled" in types.lower()
        raise RefusedError(Reason.DOCUMENT_WITH_MACROS if macros else Reason.DOCUMENT_DAMAGED)
    return kinds.pop()


def _unwanted_parts(source: zipfile.ZipFile) -> set[str]:
    """Which parts go, in small letters: by their folder, and by what other parts call them."""
    names = {name.lower() for name in source.namelist()}
    unwanted = {name for name in names if name.startswith(_UNWANTED_FOLDERS)}
    for info in source.infolist():
        if not info.filename.lower().endswith(".rels"):
            continue
        for relationship in find_elements(_read(source, info, _MAX_UNPACKED), {"Relationship"}):
            attributes = relationship.attributes
            if _is_unwanted(attributes) and not _is_external(attributes):
                unwanted.add(_resolved(info.filename, attributes.get("Target", "")).lower())
    sheets = {posixpath.join(posixpath.dirname(name), "_rels", f"{posixpath.basename(name)}.rels") for name in unwanted}
    return names & (unwanted | sheets)


def _is_unwanted(relationship: Mapping[str, str]) -> bool:
    return relationship.get("Type", "").endswith(_UNWANTED_RELATIONS)


def _is_external(relationship: Mapping[str, str]) -> bool:
    return relationship.get("TargetMode", "").strip().lower() == "external"


def _resolved(rels: str, target: str) -> str:
    """The name of the part that a relationship in `rels` refers to (ISO 29500-2, 6.5.3)."""
    base = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.normpath(posixpath.join("/", base, target)).lstrip("/")


def _read(source: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """One part, however little its entry says it holds."""
    with source.open(info) as stream:
        part = stream.read(room + 1)
    if len(part) > room or _is_blown_up(info, part):
        raise RefusedError(Reason.DOCUMENT_TOO_LARGE)
    return part


def _is_blown_up(info: zipfile.ZipInfo, part: bytes) -> bool:
    """Whether there is far more of it than any text would be."""
    is_text = info.filename.lower().endswith(_TEXT)
    return is_text and len(part) > max(_RATIO_COUNTS_FROM, _MAX_RATIO * info.compress_size)


def _clean_part(name: str, part: bytes, unwanted: set[str], *, embedded: bool) -> bytes:
    lower = name.lower()
    if lower.endswith(_TEXT):
        return _clean_xml(lower, part, unwanted)
    if lower.endswith((".xlsx", ".docx", ".pptx")):
        # The figures behind a chart are a workbook of their own.
        if embedded or lower.endswith(".pptx"):
            raise RefusedError(Reason.DOCUMENT_WITH_FILES)
        return clean_office(part, embedded=True).content
    if lower.endswith(_OTHER_PICTURES):
        raise RefusedError(Reason.DOCUMENT_WITH_ALIEN_PICTURE)
    return _clean_picture(part)


def _clean_picture(part: bytes) -> bytes:
    if part.startswith(b"\xff\xd8\xff"):
        return strip_jpeg(part)
    if part.startswith(b"\x89PNG\r\n\x1a\n"):
        return strip_png(part)
    if part.startswith((b"GIF87a", b"GIF89a")):
        return strip_gif(part)
    if part[:4] == b"RIFF" and part[8:12] == b"WEBP":
        return strip_webp(part)
    return part


def _clean_xml(name: str, part: bytes, unwanted: set[str]) -> bytes:
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise RefusedError(Reason.DOCUMENT_DAMAGED)
    if name == "[content_types].xml":
        if b"macroenabled" in part.lower():
            raise RefusedError(Reason.DOCUMENT_WITH_MACROS)
        overrides = find_elements(part, {"Override"})
        return replace(part, [(each.start, each.end, b"") for each in overrides if _names_one_of(each, unwanted)])
    if name.endswith(".rels"):
        relationships = find_elements(part, {"Relationship"})
        return replace(part, [(each.start, each.end, _clean_relationship(each)) for each in relationships])
    if not name.endswith(".vml"):  # in these programs leave tags open, and none of the elements stands in them
        part = _without_elements(part)
    for place in _NAMES:
        if name.startswith(place):
            part = _GONE[place].sub(b"", _BLANKED[place].sub(rb'\1""', part))
    return part


def _without_elements(part: bytes) -> bytes:
    wanted = {name for name in _UNWANTED_ELEMENTS | _NAMING_ELEMENTS if name.encode() in part}
    if not wanted:  # sheets are large, and mostly have none
        return part
    found = find_elements(part, wanted)
    gone = [(each.start, each.end, b"") for each in found if each.name in _UNWANTED_ELEMENTS]
    emptied = [(each.text_start, each.text_end, b"") for each in found if each.name in _NAMING_ELEMENTS]
    return replace(part, gone + emptied)


def _names_one_of(override: Element, unwanted: set[str]) -> bool:
    return override.attributes.get("PartName", "").lstrip("/").lower() in unwanted


def _clean_relationship(relationship: Element) -> bytes:
    """As it shall stand in the cleaned document."""
    attributes = relationship.attributes
    if _is_unwanted(attributes):
        return b""
    if not _is_external(attributes):
        return relationship.written(attributes)
    kind, target = attributes.get("Type", ""), attributes.get("Target", "")
    if "/attachedTemplate" in kind:
        # It names a folder of its author, or a template that would be fetched from outside.
        return relationship.written({**attributes, "Target": "Normal.dotm"})
    if "/externalLinkPath" in kind or "/hyperlink" in kind:
        # An address of the network stays; a folder on somebody's disk bears their name.
        is_on_a_disk = _ON_A_DISK.match(target.strip())
        return relationship.written({**attributes, "Target": "file:///"} if is_on_a_disk else attributes)
    raise RefusedError(Reason.DOCUMENT_WITH_FILES)
