"""JPEG, PNG, WebP and GIF without their metadata, the picture itself untouched: for pictures inside documents."""

import zlib
from collections.abc import Iterator

_APP0, _APP2, _APP14, _APP15, _COMMENT, _START_OF_SCAN, _MARKER = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE, 0xDA, 0xFF
# JFIF, the colour profile and Adobe's note on how colours are coded decide how a picture looks.
_NEEDED = {_APP0, _APP2, _APP14}
_WEBP_METADATA = {b"EXIF", b"XMP "}
_WEBP_SAYS_METADATA = 0b1100  # the bits of VP8X that announce them
_GIF_EXTENSION, _GIF_IMAGE, _GIF_COMMENT, _GIF_TEXT, _GIF_APPLICATION = 0x21, 0x2C, 0xFE, 0x01, 0xFF
_PNG_METADATA = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}


def strip_jpeg(content: bytes) -> bytes:
    """Without EXIF, XMP, IPTC and comments."""
    kept, position = [], 0
    for begin, end in _jpeg_metadata(content, 0):
        kept.append(content[position:begin])
        position = end
    return b"".join([*kept, content[position:]])


def blank_jpeg(content: bytearray, start: int) -> None:
    """As `strip_jpeg`, of a picture that begins at `start`, which keeps its length."""
    for begin, end in _jpeg_metadata(content, start):
        content[begin + 4 : end] = bytes(len(content[begin + 4 : end]))


def _jpeg_metadata(content: bytes | bytearray, start: int) -> Iterator[tuple[int, int]]:
    """Where a picture that begins at `start` says more than how it looks."""
    position = start + 2
    while position + 4 <= len(content) and content[position] == _MARKER:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        if marker == _START_OF_SCAN:  # the picture itself, up to the end
            break
        if (_APP0 <= marker <= _APP15 or marker == _COMMENT) and marker not in _NEEDED:
            yield position, position + 2 + length
        position += 2 + length


def strip_png(content: bytes) -> bytes:
    """Without text, time and EXIF."""
    kept, position = [], 0
    for begin, end in _png_metadata(content, 0):
        kept.append(content[position:begin])
        position = end
    return b"".join([*kept, content[position:]])


def blank_png(content: bytearray, start: int) -> None:
    """As `strip_png`, of a picture that begins at `start`, which keeps its length."""
    for begin, end in _png_metadata(content, start):
        content[begin + 8 : end - 4] = bytes(end - begin - 12)
        content[end - 4 : end] = zlib.crc32(content[begin + 4 : end - 4]).to_bytes(4, "big")


def _png_metadata(content: bytes | bytearray, start: int) -> Iterator[tuple[int, int]]:
    position = start + 8
    while position + 12 <= len(content):
        end = position + 12 + int.from_bytes(content[position : position + 4], "big")
        kind = bytes(content[position + 4 : position + 8])
        if kind in _PNG_METADATA and end <= len(content):
            yield position, end
        if kind == b"IEND":
            break
        position = end


def strip_webp(content: bytes) -> bytes:
    """Without EXIF and XMP.

    Raises:
        ValueError: it is cut off.
    """
    kept, position = [], 12
    while position + 8 <= len(content):
        kind, length = content[position : position + 4], int.from_bytes(content[position + 4 : position + 8], "little")
        chunk = content[position : position + 8 + length + length % 2]
        if len(chunk) < 8 + length:
            raise ValueError("half a picture")
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_SAYS_METADATA]) + chunk[9:]
        if kind not in _WEBP_METADATA:
            kept.append(chunk)
        position += 8 + length + length % 2
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def strip_gif(content: bytes) -> bytes:
    """Without comments, texts and notes of programs (but how often it moves).

    Raises:
        ValueError, IndexError: it is cut off.
    """
    position = 13 + _colours(content[10])
    kept = [content[:position]]
    while position < len(content) and content[position] in {_GIF_EXTENSION, _GIF_IMAGE}:
        begin, wanted = position, True
        if content[position] == _GIF_IMAGE:
            position += 10 + _colours(content[position + 9]) + 1
        else:
            kind = content[position + 1]
            loops = content[position + 3 : position + 14] == b"NETSCAPE2.0"
            wanted = kind not in {_GIF_COMMENT, _GIF_TEXT} and (kind != _GIF_APPLICATION or loops)
            position += 2
        while content[position]:
            position += 1 + content[position]
        position += 1
        if wanted:
            kept.append(content[begin:position])
    return b"".join([*kept, b";"])


def _colours(flags: int) -> int:
    """How many bytes the table of colours takes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0
