import pytest
from django.utils import html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from lianxin.ui.markup import format_html, format_html_join

HOSTILE = """<script>'"&</script>"""
VALUES = [HOSTILE, mark_safe("<b>班组</b>"), gettext_lazy(HOSTILE), 5, 1.5, None, True, [HOSTILE], ""]


@pytest.mark.parametrize("value", VALUES)
def test_it_escapes_as_django_does(value):
    ours = format_html('<p title="{}">{}</p>', value, value)
    assert (ours, type(ours)) == (html.format_html('<p title="{}">{}</p>', value, value), SafeString)


def test_it_joins_as_django_does():
    rows = [(value, HOSTILE) for value in VALUES]
    ours = format_html_join("<br>", "<li>{}{}</li>", rows)
    assert (ours, type(ours)) == (html.format_html_join("<br>", "<li>{}{}</li>", rows), SafeString)
