"""The house keeps its own rules about texts and their translations."""

import re

import pytest

from lianxin.kernel import i18n_catalogs

SOURCE = i18n_catalogs.HOME
TEMPLATES = sorted(path for path in SOURCE.rglob("*.html") if "templates" in path.parts)


@pytest.mark.parametrize("app", i18n_catalogs.apps(), ids=lambda app: app.name)
def test_every_text_is_there_in_chinese(app):
    wanted = i18n_catalogs.extracted(app)
    known = i18n_catalogs.read(app)
    missing = [m.id for m in wanted if m.id and known.get(m.id, m.context) is None]
    incomplete = [m.id for m in i18n_catalogs.untranslated(known)]
    obsolete = [m.id for m in known if m.id and wanted.get(m.id, m.context) is None]
    assert (missing, incomplete, obsolete) == ([], [], [])


@pytest.mark.parametrize("app", i18n_catalogs.apps(), ids=lambda app: app.name)
def test_no_chinese_stands_where_english_belongs(app):
    """A message id is English, so that the English site is complete."""
    assert [m.id for m in i18n_catalogs.extracted(app) if re.search(r"[\u4e00-\u9fff]", str(m.id))] == []


@pytest.mark.parametrize("app", i18n_catalogs.apps(), ids=lambda app: app.name)
def test_translations_keep_their_placeholders(app):
    """Where one is lost, Django silently shows the whole text in English."""

    def marks(text):
        return set(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w+\}", text))

    def several(text):
        return text if isinstance(text, tuple | list) else (text,)

    lost = [
        m.id
        for m in i18n_catalogs.read(app)
        for text in several(m.string)
        if m.id and marks(text) != marks(several(m.id)[-1])
    ]
    assert lost == []


def test_a_message_has_one_translation_in_all_apps():
    """Django merges the catalogues: of two translations of one message it shows either."""
    found = {}
    for app in i18n_catalogs.apps():
        for message in i18n_catalogs.read(app):
            if message.id:
                found.setdefault((message.context, str(message.id)), set()).add(str(message.string))
    assert {key: texts for key, texts in found.items() if len(texts) > 1} == {}


def test_chinese_in_templates_is_only_in_catalogues():
    """But for pages that must stand without a catalogue, the switch to Chinese, and the show of components."""
    allowed = {
        "ui/templates/500.html",
        "ui/templates/503.html",
        "ui/templates/offline.html",
        "ui/templates/cotton/language_switch.html",
    }
    comments = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.DOTALL)
    chinese = {
        str(path.relative_to(SOURCE))
        for path in TEMPLATES
        if re.search("[\u4e00-\u9fff]", comments.sub("", path.read_text(encoding="utf-8")))
    }
    assert {path for path in chinese - allowed if "/showcase/" not in path} == set()


def test_lines_of_templates_can_be_read():
    long = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 160
    ]
    assert long == []


def test_forms_are_sent_as_pages_hold_them():
    """Tests send forms with `tests.pages`; what no page offers says so by `post_raw`."""
    tests = SOURCE.parents[1] / "tests"
    apart = {"pages.py", "test_pages.py", "test_house.py"}
    found = {
        f"{path.relative_to(tests)}:{number}"
        for path in tests.rglob("*.py")
        if path.name not in apart and "processes" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\.post\(", line)
    }
    assert found == set()
