"""The documentation cannot drift: its tables are the code's, and what it names is there."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands

from lianxin.cases.management.commands.describe_process import BLOCK, TABLES
from lianxin.kernel.i18n_catalogs import HOME

ROOT = HOME.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
READMES = sorted([*ROOT.glob("*.md"), *HOME.rglob("README.md")])


def parsed(folder: Path) -> list[ast.Module]:
    return [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))]


TREES, BENCHES = parsed(HOME), parsed(ROOT / "bench")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
OURS = re.compile(r"(?:LIANXIN|DATABASE)_[A-Z_]*[A-Z]")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def everything_written() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in [*PAGES, *READMES])


def variables_read(trees: list[ast.Module]) -> set[str]:
    """The names that the source asks the environment for: ours wherever they stand, others where they are looked up."""
    nodes = [node for tree in trees for node in ast.walk(tree)]
    found = {node.value for node in nodes if isinstance(node, ast.Constant) and OURS.fullmatch(str(node.value))}
    for node in nodes:
        if isinstance(node, ast.Subscript):
            holder, key = node.value, node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            holder, key = node.func.value, node.args[0]
        else:
            continue
        if re.fullmatch(r"(os\.)?(environ|env)", ast.unparse(holder)) and isinstance(key, ast.Constant):
            found.add(key.value)
    return found


def test_the_tables_of_the_guide_are_those_of_the_code():
    pages = [page for page in PAGES if BLOCK.search(page.read_text(encoding="utf-8"))]
    call_command("describe_process", check=pages)
    drawn = {(name, language) for page in pages for _, name, language, _ in BLOCK.findall(page.read_text("utf-8"))}
    assert drawn == {(name, language) for name in TABLES for language in ("zh-hans", "en")}


def test_a_page_that_is_out_of_date_is_found_and_renewed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# 流程\n<!-- generated: process zh-hans -->\n旧的\n<!-- /generated -->\n完\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"page\.md"):
        call_command("describe_process", check=[page])
    call_command("describe_process", write=[page])
    call_command("describe_process", check=[page])
    text = page.read_text(encoding="utf-8")
    assert "| 办理中 | 同意延期 | 单位负责人、督办人 | 不变 |" in text
    assert text.endswith("<!-- /generated -->\n完\n")


def test_every_variable_of_the_environment_is_described():
    described = (DOCS / "admin" / "configuration.md").read_text(encoding="utf-8")
    known = variables_read(TREES)
    assert {"DATABASE_URL", "LIANXIN_SEAL_KEY", "PORT"} <= known
    assert {name for name in known if f"`{name}`" not in described} == set()
    invented = (
        {name.removesuffix("_FILE") for name in OURS.findall(everything_written())} - known - variables_read(BENCHES)
    )
    assert invented == set()


@pytest.mark.parametrize("page", [*PAGES, *READMES], ids=name_of)
def test_every_link_leads_somewhere(page):
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_navigation():
    listed = re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(page.relative_to(DOCS).as_posix() for page in PAGES)


def test_every_command_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = everything_written()
    made = set(re.findall(r"(?:`|^|&& )make ([a-z]+)", text, re.MULTILINE))
    assert made >= {"run", "test", "install"}
    assert made - targets == set()
    told = {name.replace("-", "_") for name in re.findall(r"(?:`|bin/)lianxin ([a-z][a-z-]+)", text)}
    assert told - {"serve", "help"} - set(get_commands()) == set()


@pytest.mark.parametrize("page", sorted((DOCS / "developer").glob("*.md")), ids=name_of)
def test_every_file_that_a_developer_is_sent_to_exists(page):
    named = set(re.findall(r"`([\w./]+\.(?:py|md|toml))`", page.read_text(encoding="utf-8")))
    missing = {
        name
        for name in named
        if not (ROOT / name).exists() and not (HOME / name).exists() and not ("/" not in name and any(HOME.rglob(name)))
    }
    assert missing == set()
