"""What stands in the cells of grown registers, made plain."""

import html
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

SHANGHAI = "Asia/Shanghai"

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLOCKS = (
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|"
    "table|tbody|tfoot|thead|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|b|big|body|button|caption|cite|code|col|colgroup|del|em|embed|font|head|html|i|iframe|img|input|ins|"
    "label|link|mark|meta|o:p|object|option|q|s|samp|select|small|span|st1:[a-z]+|strike|strong|sub|sup|td|textarea|th|"
    "title|tt|u|v:[a-z]+|var|video|wbr"
)
# `‹…>` and `<…>` serve as quotation marks: only what has the name of an HTML element is a tag.
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS})(?:\s[^<>]*)?\s*/?>", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE})(?:\s[^<>]*)?\s*/?>", re.IGNORECASE)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_EMPTY_LINES = re.compile(r"\n{3,}")
_MAX_UNESCAPES = 3

_MOMENT = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"[\sT,]*(?:星期.|周.|\(.{1,3}\))?\s*"
    r"(?:(?P<half>上午|下午|晚上|AM|PM)?\s*(?P<hour>\d{1,2})\s*(?:[:时点]\s*(?:(?P<minute>\d{1,2})\s*"
    r"(?:[:分]\s*(?:(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?)?)\s*(?P<half_after>AM|PM)?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_SERIAL = re.compile(r"\d{1,6}(?:\.\d+)?")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone
_YEARS = range(1900, 2101)
_NOON = 12


def clean_text(value: object) -> str:
    """The text of a cell as its writer meant it: line ends for `<br>` and `_x000D_`, characters for entities.

    Tags, invisible characters and the spaces around lines (no-break and ideographic ones too) go; at most one empty
    line stays between two others. Characters keep their width.
    """
    if value is None:
        return ""
    text = _ESCAPED.sub(_unescape, str(value))
    for _turn in range(_MAX_UNESCAPES):
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", _HIDDEN.sub("", text)))
    text = _INVISIBLE.sub("", _LINE_END.sub("\n", text)).replace("\xa0", " ")
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip()


def _unescape(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return "" if 0xD800 <= code <= 0xDFFF else chr(code)  # noqa: PLR2004 - halves of a character


def parse_moment(value: object, zone: str = SHANGHAI) -> datetime:
    """The moment a cell means, aware, in `zone`; a day alone is its midnight there.

    Understands date cells, Excel's serial numbers, and texts such as `2020/1/5 13:45:02`, `2020-01-05`, `2020.1.5`,
    `2020年1月5日 下午1时45分`, in any width and with stray spaces.

    Raises:
        ValueError: with the reason.
    """
    local = ZoneInfo(zone)
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=local)
    elif isinstance(value, date):
        moment = datetime.combine(value, time.min, tzinfo=local)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _from_number(f"{value:.10f}" if isinstance(value, float) else str(value)).replace(tzinfo=local)
    else:
        moment = _from_text(unicodedata.normalize("NFKC", clean_text(value)), local)
    if moment.year not in _YEARS:
        raise ValueError(_("The year of this date cannot be right: %(value)s") % {"value": value})
    return moment.astimezone(local)


def _from_number(text: str) -> datetime:
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _from_parts(compact, text)
    serial = float(text) if _SERIAL.fullmatch(text) else 0.0
    if serial < 1:
        raise ValueError(_("Not a date: %(value)s") % {"value": text})
    return _EXCEL_EPOCH + timedelta(seconds=round(serial * 86400))


def _from_text(text: str, local: ZoneInfo) -> datetime:
    if not text:
        raise ValueError(_("The date is missing."))
    found = _MOMENT.fullmatch(text)
    if not found:
        return _from_number(text).replace(tzinfo=local)
    moment = _from_parts(found, text)
    if found["offset"]:
        return moment.replace(tzinfo=_zone_of(found["offset"]))
    return moment.replace(tzinfo=local)


def _from_parts(found: re.Match[str], text: str) -> datetime:
    parts = found.groupdict()
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or parts.get("half_after") or "").upper()
    if half in {"下午", "晚上", "PM"} and hour < _NOON:
        hour += _NOON
    elif half in {"上午", "AM"} and hour == _NOON:
        hour = 0
    try:
        return datetime(  # noqa: DTZ001 - the caller knows the zone
            int(parts["year"]),
            int(parts["month"]),
            int(parts["day"]),
            hour,
            int(parts.get("minute") or 0),
            int(parts.get("second") or 0),
        )
    except ValueError as error:
        raise ValueError(_("There is no such day or time: %(value)s") % {"value": text}) from error


def _zone_of(offset: str) -> timezone:
    if offset.upper() == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))
