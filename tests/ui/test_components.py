from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from lianxin.kernel import clock
from lianxin.ui.components import Column, ComponentError, Progress, Step, WorkTable
from lianxin.ui.templatetags.ui import TAGS

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def drawn(source, **values):
    with translation.override("zh-hans"), clock.frozen(NOW):
        return Template("{% load ui %}" + source).render(Context(values))


class Leave(forms.Form):
    text = forms.CharField(label="原因", max_length=10, help_text="一句话即可")
    phone = forms.CharField(label="手机号", required=False)
    kind = forms.ChoiceField(label="类型", choices=[("a", "求助"), ("b", "咨询")], widget=forms.RadioSelect)


class TestInputs:
    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("{% button label='提交' colour='red' %}", "does not know ['colour']"),
            ("{% button %}", "needs ['label']"),
            ("{% button label=misspelt %}", "needs ['label']"),
            ("{% button label='提交' look='green' %}", "is not one of"),
            ("{% icon name='no-such-icon' %}", "No icon 'no-such-icon'"),
            ("{% badge word='办理中' %}", "needs ['icon']"),
            ("{% badge word='办理中' icon='check' data_x='1' %}", "does not know ['data_x']"),
            ("{% field bound='text' %}", "is not a field of a form"),
            ("{% choices bound=form.text %}", "is not RadioSelect"),
        ],
    )
    def test_a_wrong_input_fails_loudly(self, source, complaint):
        with pytest.raises(ComponentError, match="^.*" + complaint.replace("[", r"\[").replace("]", r"\]")):
            drawn(source, form=Leave())

    def test_an_input_without_name_fails(self):
        with pytest.raises(TemplateSyntaxError):
            drawn("{% button '提交' %}")

    def test_every_component_says_what_it_is(self):
        assert [name for name, component in TAGS.items() if not component.__doc__] == []

    def test_two_current_steps_are_refused(self):
        steps = [Step(label="已受理", state="current"), Step(label="办理中", state="current")]
        with pytest.raises(ComponentError, match="more than one"):
            Progress(label="进度", steps=steps)

    def test_texts_are_escaped_in_every_place(self):
        hostile = '"><script>alert(1)</script>'
        html = drawn(
            "{% button label=x data_key=x %}{% link label=x url=x %}{% badge word=x icon='check' %}"
            "{% tile label=x number=x %}"
            "{% message author=x at=at %}{{ x }}{% endmessage %}{% event text=x at=at %}{% copy text=x label=x %}"
            "{% empty_state title=x %}{% notice title=x %}{{ x }}{% endnotice %}{% icon name='check' label=x %}",
            x=hostile,
            at=NOW,
        )
        assert "<script>" not in html


class TestButton:
    def test_extra_attributes_are_written_with_hyphens(self):
        html = drawn("{% button label='复制' type='button' data_copy='LX-1' aria_pressed='false' %}")
        assert 'data-copy="LX-1"' in html
        assert 'aria-pressed="false"' in html


class TestDeadline:
    @pytest.mark.parametrize(
        ("inputs", "state", "words"),
        [
            ("due=later", "open", "还剩 2 天"),
            ("due=soon", "soon", "还剩 3 小时"),
            ("due=past", "overdue", "已超时 2 小时"),
            ("due=past paused=True", "paused", "暂停计时"),
            ("due=later done_at=now", "done", "已按时完成"),
            ("due=past done_at=now", "late", "已完成，超过期限"),
        ],
    )
    def test_each_state_has_its_words(self, inputs, state, words):
        html = drawn(
            "{% deadline " + inputs + " %}",
            later=NOW + timedelta(days=2),
            soon=NOW + timedelta(hours=3),
            past=NOW - timedelta(hours=2),
            now=NOW,
        )
        assert f"deadline-{state}" in html
        assert words in html


class TestForms:
    def test_help_and_error_are_tied_to_the_field(self):
        html = drawn("{% field bound=form.text %}", form=Leave({"text": ""}))
        assert 'aria-describedby="id_text_helptext id_text_error"' in html
        assert 'id="id_text_helptext"' in html
        assert 'id="id_text_error"' in html
        assert 'aria-invalid="true"' in html

    def test_only_optional_fields_are_marked(self):
        assert "选填" in drawn("{% field bound=form.phone %}", form=Leave())
        assert "选填" not in drawn("{% field bound=form.text %}", form=Leave())

    def test_the_summary_leads_to_each_mistake(self):
        html = drawn("{% form_errors form=form %}", form=Leave({"text": "十个字以上的一句很长的话"}))
        assert 'href="#id_text"' in html
        assert 'href="#id_kind_0"' in html
        assert "原因：" in html

    def test_a_form_without_mistakes_has_no_summary(self):
        assert drawn("{% form_errors form=form %}", form=Leave()).strip() == ""

    def test_each_choice_carries_its_line(self):
        html = drawn("{% choices bound=form.kind hints=hints %}", form=Leave({"kind": "b"}), hints={"a": "需要帮忙"})
        assert 'aria-describedby="id_kind_0_hint"' in html
        assert "需要帮忙" in html
        assert html.count(" checked") == 1


class TestWorkTable:
    def test_sorting_keeps_the_filters_and_starts_at_the_first_page(self):
        request = RequestFactory().get("/cases/?unit=3&sort=due&page=4")
        table = WorkTable(
            label="待办", columns=[Column(label="期限", sort="due"), Column(label="编号")], request=request
        )
        due, number = table.heads
        assert (due.url, due.direction) == ("?unit=3&sort=-due", "ascending")
        assert (number.url, number.direction) == ("", "none")
