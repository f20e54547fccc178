"""What people at a desk keep: reply templates, saved views; and looking for a requester by name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.cases.queries.templates import template_units
from lianxin.kernel.forms import LongTextField, ServiceForm


class TemplateForm(ServiceForm):
    unit: Any = forms.ModelChoiceField(queryset=None, label=_("Unit"), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=60)
    text = LongTextField(label=_("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer("unit", queryset=template_units(self.viewer))


class ViewForm(ServiceForm):
    name = forms.CharField(label=_("Name of this view"), max_length=30)


class FindRequesterForm(ServiceForm):
    who = forms.CharField(label=_("Full name or employee number"), max_length=50)
    reason = forms.CharField(
        label=_("Reason"),
        min_length=4,
        max_length=200,
        help_text=_("The requester of each case found reads your name and this reason in its access log."),
    )
