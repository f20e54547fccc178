"""`lianxin restore FILE`: an empty system becomes the one that was backed up."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from lianxin.kernel.cli_messages import say
from lianxin.operations.management.showing import passphrase_in, shown
from lianxin.operations.services import check as whole
from lianxin.operations.services import restore


class Command(BaseCommand):
    help = "Put a backup into an empty system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="the file with its passphrase")
        parser.add_argument("--check", action="store_true", help="only see whether the archive is whole")
        parser.add_argument("--keys-lost", action="store_true", help="restore although the keys are lost for ever")

    def handle(self, *, file: Path, passphrase_file: Path | None, check: bool, keys_lost: bool, **options: Any) -> None:
        passphrase = passphrase_in(passphrase_file)
        with shown("恢复", "Restoring") as begin:
            if check:
                done = whole(file, passphrase=passphrase, begin=begin)
            else:
                done = restore(file, passphrase=passphrase, keys_are_lost=keys_lost, begin=begin)
        of = done.manifest["created"]
        if check:
            say(
                f"备份完好，作于 {of}：{done.rows} 行，{done.files} 个文件。",
                f"The backup of {of} is whole: {done.rows} rows, {done.files} files.",
            )
            return
        say(
            f"已恢复 {of} 的备份：{done.rows} 行，{done.files} 个文件。大家需要重新登录。",
            f"Restored the backup of {of}: {done.rows} rows, {done.files} files. Everyone has to sign in again.",
        )
        say(
            "在系统管理员到 设置 › 邮件 开启之前，不会给任何人发邮件。演练用的系统，不要开启。",
            "No email is sent until a system administrator turns it on at Settings › Email. Leave it off on a "
            "system that is only a rehearsal.",
        )
