"""PDF: without author, dates, scripts and earlier versions of itself."""

import io
import zlib

import pikepdf

from lianxin.kernel.cleaning import Cleaned, Reason, RefusedError
from lianxin.kernel.cleaning.image_metadata import strip_jpeg

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


def clean_pdf(content: bytes) -> Cleaned:
    """The PDF without author, dates, scripts and earlier versions of itself, its JPEG pictures without EXIF.

    Raises:
        RefusedError: it is damaged, locked, or carries other files inside.
    """
    try:
        return Cleaned(_clean(content), "pdf")
    except pikepdf.PasswordError as error:
        raise RefusedError(Reason.PDF_LOCKED) from error
    except RefusedError:
        raise
    except Exception as error:  # a parser may throw anything at a hostile file
        raise RefusedError(Reason.PDF_DAMAGED) from error


def _clean(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
        if len(pdf.attachments):
            raise RefusedError(Reason.PDF_WITH_FILES)
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
        raise RefusedError(Reason.PDF_WITH_FILES)
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
