"""The columns of a roster: their fields, the names they bear, and the words that stand in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext, pgettext_lazy

from lianxin.kernel.spreadsheets import plain
from lianxin.org.enums import MembershipKind, PartyOrganisationKind, Role, RosterPart, UnitKind


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Args:
        field: what it is called in the code.
        label: its name in the template.
        names: other names it is known by, with 、 between them.
        hint: what to enter.
        required: whether a sheet without it cannot be read.
        most: how many characters fit.
        text: whether zeros at its beginning count.
        date: whether days stand in it.
        choices: the words to choose from in the template.
    """

    field: str
    label: str | Promise
    names: str
    hint: str | Promise = ""
    required: bool = False
    most: int = 100
    text: bool = False
    date: bool = False
    choices: tuple[str | Promise, ...] = ()


_STATUS = "状态、status、是否撤销"
_PLACE_ENDED, _HAS_LEFT = pgettext_lazy("roster", "Closed"), pgettext_lazy("roster", "Left")


def _labels(words: type[TextChoices]) -> tuple[str | Promise, ...]:
    """The words to choose from; what a reader of any language may choose is understood."""
    return tuple(member.label for member in words)


COLUMNS: Mapping[RosterPart, tuple[Column, ...]] = {
    RosterPart.UNITS: (
        Column(
            "code",
            _("Unit code"),
            "单位编码、单位代码、单位编号、部门编码、部门代码、机构编码、组织编码、编码、代码、unit code、code",
            _("Short and permanent; identifies the unit."),
            required=True,
            most=40,
            text=True,
        ),
        Column(
            "name",
            _("Unit name"),
            "单位名称、部门名称、机构名称、组织名称、单位全称、名称、unit name、name",
            required=True,
        ),
        Column(
            "kind",
            _("Unit kind"),
            "单位类别、单位类型、类别、类型、机构类型、unit kind、kind、type",
            choices=_labels(UnitKind),
        ),
        Column(
            "parent",
            _("Parent unit"),
            "上级单位、上级部门、上级机构、上级编码、上级单位编码、隶属单位、unit above、parent、parent code",
            _("Code or name. Empty: new units go directly under the enterprise; existing units stay where they are."),
            most=200,
            text=True,
        ),
        Column(
            "merged_into",
            _("Merged into"),
            "并入单位、合并至、并入、merged into",
            _("Code or name of the receiving unit: people move there, and this unit is closed."),
            most=200,
            text=True,
        ),
        Column(
            "status",
            _("Unit status"),
            f"单位状态、{_STATUS}",
            _("“Closed” closes a unit that has no people left."),
            choices=(_PLACE_ENDED,),
        ),
    ),
    RosterPart.PARTY: (
        Column(
            "code",
            _("Party organisation code"),
            "党组织编码、党组织代码、党支部编码、编码、代码、party organisation code、code",
            _("Short and permanent."),
            required=True,
            most=40,
            text=True,
        ),
        Column(
            "name",
            _("Party organisation name"),
            "党组织名称、党支部名称、支部名称、名称、party organisation name、name",
            required=True,
        ),
        Column(
            "kind",
            _("Party organisation kind"),
            "党组织类别、党组织类型、类别、类型、party organisation kind、kind、type",
            _("Party committee, general Party branch, Party branch or Party group."),
            choices=_labels(PartyOrganisationKind),
        ),
        Column(
            "parent",
            _("Party organisation above"),
            "上级党组织、上级党组织编码、party organisation above、parent",
            most=200,
            text=True,
        ),
        Column("unit", _("Host unit"), "所在单位、设在单位、依托单位、单位、unit", most=200, text=True),
        Column("status", _("Party organisation status"), f"党组织状态、{_STATUS}", choices=(_PLACE_ENDED,)),
    ),
    RosterPart.PEOPLE: (
        Column(
            "employee_no",
            _("Employee number"),
            "工号、员工编号、职工编号、人员编号、员工号、职工号、人员编码、employee number、employee no、no",
            _("Identifies the person. Format as text so that no zeros are lost."),
            required=True,
            most=30,
            text=True,
        ),
        Column(
            "name",
            pgettext_lazy("roster", "Full name"),
            "姓名、职工姓名、员工姓名、人员姓名、name、full name",
            required=True,
            most=50,
        ),
        Column(
            "phone",
            _("Phone"),
            "手机、手机号、手机号码、电话、联系电话、联系方式、移动电话、phone、mobile",
            _("Also used to sign in. Empty: unchanged."),
            most=40,
            text=True,
        ),
        Column(
            "email",
            _("Work email"),
            "邮箱、工作邮箱、单位邮箱、电子邮箱、电子邮件、邮箱地址、email、e-mail、mail",
            _("A sign-in code can be sent there. Empty: unchanged."),
            most=254,
            text=True,
        ),
        Column(
            "unit",
            _("Unit"),
            "单位、所属单位、所在单位、单位名称、工作单位、单位/部门、组织机构、单位编码、unit、unit code",
            _("Code, name, or path such as “company/department/team”."),
            most=200,
            text=True,
        ),
        Column(
            "department",
            _("Department"),
            "部门、所属部门、所在部门、科室、部门名称、车间、department",
            _("If units have a separate column."),
            text=True,
        ),
        Column("team", _("Team"), "班组、所属班组、所在班组、班组名称、team", text=True),
        Column(
            "job_title",
            _("Job title"),
            "岗位、岗位名称、工种、岗位/职务、岗位工种、job title、position",
            most=50,
        ),
        Column(
            "post",
            _("Post"),
            "职务、行政职务、职务名称、post",
            _("Separate several with “、”; “none” ends current posts; empty: unchanged."),
        ),
        Column(
            "political_status",
            _("Political status"),
            "政治面貌、政治身份、political status",
            _("Full or probationary Party member; anything else means none."),
            choices=_labels(MembershipKind),
        ),
        Column(
            "party_organisation",
            _("Party organisation"),
            "党组织、党支部、所属党组织、所属党支部、所在党支部、党支部名称、party organisation、party branch",
            most=200,
            text=True,
        ),
        Column("party_post", _("Party post"), "党内职务、党务职务、party post"),
        Column(
            "started_on",
            _("Start date"),
            "入职日期、入职时间、参加工作时间、到岗日期、进单位时间、first day、started on、hire date",
            _("For new people; if empty, the import date."),
            date=True,
        ),
        Column(
            "left_on",
            _("Last day"),
            "离职日期、离职时间、退休日期、调出日期、last day、left on",
            _("Ends employment, roles and sign-in."),
            date=True,
        ),
        Column(
            "status",
            _("Status"),
            f"在职状态、人员状态、员工状态、用工状态、{_STATUS}",
            _("“Left” works like a departure date."),
            choices=(_HAS_LEFT,),
        ),
    ),
    RosterPart.ROLES: (
        Column(
            "employee_no",
            _("Employee number"),
            "工号、员工编号、职工编号、人员编号、员工号、职工号、人员编码、employee number、employee no、no",
            _("A person already in the system. Only read when the security administrator uploads the file."),
            required=True,
            most=30,
            text=True,
        ),
        Column(
            "name",
            pgettext_lazy("roster", "Full name"),
            "姓名、职工姓名、员工姓名、人员姓名、name、full name",
            _("Optional; if given, it must match the employee number."),
            most=50,
        ),
        Column("role", _("Role"), "角色、角色名称、授予角色、role", required=True, choices=_labels(Role)),
        Column(
            "unit",
            _("Unit"),
            "单位、所属单位、所在单位、单位名称、角色单位、管辖单位、单位/部门、单位编码、unit、unit code",
            _("The role covers this unit and all below it. Code, name or path."),
            required=True,
            most=200,
            text=True,
        ),
        Column(
            "started_on",
            pgettext_lazy("roster", "From"),
            "起、起始、起始日期、开始日期、授予日期、自、from",
            _("Empty: from the import date."),
            date=True,
        ),
        Column(
            "ended_on",
            pgettext_lazy("roster", "Until"),
            "止、截止、截止日期、结束日期、终止日期、至、until、to",
            _("Last day. Empty: no end date. For a role already held, this changes the end date."),
            date=True,
        ),
    ),
}
"""Every part of a roster with its columns, in the order of the template."""

IGNORED = "-"
"""The choice of an administrator that a column means nothing."""


def _words(meanings: Mapping[str, str]) -> dict[str, str]:
    """The meaning of each word, folded by `plain`."""
    return {plain(word): str(meaning) for meaning, words in meanings.items() for word in words.split("、")}


# Rejected rows are taken away with the first of these columns (`queries.rejected_rows`).
_NEVER_ASKED = "退回原因、序号、reason rejected、why rejected"


def meanings(part: RosterPart) -> dict[str, str]:
    """The field for each name a column of the part may bear, folded by `plain`; the template's in any language."""
    found = {plain(name): IGNORED for name in _NEVER_ASKED.split("、")}
    found |= {plain(name): column.field for column in COLUMNS[part] for name in column.names.split("、")}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found |= {plain(str(column.label)): column.field for column in COLUMNS[part]}
    return found


def explaining_titles() -> set[str]:
    """The title of the template's sheet that explains the others, in any language."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(pgettext("sheet", "How to fill it in"))
    return found


ENDED, HERE, LEFT = "ended", "here", "left"

UNIT_KINDS = _words(
    {
        UnitKind.ENTERPRISE: "企业、集团、总部、enterprise",
        UnitKind.COMPANY: "公司、子公司、分公司、单位、company",
        UnitKind.DEPARTMENT: "部门、科室、车间、中心、所、department",
        UnitKind.TEAM: "班组、班、组、team",
    }
)
PARTY_KINDS = _words(
    {
        PartyOrganisationKind.COMMITTEE: "党委、committee、party committee",
        PartyOrganisationKind.GENERAL_BRANCH: "党总支、总支、总支部、general branch、general party branch",
        PartyOrganisationKind.BRANCH: "党支部、支部、branch、party branch",
        PartyOrganisationKind.GROUP: "党小组、小组、group、party group",
    }
)
PLACE_STATES = _words(
    {ENDED: "撤销、已撤销、停用、注销、是、closed、ended", HERE: "正常、在用、启用、有效、否、active"}
)
PEOPLE_STATES = _words(
    {
        LEFT: "离职、已离职、退休、已退休、调出、已调出、辞职、解聘、解除合同、终止合同、去世、死亡、left、retired",
        HERE: "在职、在岗、正式、试用、试用期、借调、挂职、内退、病假、产假、长期病假、返聘、劳务派遣、present、active",
    }
)
MEMBERS = _words(
    {
        MembershipKind.FULL: "中共党员、党员、正式党员、中共正式党员、中国共产党党员、full member、party member",
        MembershipKind.PROBATIONARY: "中共预备党员、预备党员、probationary member",
    }
)
ROLE_NAMES = _words(
    {
        Role.BRANCH_SECRETARY: "支部书记、党支部书记、branch secretary",
        Role.DISPATCHER: "受理员、受理派单员、派单员、dispatcher",
        Role.HANDLER: "承办人、承办员、handler",
        Role.UNIT_LEADER: "单位负责人、部门负责人、unit leader",
        Role.SUPERVISOR: "督办、督办员、督办人、supervisor",
        Role.INSPECTOR: "纪检委员、纪检、纪检员、纪检人员、纪检监察员、discipline inspector、inspector",
        Role.APPRAISER: "考核员、考评、考评员、appraiser",
        Role.SYSTEM_ADMIN: "系统管理员、system administrator",
        Role.SECURITY_ADMIN: "安全管理员、安全保密管理员、security administrator",
        Role.AUDIT_ADMIN: "审计管理员、安全审计员、audit administrator",
    }
)
NOTHING = frozenset({"-", "–", "—", "/", "无", "none"})
