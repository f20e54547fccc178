"""What `lianxin serve` says after it has started: who can sign in as what, or how to set up an empty system."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import translation

from lianxin.accounts import queries, services
from lianxin.kernel.cli_messages import in_terminal_language, say


class Command(BaseCommand):
    help = "Say who can sign in as what, or print the one-time code for setting up an empty system."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--address", default=os.environ.get("LIANXIN_ADDRESS", ""), help="where the site is served")

    def handle(self, *, address: str, **options: Any) -> None:
        address = settings.LIANXIN_PUBLIC_URL or address
        if settings.DEMO:
            _say_who_is_there(address)
        elif code := services.issue_setup_code():
            url = address.rstrip("/") + reverse("accounts:set_up")
            say(
                "系统还是空的。请在浏览器中打开下面的地址，用设置码设置三位管理员：",
                "The system is empty. Open this address and set up the three administrators with the setup code:",
            )
            say(f"  {url}", f"  {url}")
            say(f"  设置码：{code}", f"  Setup code: {code}")
            if not settings.LIANXIN_PUBLIC_URL:
                say(
                    "  这个地址只在本机有效。请把职工使用的网址设为 LIANXIN_PUBLIC_URL，如 https://say.example.com，"
                    "并重启；登录码和海报上要印它。",
                    "  This address works on this machine only. Set LIANXIN_PUBLIC_URL to the one that people use, for "
                    "example https://say.example.com, and restart: it is printed with sign-in codes and on posters.",
                )


def _say_who_is_there(address: str) -> None:
    url = address.rstrip("/") + reverse("account_login")
    say(f"示例企业：在 {url} 上点一下即可登录为：", f"Sample enterprise: at {url} one click signs you in as:")
    with translation.override(in_terminal_language("zh-hans", "en")):
        for group in queries.demo_people():
            names = "、".join(person.name for person in group.people)
            say(f"  {group.label}：{names}", f"  {group.label}: {names}")
