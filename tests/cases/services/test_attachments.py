"""Files of confidential and anonymous cases have names that tell nothing."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils.translation import override

from lianxin.cases.enums import Identity
from lianxin.cases.models import Attachment
from lianxin.cases.services import handling, requester
from lianxin.kernel import files
from lianxin.ledger.models import Event
from tests.factories.cases import in_progress, submit

NAME = "李娜的请假条.txt"


def file(name=NAME):
    return files.accept("热水停了".encode(), name)


def names():
    return sorted(Attachment.objects.values_list("name", flat=True))


def everything_stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM cases_attachment t UNION ALL SELECT t::text FROM ledger_event t")
        return " ".join(row for (row,) in cursor.fetchall())


@pytest.mark.parametrize("identity", [Identity.CONFIDENTIAL, Identity.ANONYMOUS])
def test_names_are_neutral_whoever_adds_the_file_and_in_the_enterprises_language(house, identity):
    with override("en"):
        case = submit(
            house.li_na, identity=identity, place=house.workshop, files=[file(), file("第二页-李娜.txt")]
        ).case
    in_progress(house, case)
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="见附件", files=[file("给李娜的回复.txt")])
    assert names() == ["附件1.txt", "附件2.txt", "附件3.txt"]
    assert "李娜的" not in everything_stored()
    assert "第二页" not in everything_stored()


def test_an_addition_later_is_neutral_too(house):
    case = submit(house.li_na, identity=Identity.CONFIDENTIAL).case
    requester.add_to_case(actor=house.li_na, case_id=case.pk, text="补充", files=[file()])
    assert names() == ["附件1.txt"]
    assert not Event.objects.filter(data__icontains="请假条").exists()


def test_by_name_files_keep_their_names(house):
    submit(house.li_na, files=[file()])
    assert names() == [NAME]


def test_names_of_before_are_replaced_by_the_migration(house):
    confidential = submit(house.li_na, identity=Identity.CONFIDENTIAL, files=[file(), file()]).case
    named = submit(house.li_na, files=[file()]).case
    Attachment.objects.filter(case=confidential).update(name=NAME)
    import_module("lianxin.cases.migrations.0019_neutral_file_names").replace_names(apps, None)
    assert [each.name for each in confidential.attachments.all()] == ["附件1.txt", "附件2.txt"]
    assert [each.name for each in named.attachments.all()] == [NAME]
