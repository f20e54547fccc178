"""The house keeps its own rules: sizes and translations."""

import ast
import re
from pathlib import Path

import pytest

from lianxin.kernel import messages

SOURCE = messages.HOME
PYTHON = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(path for path in SOURCE.rglob("*.html") if "templates" in path.parts)
FILE, VIEWS, FUNCTION, TEMPLATE = 400, 300, 40, 200


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_a_person_reads_at_once():
    too_long = {str(path.relative_to(SOURCE)): lines_of(path) for path in PYTHON if lines_of(path) > FILE}
    views = [path for path in PYTHON if path.stem == "views" or path.parent.name == "views"]
    too_long |= {str(path.relative_to(SOURCE)): lines_of(path) for path in views if lines_of(path) > VIEWS}
    too_long |= {str(path.relative_to(SOURCE)): lines_of(path) for path in TEMPLATES if lines_of(path) > TEMPLATE}
    assert too_long == {}


def test_no_function_is_longer_than_a_screen():
    too_long = {}
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION:
                    too_long[f"{path.relative_to(SOURCE)}:{node.name}"] = length
    assert too_long == {}


@pytest.mark.parametrize("app", messages.apps(), ids=lambda app: app.name)
def test_every_text_is_there_in_chinese(app):
    wanted = messages.extracted(app)
    known = messages.read(app)
    missing = [m.id for m in wanted if m.id and known.get(m.id, m.context) is None]
    incomplete = [m.id for m in messages.untranslated(known)]
    obsolete = [m.id for m in known if m.id and wanted.get(m.id, m.context) is None]
    assert (missing, incomplete, obsolete) == ([], [], [])


@pytest.mark.parametrize("app", messages.apps(), ids=lambda app: app.name)
def test_no_chinese_stands_where_english_belongs(app):
    """A message id is English, so that the English site is complete."""
    assert [m.id for m in messages.extracted(app) if re.search(r"[\u4e00-\u9fff]", str(m.id))] == []


@pytest.mark.parametrize("app", messages.apps(), ids=lambda app: app.name)
def test_translations_keep_their_placeholders(app):
    """Where one is lost, Django silently shows the whole text in English."""

    def marks(text):
        return set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w+\}", text))

    def several(text):
        return text if isinstance(text, tuple | list) else (text,)

    lost = [
        m.id
        for m in messages.read(app)
        for text in several(m.string)
        if m.id and marks(text) != marks(several(m.id)[-1])
    ]
    assert lost == []


def test_chinese_in_templates_is_only_in_catalogues():
    """But for pages that must stand without a catalogue, the switch to Chinese, and the show of components."""
    allowed = {
        "ui/templates/500.html",
        "ui/templates/503.html",
        "ui/templates/offline.html",
        "ui/templates/ui/language_switch.html",
    }
    comments = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.DOTALL)
    chinese = {
        str(path.relative_to(SOURCE))
        for path in TEMPLATES
        if re.search("[\u4e00-\u9fff]", comments.sub("", path.read_text(encoding="utf-8")))
    }
    assert {path for path in chinese - allowed if "/showcase/" not in path} == set()
