from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ValidationError
from django.utils.translation import override

from lianxin.cases.forms.employee import SayForm
from lianxin.cases.forms.fields import FilesField, PlaceField
from lianxin.org.models import Unit

NAMED = (("好.txt", "热水".encode()), ("坏.exe", b"MZ"), ("空.jpg", b""))


@pytest.fixture
def place():
    return PlaceField(label="Where")


@pytest.mark.parametrize("nothing", ["", None])
def test_no_place_need_be_chosen_and_nobody_asks_the_database(place, nothing):
    assert place.clean(nothing) is None


def test_a_living_unit_is_taken(place, house):
    assert place.clean(str(house.workshop.pk)) == house.workshop


def test_ones_own_unit_is_at_hand(place, house, django_assert_num_queries):
    place.own = house.workshop
    with django_assert_num_queries(0):
        assert place.clean(str(house.workshop.pk)) is house.workshop


def test_a_unit_that_has_ended_is_refused_even_if_it_is_ones_own(place, house):
    Unit.objects.filter(pk=house.workshop.pk).update(ended_on=date(2020, 1, 1))
    place.own = Unit.objects.get(pk=house.workshop.pk)
    with pytest.raises(ValidationError):
        place.clean(str(house.workshop.pk))


@pytest.mark.parametrize("forged", ["0", "-1", "1.5", "abc", "1 OR 1=1", "²", "9" * 18, "9" * 40])
def test_what_is_no_unit_is_refused(place, house, forged):
    with pytest.raises(ValidationError):
        place.clean(forged)


def test_no_file_need_be_chosen():
    assert FilesField().clean([]) == []


def test_each_file_that_is_refused_is_named():
    given = [SimpleUploadedFile(name, content) for name, content in NAMED]
    with pytest.raises(ValidationError) as refused, override("zh-hans"):
        FilesField().clean(given)
    assert [message.split("：")[0] for message in refused.value.messages] == ["“坏.exe”", "“空.jpg”"]


def test_nine_files_are_enough():
    assert len(FilesField().clean([SimpleUploadedFile("好.txt", "水".encode()) for _ in range(9)])) == 9
    with pytest.raises(ValidationError, match="9"):
        FilesField().clean([SimpleUploadedFile("好.txt", "水".encode()) for _ in range(10)])


def test_forms_of_two_people_share_nothing_that_one_of_them_fills_in(house):
    mine, other = SayForm({"body": ""}, viewer=house.li_na), SayForm(viewer=house.dispatcher)
    nobody = SayForm(viewer=None)
    assert mine.fields["place"] is not other.fields["place"]
    assert mine.fields["place"].own == house.li_na.unit
    assert "colleague" in other.fields
    assert "colleague" not in nobody.fields
    assert list(nobody.fields) == [name for name in other.fields if name != "colleague"]
    assert not mine.is_valid()
    assert not other.is_bound
    assert other["body"].errors == []


@pytest.mark.parametrize(
    ("body", "language", "said"),
    [
        ("\u200b\u3164 \u2060", "zh-hans", "请写明发生了什么、您希望怎么办。"),
        ("水" * 8001, "zh-hans", "最多 8000 个字，其余内容请放到文件里。"),
        ("水" * 8001, "en", "At most 8000 characters, please. Attach a file for the rest."),
    ],
)
def test_what_is_wrong_with_a_text_is_said_in_our_words(house, body, language, said):
    with override(language):
        assert SayForm({"body": body}, viewer=house.li_na)["body"].errors == [said]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", "最多 100 个字，现在有 101 个字。"),
        ("en", "At most 100 characters, please; there are 101."),
    ],
)
def test_limits_are_said_in_our_words_in_both_languages(house, language, said):
    with override(language):
        assert SayForm({"body": "水", "title": "长" * 101}, viewer=house.li_na)["title"].errors == [said]


def test_eight_thousand_characters_with_line_breaks_are_taken_and_kept_with_single_breaks(house):
    form = SayForm({"body": "水\r\n" * 3999 + "热水", "identity": "named", "key": str(uuid4())}, viewer=house.li_na)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["body"] == "水\n" * 3999 + "热水"
