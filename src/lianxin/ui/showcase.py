"""What the page of components is filled with: one night at an invented power-supply company."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kernel import timezone
from lianxin.kernel.forms import LongTextField
from lianxin.kernel.tables import Column
from lianxin.ui.components import Step, Tab
from lianxin.ui.formatting import day_of


class SampleForm(forms.Form):
    text = LongTextField(label=gettext_lazy("What happened, and what would you like?"), max_length=2000)
    place = forms.ChoiceField(
        label=gettext_lazy("Place"), choices=[("1", "城东供电所"), ("2", "城西供电所")], required=False
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("Visible only to those handling the case."),
        required=False,
        max_length=11,
    )
    identity = forms.ChoiceField(
        label=gettext_lazy("Who may know that it is you?"),
        choices=[
            ("named", gettext_lazy("Named")),
            ("confidential", gettext_lazy("Confidential")),
            ("anonymous", gettext_lazy("Anonymous")),
        ],
        widget=forms.RadioSelect,
        initial="named",
    )
    photos = forms.FileField(label=gettext_lazy("Photos or files"), required=False)
    satisfaction = forms.ChoiceField(
        label=gettext_lazy("Are you satisfied?"),
        choices=[
            ("5", gettext_lazy("Very satisfied")),
            ("4", gettext_lazy("Satisfied")),
            ("3", gettext_lazy("Fairly satisfied")),
            ("2", gettext_lazy("Dissatisfied")),
            ("1", gettext_lazy("Very dissatisfied")),
        ],
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("help", gettext_lazy("Help")), ("hazard", gettext_lazy("Hazard"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    told = forms.BooleanField(label=gettext_lazy("I was asked to withdraw"), required=False)


SATISFACTION_ICONS = {"5": "mood-happy", "4": "mood-smile", "3": "mood-neutral", "2": "mood-empty", "1": "mood-sad"}


def _rows() -> list[dict[str, Any]]:
    now = timezone.now()
    samples = [
        ("LX-2611-7K4QM", "宿舍三号楼热水晚上九点以后就没有了", "后勤服务中心", -2, 14),
        ("LX-2611-N8WEJ", "配电房门口积水结冰，夜里巡视容易滑倒", "城东供电所", 3, 6),
        ("LX-2611-3RTCS", "夜班餐补标准和通知不一致", "人力资源部", 27, 31),
        ("LX-2611-HV6D2", "建议工器具室延长开放到晚上八点", "物资供应中心", 74, 2),
    ]
    return [
        {
            "number": number,
            "title": title,
            "unit": unit,
            "due": now + timedelta(hours=hours, minutes=5),
            "endorsed": endorsed,
        }
        for number, title, unit, hours, endorsed in samples
    ]


def context() -> dict[str, Any]:
    now = timezone.now()
    wrong = SampleForm(
        {"text": "", "identity": "named", "satisfaction": "5", "phone": "138001380001380"}, auto_id="wrong_%s"
    )
    return {
        "form": SampleForm(),
        "wrong": wrong,
        "hints": {
            "named": _("The handlers know who you are and can contact you."),
            "confidential": _(
                "Only you and the system know. Your name can be opened only with a written reason, and you "
                "are notified."
            ),
            "anonymous": _("No one, including the system, knows who you are. You follow it with a receipt."),
        },
        "identity_icons": {"named": "user", "confidential": "lock", "anonymous": "user-question"},
        "satisfaction_icons": SATISFACTION_ICONS,
        "steps": [
            Step(label=_("Submitted"), state="done", note=day_of(now - timedelta(days=2))),
            Step(label=_("Accepted"), state="done"),
            Step(label=_("In progress"), state="current"),
            Step(label=_("Replied"), state="todo"),
            Step(label=_("Rated"), state="todo"),
        ],
        "tones": ["neutral", "info", "success", "warning", "danger", "accent"],
        "now": now,
        "earlier": now - timedelta(hours=26),
        "soon": now + timedelta(hours=3, minutes=20),
        "later": now + timedelta(days=1, hours=3, minutes=1),
        "overdue": now - timedelta(hours=2, minutes=1),
        **_lists(),
    }


def _lists() -> dict[str, Any]:
    return {
        "columns": [
            Column(label=_("Case")),
            Column(label=_("Unit"), sort="unit", wide_only=True),
            Column(label=_("Due"), sort="due"),
            Column(label=_("Endorse"), sort="endorsed", numeric=True),
        ],
        "rows": _rows(),
        "page": Paginator(range(200), 10).page(4),
        "tabs": [
            Tab(label=_("To accept"), url="?tab=1", current=True, count=12),
            Tab(label=_("To dispatch"), url="?tab=2", count=3),
            Tab(label=_("All"), url="?tab=3"),
        ],
        "facts": [(_("Number"), "LX-2611-7K4QM"), (_("Unit"), "后勤服务中心"), (_("Lead handler"), "周海燕")],
        "slips": [
            ("王建国", "010342", "7KQ2-M9XD"),
            ("李娜", "010343", "P4TR-8WHC"),
            ("陈晓东", "010344", "V2NB-6JFA"),
        ],
    }
