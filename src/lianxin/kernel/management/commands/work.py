"""`lianxin work`: do the jobs, and what has to follow at once. `lianxin serve` starts it."""

import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from lianxin.kernel.polling import start_polling


class Command(BaseCommand):
    help = "Run a worker: jobs, and what is called every second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shutdown-graceful-timeout", type=float, default=25.0, metavar="SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        threads = start_polling(stop)
        try:
            call_command(
                "procrastinate", "worker", f"--shutdown-graceful-timeout={options['shutdown_graceful_timeout']}"
            )
        finally:
            stop.set()
            for thread in threads:
                thread.join()
