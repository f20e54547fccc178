"""`lianxin messages`: bring the catalogues up to date and compile them; `--compile` only compiles."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lianxin.kernel import i18n_catalogs


class Command(BaseCommand):
    help = "Extract translatable texts into each app's catalogue and compile them."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["compile"]:
            for app in i18n_catalogs.apps():
                for message in i18n_catalogs.update(app):
                    self.stdout.write(f"{app.name}: {message.id!r}")
        self.stdout.write(f"{i18n_catalogs.compile_all()} catalogues compiled")
