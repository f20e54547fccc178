"""`lianxin accept-keys --lost`: go on with other keys than the database was written with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lianxin.kernel import spool
from lianxin.kernel.cli_messages import Refusal, say
from lianxin.kernel.keys import accept_present_keys, present_trouble


class Command(BaseCommand):
    help = "Go on with the present keys although the database was written with others, which are lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lost", action="store_true", help="the old keys are lost for ever")

    def handle(self, *, lost: bool, **options: Any) -> None:
        found = present_trouble()
        if not found:
            say("密钥就是这个数据库的，什么也不用做。", "The keys are those of this database; nothing to do.")
            return
        if not lost:
            raise Refusal(
                "这里的密钥不是这个数据库的。原来的还在，请放回去。确实丢了，加 --lost：以前的保密姓名、回执、"
                "登录码和登录验证从此打不开，大家重新登录，要两步验证的人重新设置。",
                "The keys here are not those of this database. Put the old ones back if they still exist. If they are "
                "lost, add --lost: earlier confidential names, receipts, sign-in codes and two-step verification can "
                "never be opened again; everyone has to sign in and set up two-step verification again.",
            )
        accept_present_keys()
        spool.forget_foreign()
        say(
            f"从现在起用这里的密钥：{'、'.join(found)}。",
            f"From now on the keys here are used: {', '.join(found)}.",
        )
