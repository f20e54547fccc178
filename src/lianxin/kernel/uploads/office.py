"""Word and Excel files (.docx, .xlsx): written anew, part by part, without the names of their authors."""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext_lazy as _

from lianxin.kernel.segments import strip_jpeg, strip_png
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
_PROPERTIES = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties xmlns:cp='
    b'"http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
_HARMFUL_PARTS = re.compile(
    r"vbaproject|activex|macrosheets|oleobject|\.(bin|exe|js|vbs|bat|cmd|scr|jar)$", re.IGNORECASE
)
_HARMLESS_BIN = re.compile(r"/printersettings/[^/]*\.bin$", re.IGNORECASE)
# Their EXIF could not be taken out without writing them anew.
_OTHER_PICTURES = (".webp", ".tif", ".tiff", ".heic", ".heif", ".jxr", ".wdp", ".jp2")
# Names of people, and of folders that bear people's names: where they stand → what is blanked.
_NAMES = {
    "word/": re.compile(rb"""(\s(?:w:author|w:initials|w15:author|w15:userId)=)(?:"[^"]*"|'[^']*')"""),
    "xl/persons/": re.compile(rb"""(\s(?:displayName|userId)=)(?:"[^"]*"|'[^']*')"""),
    "xl/workbook.xml": re.compile(rb"""(\suserName=)(?:"[^"]*"|'[^']*')"""),
}
_COMMENT_AUTHOR = re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)")
_PATHS = re.compile(rb"<x15ac:absPath\b[^>]*/>")
_RELATIONSHIP = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_TARGET = re.compile(rb'\bTarget\s*=\s*("[^"]*"|\'[^\']*\')')
_EXTERNAL = re.compile(rb"\bTargetMode\s*=\s*[\"']External", re.IGNORECASE)


def clean_office(content: bytes, *, embedded: bool = False) -> tuple[bytes, str]:
    """The document without its authors' names and dates, and its extension.

    Raises:
        Refused: it is damaged, unpacks to too much, or carries macros, other files or links that load by themselves.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            extension = _kind_of(source)
            output = io.BytesIO()
            with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as target:
                room = _MAX_UNPACKED
                for info in source.infolist():
                    part = _read(source, info, room)
                    room -= len(part)
                    # A new entry carries neither the time nor the system of the old one.
                    entry = zipfile.ZipInfo(info.filename)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    target.writestr(entry, _clean_part(info.filename, part, embedded=embedded))
            return output.getvalue(), extension
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Refused(_DAMAGED) from error


def _kind_of(source: zipfile.ZipFile) -> str:
    names = source.namelist()
    if len(names) > _MAX_PARTS or sum(info.file_size for info in source.infolist()) > _MAX_UNPACKED:
        raise Refused(_TOO_LARGE)
    kinds = {kind for part, kind in _MAIN_PARTS.items() if part in names}
    if "[Content_Types].xml" not in names or len(kinds) != 1 or len(set(names)) != len(names):
        raise Refused(_DAMAGED)
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise Refused(_DAMAGED)
    if any("vbaproject" in name.lower() for name in names):
        raise Refused(_MACROS)
    if any(_HARMFUL_PARTS.search(name) and not _HARMLESS_BIN.search(name) for name in names):
        raise Refused(_EMBEDDED)
    return kinds.pop()


def _read(source: zipfile.ZipFile, info: zipfile.ZipInfo, room: int) -> bytes:
    """One part, however little its entry says it holds."""
    with source.open(info) as stream:
        part = stream.read(room + 1)
    if len(part) > room:
        raise Refused(_TOO_LARGE)
    return part


def _clean_part(name: str, part: bytes, *, embedded: bool) -> bytes:
    lower = name.lower()
    if name in _PROPERTIES:
        return _PROPERTIES[name]
    if lower.endswith((".xml", ".rels", ".vml")):
        return _clean_xml(lower, part)
    if lower.endswith((".xlsx", ".docx", ".pptx")):
        # The figures behind a chart are a workbook of their own.
        if embedded or lower.endswith(".pptx"):
            raise Refused(_EMBEDDED)
        return clean_office(part, embedded=True)[0]
    if lower.endswith(_OTHER_PICTURES):
        raise Refused(_EMBEDDED)
    return _clean_picture(part)


def _clean_picture(part: bytes) -> bytes:
    if part.startswith(b"\xff\xd8\xff"):
        return strip_jpeg(part)
    if part.startswith(b"\x89PNG\r\n\x1a\n"):
        return strip_png(part)
    return part


def _clean_xml(name: str, part: bytes) -> bytes:
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Refused(_DAMAGED)
    if name == "[content_types].xml" and b"macroenabled" in part.lower():
        raise Refused(_MACROS)
    if name.endswith(".rels"):
        return _RELATIONSHIP.sub(_clean_relationship, part)
    for place, names in _NAMES.items():
        if name.startswith(place):
            part = names.sub(rb'\1""', part)
    return _PATHS.sub(b"", _COMMENT_AUTHOR.sub(rb"\1\2", part))


def _clean_relationship(match: re.Match[bytes]) -> bytes:
    relationship = match[0]
    if not _EXTERNAL.search(relationship):
        return relationship
    if b"/attachedTemplate" in relationship:
        # It names a folder of its author, or a template that would be fetched from outside.
        return _TARGET.sub(b'Target="Normal.dotm"', relationship)
    if b"/hyperlink" in relationship or b"/externalLinkPath" in relationship:
        return relationship
    raise Refused(_EMBEDDED)
