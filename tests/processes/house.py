"""Run as a program on an empty, migrated system: an enterprise with people who can sign in, made by the services.

`PEOPLE` raise cases; `DISPATCHER` is told of each.
"""
# ruff: noqa: PLC0415 - nothing of Django may be imported before the database is there

import os
import sys
from pathlib import Path

ENTERPRISE = "光明供电集团"
DISPATCHER = "赵敏"
PEOPLE = [(f"欧阳测试{n:02d}", f"88{n:04d}") for n in range(24)]
PASSWORD = "说一句真话 2026"


def build() -> None:
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password

    from lianxin.accounts import services as accounts
    from lianxin.org import services as org
    from lianxin.org.enums import Role

    root = org.found_enterprise(actor=None, name=ENTERPRISE, code="1")
    workshop = org.add_unit(actor=None, parent_id=root.pk, name="检修车间", code="2")

    def person(name, number, unit):
        return org.add_person(actor=None, name=name, employee_no=number, unit_id=unit.pk)

    dispatcher = person(DISPATCHER, "2001", root)
    org.grant_role(actor=None, person_id=dispatcher.pk, role=Role.DISPATCHER, unit_id=root.pk)
    supervisor = person("郑洁", "2002", root)
    org.grant_role(actor=None, person_id=supervisor.pk, role=Role.SUPERVISOR, unit_id=root.pk)
    everybody = [person(name, number, workshop) for name, number in PEOPLE]
    password = make_password(PASSWORD)  # once: it is meant to be slow
    for user in accounts.open_accounts(people=everybody).values():
        user.password = password
        user.save(update_fields=["password"])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings"
    from lianxin.config.database import joined

    with joined(os.environ, Path(os.environ["LIANXIN_DATA_DIR"])):
        sys.exit(build())
