"""JPEG and PNG without their metadata, the picture itself untouched: for pictures inside documents."""

_APP0, _APP2, _APP14, _APP15, _COMMENT, _START_OF_SCAN, _MARKER = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE, 0xDA, 0xFF
# JFIF, the colour profile and Adobe's note on how colours are coded decide how a picture looks.
_NEEDED = {_APP0, _APP2, _APP14}
_PNG_METADATA = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}


def strip_jpeg(content: bytes) -> bytes:
    """Without EXIF, XMP, IPTC and comments."""
    kept, position = [content[:2]], 2
    while position + 4 <= len(content) and content[position] == _MARKER:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        if marker == _START_OF_SCAN:  # the picture itself, up to the end
            break
        is_metadata = (_APP0 <= marker <= _APP15 or marker == _COMMENT) and marker not in _NEEDED
        if not is_metadata:
            kept.append(content[position : position + 2 + length])
        position += 2 + length
    return b"".join([*kept, content[position:]])


def strip_png(content: bytes) -> bytes:
    """Without text, time and EXIF."""
    kept, position = [content[:8]], 8
    while position + 12 <= len(content):
        end = position + 12 + int.from_bytes(content[position : position + 4], "big")
        if content[position + 4 : position + 8] not in _PNG_METADATA:
            kept.append(content[position:end])
        position = end
    return b"".join(kept)
