"""Categories and time limits, which the system administrator sets."""

import pytest
from django.urls import reverse

from lianxin.cases.models import Case, Category, Deadline, SlaRule
from lianxin.ledger.models import Event
from tests.factories.cases import accepted, category, dispatched, submit
from tests.pages import post_raw, send_form


@pytest.fixture
def admin(house, desk_of):
    return desk_of(house.system_admin)


@pytest.mark.parametrize("who", ["dispatcher", "security_admin", "li_na"])
def test_nobody_else_sets_anything(house, desk_of, who):
    for page in ("categories", "clocks", "add_category", "add_clock_rule"):
        assert desk_of(getattr(house, who)).get(reverse(f"cases:{page}")).status_code == 403


def test_a_category_is_added_renamed_moved_and_taken_out_of_use(admin):
    canteen, housing = Category.objects.get(code="canteen"), Category.objects.get(code="housing")
    send_form(admin, reverse("cases:add_category_below", args=[canteen.pk]), {"name": " 外卖  柜 "})
    added = Category.objects.get(name="外卖 柜")
    assert Category.objects.get_parent(added) == canteen
    send_form(admin, reverse("cases:rename_category", args=[added.pk]), {"name": "外卖柜"})
    send_form(admin, reverse("cases:move_category", args=[added.pk]), {"parent": housing.pk})
    send_form(admin, reverse("cases:categories"), to=reverse("cases:use_category", args=[added.pk, 0]))
    added = Category.objects.get(pk=added.pk)
    assert (added.name, Category.objects.get_parent(added), added.active) == ("外卖柜", housing, False)
    assert list(
        Event.objects.filter(subject_type="cases.category").order_by("at").values_list("action", flat=True)
    ) == [
        "add",
        "rename",
        "move",
        "retire",
    ]
    assert admin.get(reverse("cases:categories")).status_code == 200


def test_two_categories_of_one_name_do_not_stand_beside_each_other(admin):
    canteen = Category.objects.get(code="canteen")
    answer = send_form(admin, reverse("cases:add_category_below", args=[canteen.pk]), {"name": "饭菜质量"})
    assert answer.status_code == 422


def test_a_category_never_lies_below_itself(admin):
    child = Category.objects.get(code="canteen-1")
    answer = post_raw(
        admin, reverse("cases:move_category", args=[Category.objects.get(code="canteen").pk]), {"parent": child.pk}
    )
    assert answer.status_code == 422


def test_a_shorter_time_limit_counts_from_now_on_only(house, admin):
    running = submit(house.li_na).case
    dispatched(house, running)
    before = Deadline.objects.get(case=running, kind="reply").due_at
    parent = Category.objects.get(code="housing")
    answer = send_form(
        admin,
        reverse("cases:add_clock_rule"),
        {"clock": "reply", "kind": "", "category_id": parent.pk, "amount": 2, "measure": "working_days"},
    )
    assert answer.status_code == 302
    assert Deadline.objects.get(case=running, kind="reply").due_at == before
    fresh = submit(house.li_na).case
    dispatched(house, fresh)
    assert Deadline.objects.get(case=fresh, kind="reply").due_at < before
    rule = SlaRule.objects.get(category=parent)
    send_form(admin, reverse("cases:change_clock_rule", args=[rule.pk]), {"amount": 48, "measure": "hours"})
    send_form(admin, reverse("cases:clocks"), to=reverse("cases:remove_clock_rule", args=[rule.pk]))
    actions = Event.objects.filter(subject_type="cases.clockrule").order_by("at").values_list("action", flat=True)
    assert list(actions) == ["set", "set", "remove"]


def test_the_rule_for_all_stays(admin):
    rule = SlaRule.objects.get(clock="reply", kind="", category=None)
    post_raw(admin, reverse("cases:remove_clock_rule", args=[rule.pk]))
    assert SlaRule.objects.filter(pk=rule.pk).exists()


def test_a_category_out_of_use_stays_on_its_cases_and_is_offered_to_no_other(house, admin, desk_of):
    filed, other = submit(house.li_na).case, submit(house.li_na).case
    accepted(house, filed)
    send_form(admin, reverse("cases:categories"), to=reverse("cases:use_category", args=[category().pk, 0]))
    dispatcher = desk_of(house.dispatcher)

    def offered(case, action):
        form = dispatcher.get(reverse("cases:act", args=[case.pk, action])).context["form"]
        return any(category().pk == pk for _group, rows in form.fields["category"].choices[1:] for pk, _name in rows)

    assert offered(filed, "reclassify")
    assert not offered(other, "accept")
    assert Case.objects.get(pk=filed.pk).category == category()
