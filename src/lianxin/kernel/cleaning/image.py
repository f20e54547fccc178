"""Images: turned upright, made no larger than a screen needs, and written anew from their pixels alone."""

import io

from PIL import AvifImagePlugin, Image

from lianxin.kernel.cleaning import Cleaned, Reason, RefusedError

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each has memory of its own, of which the process has little

MAX_SIDE = 2560
# A screenshot of a whole conversation: what counts is that its lines can still be read.
LONG = 3  # times as long as wide, or more
MAX_SHORT_SIDE = 1440
# As much as a JPEG can hold; each line costs memory of its own, however short it is.
MAX_READ_SIDE = 65_535
# A JPEG is decoded at reduced size, other formats whole (four bytes a pixel).
MAX_PIXELS = {"JPEG": 80_000_000}
MAX_PIXELS_OTHER = 32_000_000

_READ = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "AVIF")
# format read → format written; of an animation the first frame stays
_WRITTEN_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG", "BMP": "PNG", "WEBP": "WEBP", "AVIF": "JPEG"}
_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 85, "method": 4},
}

# How to turn what a camera held otherwise (EXIF 2.32, 4.6.4 A, tag 274).
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def clean_image(content: bytes) -> Cleaned:
    """The pixels of an image as a new file.

    Raises:
        RefusedError: it is damaged, or has too many pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_READ) as image:
            written_as = _WRITTEN_AS[image.format or ""]
            if image.format == "AVIF" and image.has_transparency_data:
                written_as = "PNG"
            _refuse_giant(image, written_as)
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = _upright(image)
            upright.thumbnail(_shown_size(upright.width, upright.height))
            # Only the pixels go over to the new picture: no EXIF, no GPS, no comment, no profile.
            bare = _plain(upright, written_as)
            pixels = Image.frombytes(bare.mode, bare.size, bare.tobytes())
        output = io.BytesIO()
        pixels.save(output, written_as, **_OPTIONS[written_as])
    except Image.DecompressionBombError as error:
        raise RefusedError(Reason.PICTURE_TOO_LARGE) from error
    except RefusedError:
        raise
    except Exception as error:  # a decoder may throw anything at a hostile file
        raise RefusedError(Reason.PICTURE_DAMAGED) from error
    return Cleaned(output.getvalue(), _EXTENSIONS[written_as], *pixels.size)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says; one that says nothing that can be understood stays as it is."""
    try:
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 0))
    except Exception:  # noqa: BLE001 - of the pixels nothing is known to be wrong
        turn = None
    return image.transpose(turn) if turn is not None else image.copy()


def _shown_size(width: int, height: int) -> tuple[int, int]:
    short, long = sorted((width, height))
    if long < LONG * short:
        return MAX_SIDE, MAX_SIDE
    return (MAX_SHORT_SIDE, height) if width < height else (width, MAX_SHORT_SIDE)


def _refuse_giant(image: Image.Image, written_as: str) -> None:
    many = image.width * image.height > MAX_PIXELS.get(written_as, MAX_PIXELS_OTHER)
    if many or max(image.size) > MAX_READ_SIDE:
        raise RefusedError(Reason.PICTURE_TOO_LARGE)


def _plain(image: Image.Image, written_as: str) -> Image.Image:
    """In one of the modes that every viewer shows."""
    if image.has_transparency_data and written_as != "JPEG":
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        # 16-bit grey: the upper eight bits are what a screen shows.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("L" if image.mode in {"1", "L", "LA"} and written_as != "WEBP" else "RGB")
