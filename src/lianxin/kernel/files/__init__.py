"""Files that people send in: known by their content, freed of what tells about the sender, or refused with a reason.

Pictures are written anew from their pixels. PDF, Word, WPS and Excel files lose their authors, dates and scripts. All
else is refused. What is accepted is stored under a random name (`store`), shown in a page only if it is an image, and
otherwise downloaded with `content_disposition`.
"""

import codecs
from typing import IO

from django.utils.translation import gettext_lazy as _

from lianxin.kernel.cleaning import Cleaned
from lianxin.kernel.files.cleanfile import MAX_BYTES, MAX_FILES, CleanFile, FileRejected
from lianxin.kernel.files.cleaning import clean_apart, clean_text
from lianxin.kernel.files.names import content_disposition, downloaded_page, safe_name
from lianxin.kernel.files.storage import StorageFull, delete_stored, delete_strays, open_stored, store

__all__ = [
    "ACCEPTED",
    "CONTENT_TYPES",
    "MAX_BYTES",
    "MAX_FILES",
    "CleanFile",
    "FileRejected",
    "StorageFull",
    "accept",
    "content_disposition",
    "delete_stored",
    "delete_strays",
    "downloaded_page",
    "open_stored",
    "store",
]

CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "wps": "application/vnd.ms-works",
    "txt": "text/plain; charset=utf-8",
}

# For the `accept` attribute of a file input: pictures by type, so that a phone offers its camera and turns
# HEIC into JPEG.
ACCEPTED = "image/jpeg,image/png,image/gif,image/webp,image/avif,image/bmp,.pdf,.docx,.doc,.wps,.xlsx,.txt"

_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_BITMAP_HEADS = {12, 40, 52, 56, 64, 108, 124}
"""How long what stands between the head of a BMP and its pixels may be: two letters alone could begin a text."""


def accept(file: bytes | IO[bytes], declared_name: str) -> CleanFile:
    """Recognise and clean one file.

    Raises:
        FileRejected: with a reason for the user; `name` is the file's name made safe.
    """
    content = file if isinstance(file, bytes) else file.read(MAX_BYTES + 1)
    try:
        _refuse_size(content)
        clean = _clean(content, declared_name)
        _refuse_size(clean.content)
    except FileRejected as refusal:
        refusal.name = safe_name(declared_name, _declared_extension(declared_name) or "bin")
        raise
    name = safe_name(declared_name, clean.extension)
    kind = CONTENT_TYPES[clean.extension]
    return CleanFile(clean.content, kind, clean.extension, name, clean.width, clean.height)


def _refuse_size(content: bytes) -> None:
    if not content:
        raise FileRejected(_("This file is empty. Please choose it again."))
    if len(content) > MAX_BYTES:
        raise FileRejected(_("This file is larger than 10 MB. Please make it smaller."))


def _clean(content: bytes, declared_name: str) -> Cleaned:
    if _is_image(content):
        return clean_apart("image", content)
    if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"%PDF-"):
        return clean_apart("pdf", content[content.index(b"%PDF-") :])
    if content.startswith(b"PK\x03\x04"):
        return clean_apart("office", content)
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        raise FileRejected(_("This image is in HEIC format. Please take a screenshot of it, or save it as JPEG."))
    extension = _declared_extension(declared_name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        cleaned = clean_apart("word97", content)
        return cleaned._replace(extension="wps") if extension == "wps" else cleaned
    if extension == "txt":
        return Cleaned(clean_text(content), "txt")
    raise FileRejected(_("This file type is not supported. Use images, PDF, Word, WPS, .xlsx or .txt files."))


def _is_image(content: bytes) -> bool:
    kind = content[8:12]
    return (
        content.startswith(_IMAGE_STARTS)
        or (content[:4] == b"RIFF" and kind == b"WEBP")
        or (content[4:8] == b"ftyp" and (kind in _AVIF_BRANDS or (kind == b"mif1" and b"avif" in content[16:64])))
        or (content[:2] == b"BM" and int.from_bytes(content[14:18], "little") in _BITMAP_HEADS)
    )


def _declared_extension(declared_name: str) -> str:
    extension = declared_name.rpartition(".")[2].lower()
    return extension if extension.isascii() and extension.isalnum() and len(extension) <= len("jpeg0") else ""
