"""What is entered about pledges; the fields are named as the services' arguments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.cases.models import Case
from lianxin.kernel.forms import ActionForm, DayField, LongTextField, ServiceForm
from lianxin.org.enums import Role
from lianxin.pledges.enums import PledgeKind, PledgeOutcome
from lianxin.pledges.models import Cycle
from lianxin.pledges.queries import branches_for, citable_cases, open_cycles_for

HELP = _("Say what, how much, by when, and for whom. For example: visit each of my three teams once a month.")


class CycleForm(ServiceForm):
    branch_id = forms.ChoiceField(label=_("Branch"))
    title = forms.CharField(label=_("Title"), max_length=60, help_text=_("For example: 2027, first half"))
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("To"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("branch_id", choices=branches_for(self.viewer).values_list("pk", "name"))


class DraftForm(ServiceForm):
    cycle = forms.ModelChoiceField(label=_("Cycle"), queryset=Cycle.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=PledgeKind)
    text = LongTextField(label=_("Pledge"), help_text=HELP)
    due_on = DayField(label=_("Due on"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("cycle", queryset=open_cycles_for(self.viewer))
        if not self.viewer.holds(Role.UNIT_LEADER):
            self.offer("kind", choices=PledgeKind.choices[:-1])  # no unit goal


class AssessForm(ActionForm):
    text = LongTextField(label=_("Self-assessment"))


class RewriteForm(ActionForm):
    text = LongTextField(label=_("Pledge"), help_text=HELP)
    due_on = DayField(label=_("Due on"))


class CaseChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # it has none where it runs
    def label_from_instance(self, obj: Case) -> str:
        return f"{obj.number} {obj.title}"


class CiteForm(ActionForm):
    case = CaseChoice(
        label=_("Case"),
        queryset=Case.objects.none(),
        empty_label=_("Please choose"),
        help_text=_("Cases that you handled and closed"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("case", queryset=citable_cases(self.viewer))


class ConcludeForm(ActionForm):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=PledgeOutcome, widget=forms.RadioSelect)
    text = LongTextField(label=_("Reason"))


FORMS = {"edit": RewriteForm, "amend": RewriteForm, "assess": AssessForm, "cite": CiteForm, "conclude": ConcludeForm}
