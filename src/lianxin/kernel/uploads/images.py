"""Images: turned upright, made no larger than a screen needs, and written anew from their pixels alone."""

import io
import struct

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from lianxin.kernel.uploads.cleanfile import Refused

MAX_SIDE = 2560
# A JPEG is decoded at reduced size, other formats whole (four bytes a pixel).
MAX_PIXELS = {"JPEG": 80_000_000}
MAX_PIXELS_OTHER = 32_000_000

# format read → format written; of an animation the first frame stays
_WRITTEN_AS = {"JPEG": "JPEG", "MPO": "JPEG", "PNG": "PNG", "GIF": "PNG", "WEBP": "WEBP"}
_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_OPTIONS: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 85, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 85, "method": 4},
}

_TOO_MANY_PIXELS = _("This picture has too many pixels. Please make it smaller, or take a screenshot of it.")
_DAMAGED = _("This picture is damaged or incomplete. Please choose it again or take a new one.")


def clean_image(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """The pixels of an image as a new file: its content, its extension and its size.

    Raises:
        Refused: it is damaged, or has too many pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP")) as image:
            written_as = _WRITTEN_AS[image.format or ""]
            _refuse_giant(image, written_as)
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            # Only the pixels go over to the new picture: no EXIF, no GPS, no comment, no profile.
            bare = _plain(upright, written_as)
            pixels = Image.frombytes(bare.mode, bare.size, bare.tobytes())
    except Image.DecompressionBombError as error:
        raise Refused(_TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error) as error:
        raise Refused(_DAMAGED) from error
    output = io.BytesIO()
    pixels.save(output, written_as, **_OPTIONS[written_as])
    return output.getvalue(), _EXTENSIONS[written_as], pixels.size


def _refuse_giant(image: Image.Image, written_as: str) -> None:
    if image.width * image.height > MAX_PIXELS.get(written_as, MAX_PIXELS_OTHER):
        raise Refused(_TOO_MANY_PIXELS)


def _plain(image: Image.Image, written_as: str) -> Image.Image:
    """In one of the modes that every viewer shows."""
    if image.has_transparency_data and written_as != "JPEG":
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        # 16-bit grey: the upper eight bits are what a screen shows.
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("L" if image.mode in {"1", "L", "LA"} and written_as != "WEBP" else "RGB")
