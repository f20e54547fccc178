"""The duty phones on the page of a unit, and the form that sets them."""

from django.urls import reverse

from lianxin.org.queries import duty_phones


def test_zhou_min_sets_them_by_the_form_and_the_page_of_the_unit_shows_them(page, zhou_min, east, line_team):
    address = reverse("org:duty_phones", args=[east.pk])
    assert "只能看到 119、120 和 110" in page(zhou_min, reverse("org:unit", args=[east.pk])).content.decode()
    answer = page(zhou_min, address, {"phones": "东区值班室 0571-8888 2000\n门卫 110"})
    assert (answer.status_code, answer.url) == (302, reverse("org:unit", args=[east.pk]))
    shown = page(zhou_min, reverse("org:unit", args=[east.pk])).content.decode()
    assert 'href="tel:057188882000"' in shown
    assert address in shown
    below = page(zhou_min, reverse("org:unit", args=[line_team.pk])).content.decode()
    assert "沿用东区供电所的值班电话" in below
    assert page(zhou_min, address).context["form"].initial["phones"] == "东区值班室 0571-8888 2000\n门卫 110"
    assert page(zhou_min, reverse("org:duty_phones", args=[line_team.pk])).context["form"].initial["phones"] == ""


def test_a_line_that_cannot_be_dialled_is_said_at_the_field_and_stays(page, zhou_min, east):
    answer = page(zhou_min, reverse("org:duty_phones", args=[east.pk]), {"phones": "值班室"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "“值班室”不是“名称＋号码”" in text
    assert answer.context["form"]["phones"].value() == "值班室"
    assert duty_phones(east) == []


def test_who_keeps_no_units_gets_no_form(page, xu_jing, east):
    assert page(xu_jing, reverse("org:duty_phones", args=[east.pk])).status_code == 403
    assert (
        reverse("org:duty_phones", args=[east.pk])
        not in page(xu_jing, reverse("org:unit", args=[east.pk])).content.decode()
    )
