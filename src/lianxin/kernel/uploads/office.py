"""Word and Excel files (.docx, .xlsx): written anew, part by part, without the names of their authors."""

import io
import posixpath
import re
import zipfile

from django.utils.translation import gettext_lazy as _

from lianxin.kernel.segments import strip_gif, strip_jpeg, strip_png, strip_webp
from lianxin.kernel.uploads.cleanfile import Refused

_MAX_PARTS = 3000
_MAX_UNPACKED = 100 * 1024 * 1024

_DAMAGED = _("This document is damaged or is not a Word or Excel file. Please save it again as .docx or .xlsx.")
_TOO_LARGE = _("This document is far too large once unpacked. Please split it, or save it as PDF.")
_MACROS = _("This document contains macros. Please save it as .docx or .xlsx without macros.")
_EMBEDDED = _(
    "This document has other files or links to outside content inside. Please take them out, or save it as PDF."
)

_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_MAIN_TYPES = {b"wordprocessingml.document.main+xml": "docx", b"spreadsheetml.sheet.main+xml": "xlsx"}
_ALIEN_PICTURE = _(
    "This document has a picture of a kind that cannot be cleaned inside (TIFF, HEIC or the like). "
    "Please put it in as JPEG or PNG, or save the document as PDF."
)
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
_BETWEEN = re.compile(rb"<(\w+:)?(rsids|dataBinding)\b[^>]*?(?:/>|>.*?</\1?\2>)", re.DOTALL)
_COMMENT_AUTHOR = re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)")
_PATHS = re.compile(rb"<x15ac:absPath\b[^>]*/>")
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_TARGET = re.compile(rb'\bTarget\s*=\s*("[^"]*"|\'[^\']*\')')
_RELATION_TYPE = re.compile(rb"""\bType\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_OVERRIDE = re.compile(rb"<(?:\w+:)?Override\b[^>]*>(?:</(?:\w+:)?Override>)?")
_PART_NAME = re.compile(rb"""\bPartName\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ON_A_DISK = re.compile(rb"""\bTarget\s*=\s*["'](?:file:|[A-Za-z]:|\\\\)""", re.IGNORECASE)
_EXTERNAL = re.compile(rb"\bTargetMode\s*=\s*[\"']External", re.IGNORECASE)


def clean_office(content: bytes, *, embedded: bool = False) -> tuple[bytes, str]:
    """The document without its authors' names and dates, and its extension.

    Raises:
        Refused: it is damaged, unpacks to too much, or carries macros, other files or links that load by themselves.
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
            return output.getvalue(), extension
    except Refused:
        raise
    except Exception as error:  # what unpacks and decodes may throw anything at a hostile file
        raise Refused(_DAMAGED) from error


def _kind_of(source: zipfile.ZipFile) -> str:
    names = source.namelist()
    if len(names) > _MAX_PARTS or sum(info.file_size for info in source.infolist()) > _MAX_UNPACKED:
        raise Refused(_TOO_LARGE)
    if "[Content_Types].xml" not in names or len({name.lower() for name in names}) != len(names):
        raise Refused(_DAMAGED)
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise Refused(_DAMAGED)
    if any("vbaproject" in name.lower() for name in names):
        raise Refused(_MACROS)
    if any(_HARMFUL_PARTS.search(name) and not _HARMLESS_BIN.search(name) for name in names):
        raise Refused(_EMBEDDED)
    # The main part may have any name; its type says what it is. Old programs left out types, not names.
    types = _read(source, source.getinfo("[Content_Types].xml"), _MAX_UNPACKED)
    kinds = {kind for mark, kind in _MAIN_TYPES.items() if mark in types}
    kinds |= {kind for part, kind in _MAIN_PARTS.items() if part in names}
    if len(kinds) != 1:
        raise Refused(_MACROS if b"macroenabled" in types.lower() else _DAMAGED)
    return kinds.pop()


def _unwanted_parts(source: zipfile.ZipFile) -> set[str]:
    """Which parts go, in small letters: by their folder, and by what other parts call them."""
    names = {name.lower() for name in source.namelist()}
    unwanted = {name for name in names if name.startswith(_UNWANTED_FOLDERS)}
    for info in source.infolist():
        if not info.filename.lower().endswith(".rels"):
            continue
        for relationship in _RELATIONSHIP.findall(_read(source, info, _MAX_UNPACKED)):
            target = _TARGET.search(relationship)
            if target and _is_unwanted(relationship) and not _EXTERNAL.search(relationship):
                unwanted.add(_resolved(info.filename, target[1][1:-1].decode()).lower())
    sheets = {posixpath.join(posixpath.dirname(name), "_rels", f"{posixpath.basename(name)}.rels") for name in unwanted}
    return names & (unwanted | sheets)


def _is_unwanted(relationship: bytes) -> bool:
    kind = _RELATION_TYPE.search(relationship)
    return kind is not None and (kind[1] or kind[2] or b"").decode("latin-1").endswith(_UNWANTED_RELATIONS)


def _resolved(rels: str, target: str) -> str:
    """The name of the part that a relationship in `rels` refers to (ISO 29500-2, 6.5.3)."""
    base = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.normpath(posixpath.join("/", base, target)).lstrip("/")


def _read(source: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """One part, however little its entry says it holds."""
    with source.open(info) as stream:
        part = stream.read(room + 1)
    if len(part) > room:
        raise Refused(_TOO_LARGE)
    return part


def _clean_part(name: str, part: bytes, unwanted: set[str], *, embedded: bool) -> bytes:
    lower = name.lower()
    if lower.endswith((".xml", ".rels", ".vml")):
        return _clean_xml(lower, part, unwanted)
    if lower.endswith((".xlsx", ".docx", ".pptx")):
        # The figures behind a chart are a workbook of their own.
        if embedded or lower.endswith(".pptx"):
            raise Refused(_EMBEDDED)
        return clean_office(part, embedded=True)[0]
    if lower.endswith(_OTHER_PICTURES):
        raise Refused(_ALIEN_PICTURE)
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
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Refused(_DAMAGED)
    if name == "[content_types].xml":
        if b"macroenabled" in part.lower():
            raise Refused(_MACROS)
        return _OVERRIDE.sub(lambda match: b"" if _names_one_of(match[0], unwanted) else match[0], part)
    if name.endswith(".rels"):
        return _RELATIONSHIP.sub(_clean_relationship, part)
    for place in _NAMES:
        if name.startswith(place):
            part = _GONE[place].sub(b"", _BLANKED[place].sub(rb'\1""', part))
    if name.startswith("word/"):
        part = _BETWEEN.sub(b"", part)
    return _PATHS.sub(b"", _COMMENT_AUTHOR.sub(rb"\1\2", part))


def _names_one_of(override: bytes, unwanted: set[str]) -> bool:
    name = _PART_NAME.search(override)
    return name is not None and (name[1] or name[2] or b"").decode("utf-8", "replace").lstrip("/").lower() in unwanted


def _clean_relationship(match: re.Match[bytes]) -> bytes:
    relationship = match[0]
    if _is_unwanted(relationship):
        return b"" if relationship.endswith(b"/>") else relationship
    if not _EXTERNAL.search(relationship):
        return relationship
    if b"/attachedTemplate" in relationship:
        # It names a folder of its author, or a template that would be fetched from outside.
        return _TARGET.sub(b'Target="Normal.dotm"', relationship)
    if b"/externalLinkPath" in relationship or b"/hyperlink" in relationship:
        # An address of the network stays; a folder on somebody's disk bears their name.
        return _TARGET.sub(b'Target="file:///"', relationship) if _ON_A_DISK.search(relationship) else relationship
    raise Refused(_EMBEDDED)
