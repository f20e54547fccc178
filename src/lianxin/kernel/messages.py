"""The catalogues of translations: English in the source, Chinese in each app's `locale/`.

Extracting, merging and compiling are Babel's work, so that no system gettext is needed; templates are turned into
Python by Django's own `templatize`.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

import lianxin

HOME = Path(lianxin.__file__).parent
LANGUAGE = "zh_Hans"
_KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "_now": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def apps() -> list[Path]:
    """The folders of all apps."""
    return sorted(path.parent for path in HOME.glob("*/__init__.py"))


def catalogue_path(app: Path) -> Path:
    """Where the Chinese of an app stands."""
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def _sources(app: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(app.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for path in sorted([*app.rglob("*.html"), *app.rglob("*.txt")]):
        if "templates" in path.parts:
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, "\n".join(line.lstrip() for line in code.split("\n")).encode()  # read as Python, which indents


def extracted(app: Path) -> Catalog:
    """All messages that an app's code and templates mark for translation."""
    catalogue = Catalog(locale=LANGUAGE, project="lianxin", fuzzy=False)
    for path, source in _sources(app):
        for _line, message, _comments, context in extract("python", BytesIO(source), keywords=_KEYWORDS):
            catalogue.add(message, locations=[(str(path.relative_to(HOME)), 0)], context=context)
    return catalogue


def read(app: Path) -> Catalog:
    """The catalogue of an app as it stands; empty when there is none."""
    path = catalogue_path(app)
    if not path.exists():
        return Catalog(locale=LANGUAGE, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update(app: Path) -> list[Message]:
    """Bring an app's catalogue up to date with its sources; return what still lacks a translation."""
    fresh = extracted(app)
    if not len(fresh):
        return []
    known = read(app)
    for message in fresh:
        kept = known.get(message.id, message.context) if message.id else None
        if kept is not None:
            message.string = kept.string
            message.flags = kept.flags
    path = catalogue_path(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, fresh, width=120, omit_header=False, include_lineno=False, sort_output=True)
    text = "\n".join(line for line in buffer.getvalue().decode().splitlines() if "-Date:" not in line)
    path.write_text(text + "\n", encoding="utf-8")
    return untranslated(fresh)


def untranslated(catalogue: Catalog) -> list[Message]:
    """Entries without a complete translation, and fuzzy ones."""

    def incomplete(message: Message) -> bool:
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        return message.fuzzy or not strings or not all(strings)

    return [message for message in catalogue if message.id and incomplete(message)]


def compile_all() -> int:
    """Write the binary catalogues that Django reads; return how many."""
    written = 0
    for app in apps():
        path = catalogue_path(app)
        if path.exists():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, read(app))
            written += 1
    return written


if __name__ == "__main__":
    compile_all()
