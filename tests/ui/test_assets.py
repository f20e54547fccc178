"""What a browser gets: small, ours alone, and nothing that the content security policy forbids."""

import gzip
import re
from pathlib import Path

import pytest

from lianxin.ui.icons import icon_names

SOURCE = Path(__file__).parents[2] / "src" / "lianxin"
BUILT = SOURCE / "ui" / "static" / "lianxin" / "built"
TEMPLATES = sorted(path for path in SOURCE.glob("*/templates/**/*.html") if path.name != "mail.html")
"""Of pages: a letter, which no browser gets from us, has nothing but its own styles."""
MODULES = sorted(SOURCE.glob("**/*.py"))


def compressed(data):
    return len(gzip.compress(data, 9))


def built(name):
    path = BUILT / name
    assert path.exists(), "The assets are not built: make assets"
    return path.read_bytes()


def named(path):
    return str(path.relative_to(SOURCE))


def test_an_employees_first_page_weighs_little(client):
    page = compressed(client.get("/-/components/employee/").content)
    files = sum(compressed(built(name)) for name in ("lianxin.css", "lianxin.js", "icons.svg"))
    assert page < 15 * 1024, "the second load is the page alone: the files are kept by the browser"
    assert page + files < 50 * 1024


@pytest.mark.parametrize("name", ["lianxin.css", "lianxin.js", "htmx.js", "icons.svg"])
def test_built_files_name_no_source_map_and_no_other_host(name):
    text = built(name).decode()
    assert "sourceMappingURL" not in text
    assert re.findall(r"(?:url\(|import\s*\(?)['\"]?https?://", text) == []


def test_old_phones_understand_the_colours_of_text_and_grounds():
    css = built("lianxin.css").decode()
    tokens = css[css.rindex("--page:") :]
    assert "light-dark(" not in tokens
    assert "oklch(" not in css


def test_every_icon_of_the_list_is_in_the_sprite():
    assert set(re.findall(r'<symbol id="([^"]+)"', built("icons.svg").decode())) == icon_names()


def test_every_icon_that_pages_name_is_in_the_list():
    used = {
        (icon, named(path))
        for path in [*TEMPLATES, *MODULES]
        for icon in re.findall(r"""(?:<c-icon name=|(?<!:)\bicon=)["']([\w-]+)["']""", path.read_text("utf-8"))
    }
    assert {(icon, where) for icon, where in used if icon not in icon_names()} == set()


@pytest.mark.parametrize(
    "forbidden",
    [r"\sstyle=", r"<style", r"<script(?![^>]*\ssrc=)", r"\son[a-z]+=", r"hx-on", r"href=[\"']javascript:"],
)
def test_no_template_holds_what_the_security_policy_forbids(forbidden):
    assert [named(path) for path in TEMPLATES if re.search(forbidden, path.read_text("utf-8"))] == []


def test_no_template_loads_anything_from_another_host():
    pattern = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")
    assert [named(path) for path in TEMPLATES if pattern.search(path.read_text("utf-8"))] == []
