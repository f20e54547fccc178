"""The pages of pledges."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lianxin.kernel.tables import Column
from lianxin.kernel.views import ActionView, DetailView, ListView, ServiceFormView
from lianxin.pledges import services
from lianxin.pledges.enums import PledgeState
from lianxin.pledges.filters import PledgeFilter
from lianxin.pledges.forms import FORMS, CycleForm, DraftForm
from lianxin.pledges.models import Pledge
from lianxin.pledges.policies import is_any_secretary, may_draft, takes_part
from lianxin.pledges.queries import cycles_for, open_cycles_for, pledges_for, readable_cases
from lianxin.pledges.wording import weak_points
from lianxin.pledges.workflow import PLEDGE


class PledgeList(ListView):
    has_permission = staticmethod(takes_part)
    title = gettext_lazy("Pledges")
    columns = (
        Column(label=gettext_lazy("Pledge"), value="text"),
        Column(label=gettext_lazy("Author"), value="author.name", sort="author__name"),
        Column(label=gettext_lazy("Unit"), value="unit.name", wide_only=True),
        Column(label=gettext_lazy("Cycle"), value="cycle.title", wide_only=True),
        Column(label=gettext_lazy("Due on"), value="due_on", sort="due_on"),
        Column(label=gettext_lazy("State"), value="get_state_display", sort="state"),
        Column(label=pgettext_lazy("pledge", "Outcome"), value="get_outcome_display", wide_only=True),
    )
    filterset_class = PledgeFilter
    export_name = "pledges"
    empty_text = gettext_lazy("Pledges of you and your colleagues appear here.")
    add_label = gettext_lazy("Draft a pledge")

    def get_rows(self) -> QuerySet[Pledge]:
        return pledges_for(self.viewer)

    def get_add_url(self) -> str:
        drafts = may_draft(self.viewer) and open_cycles_for(self.viewer).exists()
        return reverse("pledges:draft") if drafts else ""

    def get_links(self) -> list[tuple[str, str]]:
        return [(_("Pledge cycles"), reverse("pledges:cycles"))] * is_any_secretary(self.viewer)


class CycleList(ListView):
    has_permission = staticmethod(is_any_secretary)
    title = gettext_lazy("Pledge cycles")
    columns = (
        Column(label=gettext_lazy("Cycle"), value="title"),
        Column(label=gettext_lazy("Branch"), value="branch.name"),
        Column(label=gettext_lazy("From"), value="starts_on", sort="starts_on"),
        Column(label=gettext_lazy("To"), value="ends_on", sort="ends_on"),
    )
    empty_text = gettext_lazy("Open a cycle, and its members and unit leaders can draft their pledges.")
    add_label = gettext_lazy("Open a cycle")

    def get_rows(self) -> QuerySet[Any]:
        return cycles_for(self.viewer)

    def get_add_url(self) -> str:
        return reverse("pledges:open_cycle")


class OpenCycle(ServiceFormView):
    has_permission = staticmethod(is_any_secretary)
    title = gettext_lazy("Open a cycle")
    form_class = CycleForm
    success_message = gettext_lazy("The cycle is open.")

    def service(self, **entered: Any) -> Any:
        return services.open_cycle(actor=self.viewer, **entered)

    def get_back_url(self) -> str:
        return reverse("pledges:cycles")


class DraftPledge(ServiceFormView):
    has_permission = staticmethod(may_draft)
    title = gettext_lazy("Draft a pledge")
    form_class = DraftForm
    submit_label = gettext_lazy("Save the draft")
    success_message = gettext_lazy("Saved. Submit it when it is ready.")

    def service(self, **entered: Any) -> Any:
        return services.draft_pledge(actor=self.viewer, **entered)

    def get_back_url(self) -> str:
        return reverse("pledges:list")

    def get_success_url(self) -> str:
        return str(self.result.get_absolute_url())


class PledgeDetail(DetailView):
    workflow = PLEDGE
    template_name = "pledges/pledge.html"
    action_url = "pledges:act"

    def get_facts(self) -> list[tuple[Any, Any]]:
        pledge: Pledge = self.object
        facts = [
            (_("Author"), pledge.author.name),
            (_("Unit"), pledge.unit.name),
            (_("Kind"), capfirst(pledge.get_kind_display())),
            (_("Cycle"), f"{pledge.cycle.branch.name} · {pledge.cycle.title}"),
            (_("Due on"), pledge.due_on),
            (_("State"), capfirst(pledge.get_state_display())),
        ]
        return facts + [(_("Outcome"), capfirst(pledge.get_outcome_display()))] * bool(pledge.outcome)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        pledge: Pledge = self.object
        evidence = list(pledge.evidence.all())
        judged = pledge.state in (PledgeState.DRAFT, PledgeState.PROPOSED)
        return super().get_context_data(
            **more,
            weak_points=weak_points(pledge.text) if judged else [],
            evidence=evidence,
            readable=readable_cases(self.viewer, [each.case_id for each in evidence]),
        )


class PledgeAction(ActionView):
    workflow = PLEDGE
    forms = FORMS

    def get_initial(self) -> dict[str, Any]:
        rewrites = self.action in ("edit", "amend")
        pledge: Pledge = self.object
        texts = {"text": pledge.text, "due_on": pledge.due_on} if rewrites else {"text": pledge.assessment}
        return super().get_initial() | (texts if rewrites or self.action == "assess" else {})
