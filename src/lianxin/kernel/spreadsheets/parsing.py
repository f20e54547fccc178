"""What stands in the cells of spreadsheets, made plain: texts, moments as offices write them, number formats."""

import html
import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

SHANGHAI = "Asia/Shanghai"


class UnclearNumber(float):
    """A number of which it is not known what the sheet shows: scientific notation, or a format that was not read."""

    __slots__ = ()


Cell = str | int | float | bool | datetime | date | time | timedelta | None

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
    r"(?:(?P<half>上午|下午|晚上|凌晨|清晨|早上|早晨|中午|傍晚|AM|PM)?\s*(?P<hour>\d{1,2})\s*(?:[:时点]\s*(?:(?P<minute>\d{1,2})\s*"
    r"(?:[:分]\s*(?:(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?)?)?)\s*(?P<half_after>AM|PM)?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_MORNING = frozenset({"上午", "凌晨", "清晨", "早上", "早晨", "AM"})
_AFTERNOON = frozenset({"下午", "晚上", "傍晚", "PM"})
_SERIAL = re.compile(r"\d{1,6}(?:\.\d+)?")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone
_FIRST_SERIAL = 367
"""Excel's number of 1 January 1901: in 1900 it counts a day that never was, and smaller ones are no dates."""
_YEARS = range(1900, 2101)
_NOON = 12
_MIDNIGHT = 24


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


def parse_moment(value: object, zone: str = SHANGHAI, *, end_of_day: bool = False) -> datetime:
    """The moment a cell means, aware, in `zone`; a day alone is its midnight there, or its last second (`end_of_day`).

    Understands date cells, Excel's serial numbers, and texts such as `2020/1/5 13:45:02`, `2020-01-05`, `2020.1.5`,
    `2020年1月5日 下午1时45分`, in any width and with stray spaces. A date cell at midnight is a day alone.

    Raises:
        ValueError: with the reason.
    """
    local = ZoneInfo(zone)
    timed = False
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=local)
    elif isinstance(value, date):
        moment = datetime.combine(value, time.min, tzinfo=local)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = f"{float(value):.10f}".rstrip("0").rstrip(".")
        moment = _from_number(text).replace(tzinfo=local)
    else:
        moment, timed = _from_text(unicodedata.normalize("NFKC", clean_text(value)), local)
    if moment.year not in _YEARS:
        raise ValueError(_("The year of this date is not plausible: %(value)s") % {"value": value})
    moment = moment.astimezone(local)
    if end_of_day and not timed and moment.time() == time.min:
        return moment.replace(hour=23, minute=59, second=59)
    return moment


def _from_number(text: str) -> datetime:
    compact = _COMPACT.fullmatch(text)
    if compact:
        return _from_parts(compact, text)
    serial = float(text) if _SERIAL.fullmatch(text) else 0.0
    if serial < _FIRST_SERIAL:
        raise ValueError(_("Not a date: %(value)s") % {"value": text})
    return _EXCEL_EPOCH + timedelta(seconds=round(serial * 86400))


def _from_text(text: str, local: ZoneInfo) -> tuple[datetime, bool]:
    """The moment, and whether a time of day was given."""
    if not text:
        raise ValueError(_("The date is missing."))
    found = _MOMENT.fullmatch(text)
    if not found:
        return _from_number(text).replace(tzinfo=local), False
    zone = _zone_of(found["offset"]) if found["offset"] else local
    return _from_parts(found, text).replace(tzinfo=zone), found["hour"] is not None


def _from_parts(found: re.Match[str], text: str) -> datetime:
    parts = found.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (parts.get("half") or parts.get("half_after") or "").upper()
    if (half in _AFTERNOON and hour < _NOON) or (half == "中午" and hour < _NOON - 2):
        hour += _NOON
    elif half in _MORNING and hour == _NOON:
        hour = 0
    next_day = timedelta(days=(hour, minute, second) == (_MIDNIGHT, 0, 0))
    try:
        day = datetime(int(parts["year"]), int(parts["month"]), int(parts["day"]))  # noqa: DTZ001 - the caller knows the zone
        return day + next_day if next_day else day.replace(hour=hour, minute=minute, second=second)
    except (ValueError, OverflowError) as error:
        raise ValueError(_("Invalid date or time: %(value)s") % {"value": text}) from error


def _zone_of(offset: str) -> timezone:
    if offset.upper() == "Z":
        return UTC
    sign = -1 if offset[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])))


_IN_FORMAT = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<special>General|E[+-]|[;0#?.,%@/])|(?P<plain>.)',
    re.IGNORECASE,
)
_HARMLESS_BRACKET = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|\$(?P<sign>[^-]*)(?:-[0-9A-F]+)?", re.IGNORECASE
)


def formatted_number(value: float, number_format: str) -> Cell:
    """A number as the sheet shows it where its format makes a text of digits (`000000`, `"GD"000000`, `00-0000`).

    Quantities (`General`, `0.00`, `#,##0`, `0%`) stay numbers; what a format shows that is not understood here
    (scientific notation, fractions, conditions, Chinese numerals) is an `UnclearNumber`.
    """
    number = int(value) if float(value).is_integer() else value
    if number_format in {"General", "0", "@", ""}:
        return number
    pattern = _read_format(number_format)
    if pattern is None:
        return UnclearNumber(value)
    placeholders = [token for token in pattern if token in {"0", "#"}]
    literal = "".join(token[1:] for token in pattern if token[0] == "'").strip()
    quantity = {".", ",", "%"} & set(pattern)
    if quantity or not placeholders or (placeholders.count("0") <= 1 and not literal):
        return number
    if not isinstance(number, int) or number < 0:
        return UnclearNumber(value)
    return _show(number, pattern, placeholders.count("0"))


def _read_format(number_format: str) -> list[str] | None:
    """The tokens for positive numbers, literals after an apostrophe; None where it is not understood."""
    tokens: list[str] = []
    for found in _IN_FORMAT.finditer(number_format):
        special = (found["special"] or "").upper()
        if special == ";":
            break
        if special == "GENERAL":
            tokens.append("#")
        elif special.startswith("E") or special in {"/", "@"}:
            return None
        elif special:
            tokens.append("#" if special == "?" else special)
        elif found["bracket"] is not None:
            harmless = _HARMLESS_BRACKET.fullmatch(found["bracket"])
            if not harmless:
                return None
            tokens += ["'" + (harmless["sign"] or "")]
        else:
            tokens.append("'" + (found["quoted"] or found["escaped"] or found["plain"] or ""))
    return tokens


def _show(number: int, pattern: list[str], zeros: int) -> str:
    digits = list(str(number).zfill(zeros))
    shown: list[str] = []
    waiting = sum(token in {"0", "#"} for token in pattern)
    for token in reversed(pattern):
        if token[0] == "'":
            shown.append(token[1:])
            continue
        waiting -= 1
        # The first placeholder takes all digits that are left.
        shown.append("".join(digits) if not waiting else digits.pop() if digits else "")
        digits = [] if not waiting else digits
    return "".join(reversed(shown)).strip()
