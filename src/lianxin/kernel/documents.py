"""Word documents as offices expect them: a title, a line below it, a table whose head repeats, page numbers.

Page, type and page numbers follow GB/T 9704-2012 (A4; margins 37, 26, 35 and 28 mm; title in size 22 points, text in
Fangsong; "— 1 —" at the foot); tables use a smaller size.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from lianxin.kernel import timezone

TITLE_FONT, TEXT_FONT, HEAD_FONT, NUMBER_FONT = "方正小标宋简体", "仿宋", "黑体", "宋体"
TITLE_SIZE, SUBTITLE_SIZE, TABLE_SIZE, NUMBER_SIZE = Pt(22), Pt(16), Pt(10.5), Pt(14)
MARGINS = {"top_margin": Mm(37), "right_margin": Mm(26), "bottom_margin": Mm(35), "left_margin": Mm(28)}
LANDSCAPE_FROM = 6
"""Columns from which the page lies."""
_BREAK = {"\x0b", "\x0c", "\t", "\n", "\r"}


def write_register(
    target: BinaryIO, title: str, headers: Sequence[str], rows: Iterable[Sequence[object]], *, subtitle: str = ""
) -> int:
    """Write a register as a Word document (.docx) and return how many rows it has. All cells are plain text."""
    document = Document()
    section = document.sections[0]
    width, height = Mm(210), Mm(297)
    if len(headers) >= LANDSCAPE_FROM:
        section.orientation, width, height = WD_ORIENT.LANDSCAPE, height, width
    section.page_width, section.page_height = width, height
    for name, margin in MARGINS.items():
        setattr(section, name, margin)
    _paragraph(document.add_paragraph(), title, TITLE_FONT, TITLE_SIZE, centred=True)
    if subtitle:
        _paragraph(document.add_paragraph(), subtitle, TEXT_FONT, SUBTITLE_SIZE, centred=True)
    table = document.add_table(rows=1, cols=len(headers), style="Table Grid")
    _fill(table.rows[0], headers, HEAD_FONT)
    head: Any = next(document.element.iter(qn("w:tr")))
    head.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - counted for the caller
        _fill(table.add_row(), row, TEXT_FONT)
    _number_pages(section.footer.paragraphs[0])
    document.core_properties.author = ""
    document.save(target)
    return count


def _fill(row: Any, values: Sequence[object], font: str) -> None:
    for cell, value in zip(row.cells, values, strict=True):
        _paragraph(cell.paragraphs[0], _as_text(value), font, TABLE_SIZE)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(timezone.zone()):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    # What XML cannot hold is left out.
    return "".join(sign for sign in str(value) if sign.isprintable() or sign in _BREAK)


def _paragraph(paragraph: Any, text: str, font: str, size: Pt, *, centred: bool = False) -> None:
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _style(paragraph.add_run(text), font, size)


def _style(run: Any, font: str, size: Pt) -> None:
    run.font.name, run.font.size = font, size
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, kind in (("— ", ""), ("", "begin"), ("PAGE", "instruction"), ("", "end"), (" —", "")):
        run = paragraph.add_run("" if kind else text)
        _style(run, NUMBER_FONT, NUMBER_SIZE)
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.text = text
            run.element.append(element)
        elif kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
            run.element.append(element)
