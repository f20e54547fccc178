"""Pages of long lists: counted only as far as anybody turns them."""

import pytest

from lianxin.kernel import paging
from lianxin.kernel.models import DayOverride
from lianxin.kernel.paging import CappedPaginator
from lianxin.kernel.timezone import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def days(monkeypatch):
    """Seven rows, of which five can be turned to."""
    monkeypatch.setattr(paging, "MOST", 5)
    first = today()
    DayOverride.objects.bulk_create(
        DayOverride(day=first.replace(year=first.year + n, day=1), working=True) for n in range(7)
    )
    return DayOverride.objects.order_by("day")


def test_a_long_list_ends_where_nobody_turns_to(days):
    pages = CappedPaginator(days, 2)
    assert (pages.count, pages.num_pages, pages.is_cut) == (5, 3, True)
    assert len(pages.get_page(99).object_list) == 1


def test_a_short_list_is_whole(days):
    pages = CappedPaginator(days.filter(day__lt=days[4].day), 3)
    assert (pages.count, pages.is_cut) == (4, False)


def test_what_is_counted_already_is_not_counted_again(days, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert CappedPaginator(days, 2, found=7).count == 5
