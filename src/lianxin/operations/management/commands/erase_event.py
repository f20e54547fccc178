"""`lianxin erase-event ID`: erase one event of the record, as the law demands."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from lianxin.kernel.cli_messages import Refusal, say
from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.ledger.services import erase_event
from lianxin.org.enums import Role
from lianxin.org.queries import active_people


class Command(BaseCommand):
    help = "Erase one event of the record for ever, as the law demands. The record stays valid, and says who did it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", type=UUID)
        parser.add_argument("--ground", required=True, help="the legal ground; it stands on the record for ever")
        parser.add_argument("--by", required=True, metavar="EMPLOYEE_NO", help="the audit administrator who answers")

    def handle(self, *, event: UUID, ground: str, by: str, **options: Any) -> None:
        person = active_people().filter(employee_no=by).first()
        if person is None or not person.holds(Role.AUDIT_ADMIN):
            raise Refusal(f"{by} 不是审计管理员。", f"{by} is not an audit administrator.")
        try:
            erase_event(event, ground=ground, actor_id=person.pk, role=Role.AUDIT_ADMIN)
        except NotFound:
            raise Refusal("记录里没有这个事件。", "There is no such event in the record.") from None
        except ValidationFailed as refusal:
            raise Refusal(str(refusal), str(refusal)) from None
        say("已删除，记录写明了由谁、依据什么。", "Erased. The record says by whom and on what ground.")
