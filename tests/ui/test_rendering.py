"""The widgets that we draw ourselves say the same as Django's templates for them."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from lianxin.ui.rendering import DRAWN, Renderer

PLACES = [("", "Anywhere"), ("Workshop <1>", [(7, "Line & belt"), (8, "Store")]), (9, SafeString("Canteen&nbsp;A"))]


@pytest.mark.parametrize("value", ["", None, 'a "quoted" <word>', 7])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput({"maxlength": 50, "required": True, "autofocus": False, "data-draft": 'a"b'}),
        forms.HiddenInput(),
        forms.EmailInput({"class": "wide"}),
        forms.NumberInput({"min": 0}),
        forms.PasswordInput(),
        forms.DateInput({"type": "date"}),
        forms.CheckboxInput({"id": "tick"}),
        forms.Textarea({"rows": 3}),
        forms.Select({"id": "place"}, choices=PLACES),
    ],
    ids=lambda widget: type(widget).__name__ if isinstance(widget, forms.Widget) else None,
)
def test_a_widget_is_drawn_as_django_draws_it(widget, value):
    assert widget.template_name in DRAWN
    drawn = widget.render("field", value, {"aria-invalid": "true"}, Renderer())
    theirs = widget.render("field", value, {"aria-invalid": "true"}, DjangoTemplates())
    assert drawn == re.sub(r"\n+(?= *<)", "\n", theirs)  # theirs leaves an empty line after each choice


def test_what_is_not_drawn_here_has_its_template():
    radios = forms.RadioSelect(choices=PLACES)
    assert radios.render("place", 7, renderer=Renderer()) == radios.render("place", 7, renderer=DjangoTemplates())
