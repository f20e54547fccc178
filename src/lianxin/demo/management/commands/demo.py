"""`lianxin demo`: an empty system becomes the sample enterprise."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress

from lianxin.demo.flag import is_empty, is_sample
from lianxin.demo.seed import FULL, SMALL, fill
from lianxin.kernel.cli_messages import in_terminal_language, say
from lianxin.kernel.errors import ValidationFailed

PHASES = {
    "enterprise": ("单位、党组织和人员", "units, Party organisations and people"),
    "cases": ("两年的诉求", "two years of cases"),
}
NOT_EMPTY = (
    (
        "这个系统里已经有数据，示例企业只能装进空的系统。"
        "请换一个数据目录（LIANXIN_DATA_DIR）；要启动这个系统，请不要加 --demo。"
    ),
    (
        "This system holds data already; the sample enterprise only goes into an empty one. "
        "Choose another data directory (LIANXIN_DATA_DIR); to serve this system, leave out --demo."
    ),
)


class Command(BaseCommand):
    help = "Fill an empty system with the sample enterprise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the sample is there already")
        parser.add_argument(
            "--small", action="store_true", help="60 people and a few weeks instead of 600 and two years"
        )
        parser.add_argument("--seed", type=int, default=1, help="another number makes another sample")

    def handle(self, *, if_empty: bool, small: bool, seed: int, **options: Any) -> None:
        if if_empty and is_sample():
            return
        if not is_empty():
            raise CommandError(in_terminal_language(*NOT_EMPTY))
        began = time.perf_counter()
        say(
            "正在建立示例企业：快的机器一分钟左右，慢的或正忙的机器可能要十几分钟……",
            "Making the sample enterprise: about a minute on a fast machine, up to a quarter of an hour on a slow or "
            "busy one …",
        )
        try:
            with Progress(disable=not sys.stdout.isatty(), transient=True) as bar:
                fill(size=SMALL if small else FULL, seed=seed, phase=_shown(bar))
        except ValidationFailed as refusal:
            raise CommandError(in_terminal_language(*NOT_EMPTY)) from refusal
        seconds = time.perf_counter() - began
        say(f"示例企业已建好（{seconds:.0f} 秒）。", f"The sample enterprise is there ({seconds:.0f} s).")


def _shown(bar: Progress) -> Callable[[str, int], Callable[[], object]]:
    """Show each phase as a bar on a terminal, and elsewhere as lines that tell each tenth of it."""

    def phase(name: str, parts: int) -> Callable[[], object]:
        if bar.disable:
            say(*(f"  {words}" for words in PHASES[name]))
            return report_tenths(parts)
        task = bar.add_task(in_terminal_language(*PHASES[name]), total=parts)
        return lambda: bar.advance(task)

    return phase


def report_tenths(parts: int) -> Callable[[], None]:
    """What to call after each part; it prints a line whenever another tenth is done."""
    done = 0

    def advance() -> None:
        nonlocal done
        done += 1
        before, now = 10 * (done - 1) // parts, 10 * done // parts
        if now > before and parts > 1:
            say(f"    {10 * now} %", f"    {10 * now} %")

    return advance
