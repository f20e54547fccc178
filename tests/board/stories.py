"""What people do around the board, in short words."""

from datetime import UTC, datetime, timedelta

from lianxin.board import services
from lianxin.board.models import Post
from lianxin.board.services import Texts
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.org.models import Person
from tests.factories.cases import rated, submit
from tests.factories.org import PersonFactory

MONDAY = datetime(2026, 11, 16, 2, 17, 43, tzinfo=UTC)
"""10:17:43 in the enterprise."""
TEXTS = Texts("宿舍没有热水", "宿舍楼没有热水，希望尽快修好。", "锅炉已修好，恢复热水。")


def staff(house, number=25):
    """Enough people in the company for it to stand on the board."""
    for n in range(number):
        PersonFactory(name=f"工友{n:02}", employee_no=f"7{n:03}", unit=house.company)


def solved(house, person=None, body="宿舍三楼没有热水，已经三天了。", **more):
    case = submit(person or house.li_na, body, place=house.workshop, **more).case
    return rated(house, case)


def shared(house, person=None, body="宿舍三楼没有热水，已经三天了。", **more):
    case = solved(house, person, body, **more)
    return perform("share", actor=Person.objects.get(pk=case.requester_id), case_id=case.pk)


def put_up(house, case, texts=TEXTS, **more):
    post = Post.objects.filter(case=case).first()
    given = {
        "actor": house.dispatcher,
        "unit_id": house.root.pk,
        "expected": post.version if post else 0,
        "looked": True,
        **more,
    }
    return services.publish(case_id=case.pk, texts=texts, **given)


def on_board(house, **more):
    """A post that everybody sees today: it was put up yesterday."""
    with timezone.frozen(timezone.now() - timedelta(days=1)):
        return put_up(house, shared(house, **more))
