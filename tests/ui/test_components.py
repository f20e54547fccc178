"""The components in `templates/cotton/`: each use gives what is declared, and what comes out says what it should."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, RequestContext, Template
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from lianxin.kernel import timezone
from lianxin.kernel.tables import Column
from lianxin.ui.components import Step

SOURCE = Path(__file__).parents[2] / "src" / "lianxin"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
USE = re.compile(r"<c-([\w.-]+)((?:\s+[^\s=<>/\"']+(?:=(?:\"[^\"]*\"|'[^']*'))?)*)\s*/?>")
INPUT = re.compile(r"([^\s=\"']+)(=(?:\"[^\"]*\"|'[^']*'))?")
PASSED_ON = re.compile(
    r"(hx|data|aria)-|(name|value|form|formaction|disabled|rows|autofocus|autocomplete|inputmode|placeholder)$"
)
"""What goes on to the element where a component does not declare it."""


def uses(path):
    """The components of a template: name and inputs, without what Django computes in their values."""
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "…", path.read_text("utf-8"), flags=re.DOTALL)
    for name, given in USE.findall(text):
        yield name, {key.removeprefix(":"): bool(value) for key, value in INPUT.findall(given)}


def find_component(name):
    file = name.replace(".", "/").replace("-", "_")
    return next(
        path
        for app in SOURCE.glob("*/templates/cotton")
        for path in (app / f"{file}.html", app / file / "index.html")
        if path.exists()
    )


def declared(name):
    """The inputs of a component: whether each has a default, and whether it passes others on."""
    path = find_component(name)
    inputs = next((given for tag, given in uses(path) if tag == "vars"), {})
    return inputs, bool(re.search(r"\battrs\b", path.read_text("utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_components_are_given_what_they_declare(path):
    for name, given in uses(path):
        if name in {"vars", "slot"}:
            continue
        inputs, passes_on = declared(name)
        unknown = {key for key in given.keys() - inputs.keys() if not (passes_on and PASSED_ON.match(key))}
        missing = {key for key, has_default in inputs.items() if not has_default} - given.keys()
        assert (name, unknown, missing) == (name, set(), set())


def drawn(source, request=None, **values):
    with translation.override("zh-hans"), timezone.frozen(NOW):
        template = Template(CottonCompiler().process("{% load ui %}" + source))
        return template.render(RequestContext(request, values) if request else Context(values))


class Leave(forms.Form):
    text = forms.CharField(label="原因", max_length=10, help_text="一句话即可")
    phone = forms.CharField(label="手机号", required=False)
    kind = forms.ChoiceField(label="类型", choices=[("a", "求助"), ("b", "咨询")], widget=forms.RadioSelect)


def test_texts_are_escaped_in_every_place():
    hostile = '"><script>alert(1)</script>"'
    html = drawn(
        """
        <c-button :label="x" :data-key="x" /><c-button label="{{ x }}" data-key="{{ x }}" />
        <c-link :label="x" :url="x" :dialog="x" :hx-get="x" /><c-badge icon="check">{{ x }}</c-badge>
        <c-tile :label="x" :number="x" /><c-message :author="x" :at="at" :text="x" :note="x" />
        <c-event :text="x" :at="at" :detail="x" /><c-copy :text="x" :label="x" />
        <c-empty-state :title="x" /><c-notice :title="x">{{ x }}</c-notice><c-icon name="check" :label="x" />
        <c-menu :label="x"><c-menu-item :label="x" :url="x" :data-key="x" /></c-menu>
        """,
        x=hostile,
        at=NOW,
    )
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 27


def test_an_icon_that_the_sprite_lacks_fails_loudly():
    with pytest.raises(ValueError, match="No icon 'no-such-icon'"):
        drawn('<c-icon name="no-such-icon" />')


def test_further_attributes_of_a_button_stand_in_its_tag():
    html = drawn('<c-button label="复制" type="button" data-copy="LX-1" aria-pressed="false" :value="none" disabled />')
    assert re.search(r'<button[^>]* aria-pressed="false" data-copy="LX-1" disabled>', html)
    assert "value=" not in html


def test_a_component_knows_nothing_of_the_page_around_it():
    assert "别的标题" not in drawn("<c-card>内容</c-card>", title="别的标题")


@pytest.mark.parametrize(
    ("inputs", "state", "words"),
    [
        (':due="later"', "open", "还剩 2 天"),
        (':due="soon"', "soon", "还剩 3 小时"),
        (':due="past"', "overdue", "已超时 2 小时"),
        (':due="past" paused', "paused", "时限暂停"),
        (':due="later" :done-at="now"', "done", "已按时完成"),
        (':due="past" :done-at="now"', "late", "已超时完成"),
    ],
)
def test_each_state_of_a_deadline_has_its_words(inputs, state, words):
    html = drawn(
        f"<c-deadline {inputs} />",
        later=NOW + timedelta(days=2),
        soon=NOW + timedelta(hours=3),
        past=NOW - timedelta(hours=2),
        now=NOW,
    )
    assert f"deadline-{state}" in html
    assert words in html


def test_a_progress_line_marks_the_current_step():
    states = {"已受理": "done", "办理中": "current", "已答复": "todo"}
    steps = [Step(label=label, state=state) for label, state in states.items()]
    html = drawn('<c-progress label="进度" :steps="steps" />', steps=steps)
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize("source", ["{{ form.text.as_field_group }}", '<c-field :field="form.text" />', "{{ form }}"])
def test_help_and_error_are_tied_to_the_field(source):
    html = drawn(source, form=Leave({"text": ""}))
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html
    assert 'aria-invalid="true"' in html


def test_what_a_field_does_not_declare_goes_to_its_box():
    source = '<c-field :field="form.text" counter rows="5" autofocus :data-draft="key" />'
    html = drawn(source, form=Leave(), key="leave")
    assert re.search(r'<input[^>]* autofocus[^>]* data-counter="id_text_counter"', html)
    assert 'data-draft="leave"' in html
    assert '<p class="field-counter" id="id_text_counter">' in html


def test_only_optional_fields_are_marked():
    assert "选填" in drawn("{{ form.phone.as_field_group }}", form=Leave())
    assert "选填" not in drawn("{{ form.text.as_field_group }}", form=Leave())


def test_the_summary_leads_to_each_mistake():
    html = drawn('<c-form-errors :form="form" />', form=Leave({"text": "十个字以上的一句很长的话"}))
    assert 'href="#id_text"' in html
    assert 'href="#id_kind_0"' in html
    assert "原因：" in html


def test_a_form_without_mistakes_has_no_summary():
    assert drawn('<c-form-errors :form="form" />', form=Leave()).strip() == ""


def test_each_choice_carries_its_line():
    form = Leave({"kind": "b"})
    html = drawn('<c-choices :field="form.kind" :hints="hints" />', form=form, hints={"a": "需要帮忙"})
    assert 'aria-describedby="id_kind_0_hint"' in html
    assert "需要帮忙" in html
    assert len(re.findall(r"\bchecked\b", html)) == 1


def test_sorting_keeps_the_filters_and_starts_at_the_first_page(rf):
    columns = [Column(label="期限", sort="due"), Column(label="编号")]
    request = rf.get("/cases/?unit=3&sort=due&page=4")
    html = drawn('<c-work-table label="待办" :columns="columns"></c-work-table>', request, columns=columns)
    assert 'aria-sort="ascending"' in html
    assert re.findall(r'<a href="([^"]*)"', html) == ["?unit=3&amp;sort=-due"]


def test_choices_in_a_list_or_beside_buttons_begin_with_a_capital():
    class Form(forms.Form):
        kind = forms.ChoiceField(choices=[("off", "a day off"), ("10", "10kV line")])
        beside = forms.ChoiceField(choices=[("on", "a working day")], widget=forms.RadioSelect)

    shown = str(Form())
    assert all(text in shown for text in (">A day off<", ">10kV line<", "A working day"))
