"""What a pledge's wording lacks: a number, a date or rhythm, somebody who benefits."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_NUMBER = re.compile(
    r"\d|[一二两三四五六七八九十百千半]+(?:个|次|件|项|人|户|天|日|周|月|年|小时|分钟|%|成)|全部|每(?:一)?[个位名件]"
)
_TIME = re.compile(
    r"\d{1,2}\s*[月日号点]|每[天日周月年季班次]|季度|年底|月底|上半年|下半年|\d+\s*(?:天|日|周|个月|小时|分钟)内"
    r"|之前|以前|前完成|随时|当[天日班]"
)
_PEOPLE = re.compile(
    r"职工|员工|群众|同事|工友|师傅|客户|用户|班组|党员|家属|新人|徒弟|青工|退休|居民|乘客|患者|学生|大家|他们|她们"
)

HINTS: tuple[tuple[re.Pattern[str], str | Promise], ...] = (
    (_NUMBER, _("There is no number in it: how many, how often?")),
    (_TIME, _("There is no date or rhythm in it: by when, or how regularly?")),
    (_PEOPLE, _("It does not say who benefits.")),
)


def weak_points(text: str) -> list[str | Promise]:
    """What somebody who is to judge the pledge would miss; nothing is refused for it."""
    return [hint for pattern, hint in HINTS if not pattern.search(text)]
