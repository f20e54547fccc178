"""Translation catalogues: English in the source, Chinese in each app's `locale/`.

Babel extracts, merges and compiles, as gettext's programs need not be installed for it; Django's `templatize` turns
templates into what Babel reads.
"""

from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

import lianxin

HOME = Path(lianxin.__file__).parent
LANGUAGE = "zh_Hans"
METHODS = [
    ("**/migrations/**.py", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", f"{__name__}:extract_template"),
    ("**/templates/**.txt", f"{__name__}:extract_template"),
]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_now": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def apps() -> list[Path]:
    """The folders of all apps."""
    return sorted(path.parent for path in HOME.glob("*/__init__.py"))


def catalogue_path(app: Path) -> Path:
    """Where the Chinese of an app is kept."""
    return app / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def extract_template(
    file: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Any]:
    """Extract messages from a Django template: an extraction method for Babel."""
    code = templatize(file.read().decode())
    lines = "\n".join(line.lstrip() for line in code.split("\n"))  # read as Python, which would take indents amiss
    return extract_python(BytesIO(lines.encode()), keywords, comment_tags, options)  # type: ignore[arg-type]


def extracted(app: Path) -> Catalog:
    """All messages that an app's code and templates mark for translation."""
    catalogue = Catalog(locale=LANGUAGE, project="lianxin", fuzzy=False)
    for name, _line, message, _comments, context in extract_from_dir(app, METHODS, keywords=KEYWORDS):
        catalogue.add(message, locations=[(f"{app.name}/{name}", 0)], context=context)
    return catalogue


def read(app: Path) -> Catalog:
    """The catalogue of an app as it stands; empty when there is none."""
    path = catalogue_path(app)
    if not path.exists():
        return Catalog(locale=LANGUAGE, project="lianxin", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def update(app: Path) -> list[Message]:
    """Bring an app's catalogue up to date with its sources; return what still lacks a translation."""
    catalogue = read(app)
    catalogue.update(extracted(app), no_fuzzy_matching=True)
    if not len(catalogue):
        return []
    path = catalogue_path(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = BytesIO()
    write_po(text, catalogue, width=120, include_lineno=False, sort_output=True, ignore_obsolete=True)
    lines = [line for line in text.getvalue().decode().splitlines() if "-Date:" not in line]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return untranslated(catalogue)


def untranslated(catalogue: Catalog) -> list[Message]:
    """Entries without a complete translation, and fuzzy ones."""

    def incomplete(message: Message) -> bool:
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        return message.fuzzy or not strings or not all(strings)

    return [message for message in catalogue if message.id and incomplete(message)]


def compile_all() -> int:
    """Write the binary catalogues that Django reads, the English one of Django's own messages too; return how many."""
    present = sorted(HOME.glob("*/locale/*/LC_MESSAGES/django.po"))
    for path in present:
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, read_po(source))
    return len(present)


if __name__ == "__main__":
    compile_all()
