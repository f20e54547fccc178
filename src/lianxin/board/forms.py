"""The forms of the board: narrowing it, and preparing what is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.board.queries import BoardFilter, Draft, categories_shown, levels_of, units_shown
from lianxin.board.services import Texts
from lianxin.board.services.posts import MOST
from lianxin.kernel.forms import LongTextField
from lianxin.org.queries import Person

INDENT = "\u3000"
_LIST = {"class": "form-select"}


class FilterForm(forms.Form):
    """Unit, category, words and order, from the address bar; what does not fit is as good as not there."""

    text = forms.CharField(
        label=_("Keywords"), required=False, max_length=100, widget=forms.TextInput({"class": "form-control"})
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=40, widget=forms.Select(_LIST))
    category = forms.CharField(label=_("Category"), required=False, max_length=40, widget=forms.Select(_LIST))
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        widget=forms.Select(_LIST),
        choices=[
            ("", pgettext_lazy("order", "Most relevant")),
            ("newest", pgettext_lazy("order", "Newest")),
            ("endorsed", pgettext_lazy("order", "Most endorsed")),
        ],
    )

    def chosen(self) -> BoardFilter:
        """What was chosen."""
        self.is_valid()
        return BoardFilter(**{name: self.cleaned_data.get(name, "") for name in self.fields})

    def offer(self, viewer: Person) -> "FilterForm":
        """Put what is there to choose from into the lists."""
        offered: dict[str, list[Any]] = {
            "unit": units_shown(viewer=viewer),
            "category": categories_shown(viewer=viewer),
        }
        for name, rows in offered.items():
            every = _("All units") if name == "unit" else _("All categories")
            top = min((row.depth for row in rows), default=1)
            choices = [(row.code, INDENT * (row.depth - top) + row.name) for row in rows]
            widget = self.fields[name].widget
            assert isinstance(widget, forms.Select)  # noqa: S101
            widget.choices = [("", every), *choices]
        return self


class PostForm(forms.Form):
    """What is to be shown of a case. `expected` is the version that the writer saw."""

    expected = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=MOST["title"])
    question = LongTextField(label=_("Case"), max_length=MOST["question"])
    answer = LongTextField(label=_("Reply"), max_length=MOST["answer"])
    unit = forms.TypedChoiceField(
        label=_("Unit shown"),
        coerce=int,
        help_text=_("Only units large enough to protect anonymity are listed."),
    )
    looked = forms.BooleanField(
        label=_("I checked every highlighted passage: none identifies a person"), required=False
    )

    def __init__(self, data: Any = None, *, draft: Draft) -> None:
        levels = levels_of(draft.case)
        unit = draft.post.unit_id if draft.post else levels[0].pk
        written = {"title": draft.title, "question": draft.question, "answer": draft.answer}
        super().__init__(data, initial={"expected": draft.version, "unit": unit, **written})
        choose = self.fields["unit"]
        assert isinstance(choose, forms.ChoiceField)  # noqa: S101
        choose.choices = [(level.pk, level.name) for level in levels]

    @property
    def texts(self) -> Texts:
        """The three texts as they stand in the form, valid or not."""
        return Texts(*(str(self[name].value() or "") for name in MOST))

    def rewritten(self, texts: Texts) -> None:
        """Put other texts into a form that came in."""
        self.data = {**dict(self.data.items()), **texts.as_dict()}

    def seen(self, version: int) -> None:
        """What is typed is now for that version of the post."""
        self.data = {**dict(self.data.items()), "expected": version}


class KeepOffForm(forms.Form):
    expected = forms.IntegerField(widget=forms.HiddenInput)
    reason = LongTextField(
        label=pgettext_lazy("board", "Reason"),
        max_length=500,
        help_text=_("The requester can read it."),
    )
