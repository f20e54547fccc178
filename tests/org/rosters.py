"""Rosters for tests: sheets as lists, compared and applied at once."""

from io import BytesIO

from lianxin.kernel.spreadsheets import Sheet, write_sheets
from lianxin.org.models import RosterImport
from lianxin.org.roster import apply_roster, compare_roster, start_applying, upload_roster

PEOPLE = ["工号", "姓名", "手机", "单位", "岗位", "政治面貌", "党支部", "入职日期", "离职日期", "状态"]
UNITS = ["单位编码", "单位名称", "类别", "上级单位", "并入单位", "状态"]
PARTY = ["党组织编码", "党组织名称", "类别", "上级党组织", "所在单位", "状态"]


def workbook(*, people=(), units=(), party=(), headers=PEOPLE):
    """The content of a workbook; rows may be shorter than their headers."""
    content = BytesIO()
    sheets = [("单位", UNITS, units), ("党组织", PARTY, party), ("人员", headers, people)]
    write_sheets(content, [Sheet(name, head, rows) for name, head, rows in sheets if rows])
    return content.getvalue()


def compared(content, *, actor=None, **options):
    """Upload and compare."""
    roster = upload_roster(actor=actor, file_name="名册.xlsx", content=content, later=False, **options)
    compare_roster(roster_id=roster.pk)
    roster.refresh_from_db()
    return roster


def applied(content, *, actor=None, confirmed=None, **options):
    """Upload, compare and apply."""
    roster = compared(content, actor=actor, **options)
    start_applying(actor=actor, roster_id=roster.pk, digest=roster.digest, confirmed=confirmed, later=False)
    apply_roster(roster_id=roster.pk)
    return RosterImport.objects.get(pk=roster.pk)


def outcomes(roster):
    """What becomes of each row, by number or code; with the reason of a rejected one."""
    told = {}
    for line in roster.lines.order_by("id"):
        reasons = [reason for reason, _said in line.reasons]
        told[line.key or line.row] = f"{line.outcome}: {reasons[0]}" if line.outcome == "reject" else line.outcome
    return told
