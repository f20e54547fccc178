"""Try the mail server out."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from lianxin.kernel.cli_messages import in_terminal_language, say
from lianxin.kernel.errors import ValidationFailed
from lianxin.notifications.services import NOT_TAKEN, explain, send_test_message


class Command(BaseCommand):
    help = "Send a test mail at once and say what the mail server answered."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("address", help="where to")

    def handle(self, *, address: str, **options: Any) -> None:
        with translation.override(in_terminal_language("zh-hans", "en")):
            try:
                answer = send_test_message(address=address)
            except ValidationFailed as error:
                raise CommandError(str(error)) from error
            except NOT_TAKEN as error:
                raise CommandError(explain(error)) from error
        say(f"邮件服务器收下了：{answer}", f"The mail server took it: {answer}")
