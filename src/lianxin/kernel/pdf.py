"""Cleans one PDF, from standard input to standard output, as a process of its own.

A hostile PDF can unpack to any size or crash the parser; here it takes nobody with it. Only what this needs is
imported, so that the process starts quickly.
"""

import ctypes
import io
import signal
import sys
import zlib

import pikepdf

from lianxin.kernel.segments import strip_jpeg

LOCKED, WITH_FILES, DAMAGED = 10, 11, 12

_PR_SET_PDEATHSIG = 1
_MEMORY_BYTES = 768 * 1024 * 1024
_CPU_SECONDS = 20
_MAX_DEPTH = 100
_MAX_PICTURE_BYTES = 20 * 1024 * 1024

# Who made it, when and with what; and what would run when it is opened.
_UNWANTED = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/SpiderInfo"),
    *("/OpenAction", "/AA", "/JS", "/JavaScript", "/XFA"),
)
_ACTIVE = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/RichMediaExecute"}
# Of a comment: its writer and when. (In a form field /T is the field's own name.)
_OF_COMMENTS = ("/T", "/M", "/CreationDate")


class CarriesFiles(Exception):  # noqa: N818 - reads as the sentence it is
    """Other files lie inside the PDF."""


def clean(content: bytes) -> bytes:
    """The PDF without author, dates, scripts and earlier versions of itself, its JPEG pictures without EXIF.

    Raises:
        pikepdf.PasswordError: it is locked.
        CarriesFiles: other files lie inside.
        pikepdf.PdfError, ValueError: it is damaged.
    """
    with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
        if len(pdf.attachments):
            raise CarriesFiles
        if not len(pdf.pages):
            raise ValueError("no pages")
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for item in pdf.objects:
            _clean_object(item)
        output = io.BytesIO()
        pdf.save(output, deterministic_id=True)
        return output.getvalue()


def _clean_object(item: pikepdf.Object, depth: int = 0) -> None:
    """Clean one object and what stands directly in it; what it refers to is cleaned in its own turn."""
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(item, pikepdf.Array):
        children = list(item)
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        _clean_dictionary(item)
        children = list(item.values())
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            _clean_object(child, depth + 1)


def _clean_dictionary(item: pikepdf.Object) -> None:
    if "/EF" in item:
        raise CarriesFiles
    _delete(item, _UNWANTED)
    if _name(item.get("/S")) in _ACTIVE:
        _delete(item, tuple(item.keys()))
    if "/Rect" in item and item.get("/Subtype") != pikepdf.Name.Widget:
        _delete(item, _OF_COMMENTS)
    if isinstance(item, pikepdf.Stream):
        _clean_picture(item)


def _clean_picture(item: pikepdf.Stream) -> None:
    named = item.get("/Filter")
    filters = [_name(name) for name in named] if isinstance(named, pikepdf.Array) else [_name(named)]
    if filters[-1:] != ["/DCTDecode"]:
        return
    picture = item.read_raw_bytes()
    if filters == ["/FlateDecode", "/DCTDecode"]:
        picture = zlib.decompressobj().decompress(picture, _MAX_PICTURE_BYTES)
    elif len(filters) > 1:
        return
    parms = item.get("/DecodeParms")
    kept = parms if len(filters) == 1 and isinstance(parms, pikepdf.Dictionary | pikepdf.Array) else None
    item.write(strip_jpeg(picture), filter=pikepdf.Name.DCTDecode, decode_parms=kept)


def _name(item: object) -> str:
    try:
        return str(item)
    except UnicodeDecodeError:  # old Chinese programs write names in GBK
        return ""


def _delete(item: pikepdf.Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in item:
            del item[key]


def _limit_resources() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # nobody would read what comes of it


def main() -> int:
    """Exit status: 0, or why not."""
    _limit_resources()
    try:
        sys.stdout.buffer.write(clean(sys.stdin.buffer.read()))
    except pikepdf.PasswordError:
        return LOCKED
    except CarriesFiles:
        return WITH_FILES
    except Exception:  # noqa: BLE001 - a parser may throw anything at a hostile file
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
