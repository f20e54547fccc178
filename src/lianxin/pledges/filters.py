"""The filters above the list of pledges."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.forms import DateInput
from lianxin.pledges.models import Pledge


class PledgeFilter(django_filters.FilterSet):
    cycle = django_filters.UUIDFilter("cycle", widget=forms.HiddenInput)
    since = django_filters.DateFilter("due_on", "gte", label=_("Due from"), widget=DateInput)
    until = django_filters.DateFilter("due_on", "lte", label=_("Due until"), widget=DateInput)

    class Meta:
        model = Pledge
        fields = ["state", "kind", "outcome"]
