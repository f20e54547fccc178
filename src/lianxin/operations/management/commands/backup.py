"""`lianxin backup FILE`: database, files and keys in one archive, while the system goes on working."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import localtime

from lianxin.kernel import timezone
from lianxin.kernel.cli_messages import say
from lianxin.operations.management.showing import passphrase_in, shown
from lianxin.operations.services import back_up

INCOMPLETE = 2
"""The exit status of a backup that is whole, of a system in which files are missing."""
NAME = "lianxin-%Y%m%d-%H%M%S.tar"


class Command(BaseCommand):
    help = (
        "Write database, files and keys into one archive, while the system goes on working. "
        "Status 2 when files of the database are missing on the disk: they are named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, or a folder in which the file is named by the time")
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="encrypt with the passphrase in this file"
        )
        parser.add_argument("--without-keys", action="store_true", help="leave out the keys, which you keep elsewhere")

    def handle(self, *, file: Path, passphrase_file: Path | None, without_keys: bool, **options: Any) -> None:
        passphrase = passphrase_in(passphrase_file)
        if file.is_dir():
            name = localtime(timezone.now()).strftime(NAME)
            file = file / (f"{name}.age" if passphrase else name)
        with shown("备份", "Backing up") as begin:
            done = back_up(file, passphrase=passphrase, with_keys=not without_keys, begin=begin)
        say(
            f"已备份到 {file}（{done.bytes / 1e6:.1f} MB）：{done.rows} 行，{done.files} 个文件。",
            f"Backed up to {file} ({done.bytes / 1e6:.1f} MB): {done.rows} rows, {done.files} files.",
        )
        if without_keys:
            say(
                "里面没有密钥：没有另存的 secrets/，它恢复不了。",
                "It holds no keys: without secrets/ it cannot be restored.",
            )
        elif passphrase is None:
            say(
                "里面有密钥，没有加密：谁拿到它，谁就能打开保密姓名。请像数据目录一样看管，或用 --passphrase-file。",
                "It holds the keys and is not encrypted: whoever gets it can open confidential names. Guard it like "
                "the data directory, or use --passphrase-file.",
            )
        if done.missing:
            for gone in done.missing:
                name = f"uploads/{gone.key}"
                say(f"缺 {name}（{gone.number} 的附件）", f"missing: {name} (of {gone.number})", error=True)
            say(
                f"备份完整，但有 {len(done.missing)} 个文件在磁盘上已经没有了，见上。请从较早的备份里找回，放回原处。",
                f"The backup is whole, but {len(done.missing)} files are gone from the disk, see above. Take them from "
                "an older backup and put them back.",
                error=True,
            )
            sys.exit(INCOMPLETE)
