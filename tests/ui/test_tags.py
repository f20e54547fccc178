from django.template import Context, Template
from django.utils import translation

UNCHANGING = Template(
    "{% load i18n ui %}{% unchanging %}{% get_current_language as now %}{{ now }}{{ who }}{% endunchanging %}{{ who }}"
)


def test_what_is_unchanging_is_drawn_in_each_language_and_knows_nothing_of_the_page():
    for _ in range(2):
        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert UNCHANGING.render(Context({"who": "李娜"})) == f"{language}李娜"


def test_what_is_unchanging_is_drawn_once(monkeypatch):
    page = Template("{% load ui %}{% unchanging %}<p>{% icon name='home' %}</p>{% endunchanging %}")
    first = page.render(Context())
    monkeypatch.setattr("lianxin.ui.components.Icon.render", lambda *_: "drawn anew")
    assert page.render(Context()) == first


def test_options_are_escaped_and_the_chosen_one_is_marked():
    units = Context({"units": [(1, "<一车间>"), (2, "二车间")]})
    drawn = Template("{% load ui %}{% options units 2 %}").render(units)
    assert drawn == '<option value="1">&lt;一车间&gt;</option><option value="2" selected>二车间</option>'
