"""`lianxin issue-code EMPLOYEE_NO`: a one-time code by whoever runs the server, where no administrator can give one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import reverse

from lianxin.accounts import services
from lianxin.kernel.cli_messages import Refusal, say
from lianxin.kernel.public_url import absolute
from lianxin.org.queries import active_people


class Command(BaseCommand):
    help = "Give one person a new one-time code, which voids an earlier one. It is noted on the administrators' trail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("employee_no", help="whose code it is")

    def handle(self, *, employee_no: str, **options: Any) -> None:
        person = active_people().filter(employee_no=employee_no).first()
        if person is None:
            raise Refusal(
                f"没有工号为 {employee_no} 的在职人员。", f"There is no current employee with the number {employee_no}."
            )
        (slip,) = services.issue_codes_by_system(people=[person])
        address = absolute(reverse("accounts:activate"))
        say(
            f"{person.name}（{employee_no}）的登录码：{slip.code}",
            f"Sign-in code for {person.name} ({employee_no}): {slip.code}",
        )
        say(f"有效期至 {slip.expires_on}。{address}", f"Valid until {slip.expires_on}. {address}")
