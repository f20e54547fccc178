"""Registers as Word documents."""

from datetime import date
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn

from lianxin.kernel.documents import write_register


def written(headers, rows):
    target = BytesIO()
    count = write_register(target, "承诺台账", headers, rows, subtitle="2026年")
    return count, Document(BytesIO(target.getvalue()))


def test_it_lies_as_offices_expect():
    count, document = written(["承诺", "到期日"], [["每月一次", date(2027, 1, 14)], [None, "=1+1\x00"]])
    section, table = document.sections[0], document.tables[0]
    assert count == 2
    assert [round(length.mm) for length in (section.page_width, section.top_margin, section.left_margin)] == [
        210,
        37,
        28,
    ]
    assert [paragraph.text for paragraph in document.paragraphs[:2]] == ["承诺台账", "2026年"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["承诺", "到期日"],
        ["每月一次", "2027-01-14"],
        ["", "=1+1"],
    ]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert "PAGE" in section.footer.paragraphs[0]._p.xml


def test_many_columns_lie_across():
    _count, document = written([str(n) for n in range(7)], [])
    assert round(document.sections[0].page_width.mm) == 297
