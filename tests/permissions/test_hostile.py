"""Script in every field that somebody can fill in: it is shown as the letters it is, to everybody, on every page."""

import random
import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import lianxin
from lianxin.cases.services import handling, requester, triage
from lianxin.cases.services.settings import add_category
from lianxin.cases.services.transitions import perform
from lianxin.org import services as org
from tests.factories.cases import accepted, replied, submit
from tests.pages import post_raw
from tests.permissions.test_addresses import ADDRESSES, NOBODY, ids  # noqa: F401 - a fixture

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
MARKS = ("<script>alert(1)", "<img src=x", "onerror=alert(2)>{{7*7}}<", ">49<")


def test_it_stays_text_everywhere(house, browsers):
    org.rename_unit(actor=house.system_admin, unit_id=house.workshop.pk, name=HOSTILE[:100])
    org.correct_person(actor=house.system_admin, person_id=house.li_na.pk, name=HOSTILE[:50], employee_no="1001")
    add_category(actor=house.system_admin, name=HOSTILE[:50])
    house.li_na.refresh_from_db()
    raised = submit(house.li_na, body=HOSTILE, title=HOSTILE[:100], about=HOSTILE).case
    accepted(house, raised)
    triage.settle_subjects(actor=house.head_dispatcher, case_id=raised.pk, nobody=True)
    triage.dispatch_case(
        actor=house.dispatcher,
        case_id=raised.pk,
        lead_unit=house.logistics,
        co_units=[house.workshop],
        text=HOSTILE,
    )
    perform("sign", actor=house.handler, case_id=raised.pk)
    perform("ask", actor=house.handler, case_id=raised.pk, text=HOSTILE)
    requester.answer_question(actor=house.li_na, case_id=raised.pk, text=HOSTILE)
    perform("contact", actor=house.handler, case_id=raised.pk, text=HOSTILE)
    perform("note", actor=house.handler, case_id=raised.pk, text=HOSTILE)
    perform("request_extension", actor=house.handler, case_id=raised.pk, days=2, text=HOSTILE)
    perform("approve_extension", actor=house.unit_leader, case_id=raised.pk, text=HOSTILE)
    perform("co_part", actor=house.co_handler, case_id=raised.pk, text=HOSTILE)
    handling.reply_to_requester(actor=house.handler, case_id=raised.pk, text=HOSTILE)
    requester.rate_case(actor=house.li_na, case_id=raised.pk, resolved="no", satisfaction=1, comment=HOSTILE)
    declined = submit(house.wang_fang, body=HOSTILE).case
    triage.decline_case(actor=house.dispatcher, case_id=declined.pk, reason="unclear", text=HOSTILE)
    replied(house, submit(house.li_na, body=HOSTILE + "。").case)
    addresses = [
        "/",
        "/say/",
        "/mine/",
        "/inbox/",
        "/me/",
        "/desk/?queue=open",
        "/desk/?queue=ended",
        f"/desk/?queue=open&text={HOSTILE}",
        f"/people/?q={HOSTILE}",
        "/people/",
        f"/people/{house.li_na.pk}/",
        "/units/",
        f"/units/{house.workshop.pk}/",
        "/trail/",
        "/roles/",
        "/settings/categories/",
        f"/receipt/?code={HOSTILE}",
        *(f"/case/{case.pk}/" for case in (raised, declined)),
        *(f"/case/{raised.pk}/do/{action}/" for action in ("dispatch", "merge", "note", "accept")),
    ]
    shown = 0
    for who, browser in browsers.items():
        for address in addresses:
            page = browser.get(address).content.decode()
            assert [mark for mark in MARKS if mark in page] == [], (who, address)
            shown += "&lt;script&gt;" in page
    assert shown > 40


# What no browser would send: no address answers it with a server error.

SEED = 20261129
LARGE = "9" * 20
VALUES = [
    "%00", "a%00b", "%ff%fe", "%ed%a0%80", "%f4%90%80%80", "%f0%9f%98%80" * 3, "%e2%80%ae%e2%80%8b", "%0d%0aX:%20y",
    LARGE, f"-{LARGE}", "9" * 5000, "-1", "0", "1e999", "nan", "1.5", "%d9%a3", "%c2%b2", "2147483648",
    "9223372036854775808", "2026-13-45", "0000-00-00", "9999-12-31", "99999-01-01", "2026-02-30T25:61",
    "00000000-0000-0000-0000-000000000000", "%25", "%5b%5d", "%27%22%3e%3c", "%7b%22a%22:1%7d", "..%2f..%2fetc", "*",
    "_", "10000000000-01", "(", "%5c", "x" * 9000, "", "%E4%B8%AD" * 500,
    "id__gt=1", "Infinity", "null", "true", "%5cu0000", "+", "-", ".",
]  # fmt: skip
NAMES = sorted(
    {
        name
        for path in Path(lianxin.__file__).parent.rglob("*.py")
        for name in re.findall(r"""GET(?:\.get|\.getlist|\[)\(?["'](\w+)["']""", path.read_text())
    }
    | {"next", "page", "text", "q", "field", "who", "unit", "sort", "order"}
)


def address_of(name, ids):  # noqa: F811
    return reverse(name, kwargs={key: ids.get(value, value) for key, value in ADDRESSES[name].ids.items()})


def hostile_query(chance, names):
    pairs = [f"{chance.choice(names)}={chance.choice(VALUES)}" for _ in range(chance.randint(1, 4))]
    if chance.random() < 0.2:
        pairs += [pairs[0]] * 3 + ["&&=", "%zz=%zz", "=", "%00"][: chance.randrange(4)]
    return "&".join(pairs)


def errors_of(browser, method, address, *sent, **more):
    """What the address answers, if that is a server error or no answer at all."""
    try:
        status = getattr(browser, method)(address, *sent, **more).status_code
    except Exception as error:  # noqa: BLE001 - the client raises what a server would answer 500 to
        return [(method, address[:200], sent, repr(error)[:300])]
    return [(method, address[:200], sent, status)] if status >= 500 else []


def who_may(name, browsers, chance):
    browsers = {**browsers, NOBODY: Client()}
    inside = sorted(ADDRESSES[name].who & browsers.keys()) or [NOBODY]
    return browsers[chance.choice(inside)]


def ask_hostilely(ids, browsers, times, seed):  # noqa: F811
    chance, found = random.Random(seed), []
    for name in sorted(ADDRESSES):
        words = ADDRESSES[name].words
        for _ in range(times):
            names = [*NAMES, *words] * 1 + [*words] * 5
            query = hostile_query(chance, names)
            if words and chance.random() < 0.5:
                query = f"{urlencode(words)}&{query}"
            found += errors_of(who_may(name, browsers, chance), "get", f"{address_of(name, ids)}?{query}")
    return found


def test_no_query_ends_in_a_server_error(ids, browsers):  # noqa: F811
    assert ask_hostilely(ids, browsers, 2, SEED) == []


@pytest.mark.stress
def test_no_query_ends_in_a_server_error_at_length(ids, browsers):  # noqa: F811
    assert ask_hostilely(ids, browsers, 60, SEED + 1) == []


def test_no_number_or_word_in_an_address_ends_in_a_server_error(ids, browsers):  # noqa: F811
    chance, found = random.Random(SEED), []
    for name in sorted(ADDRESSES):
        if not ADDRESSES[name].ids:
            continue
        for value in (LARGE, chance.choice(["9223372036854775808", "0", "%00", "%ff", quote("李娜"), "9" * 400])):
            path = address_of(name, ids)
            for own in {str(ids.get(key, key)) for key in ADDRESSES[name].ids.values()}:
                found += errors_of(who_may(name, browsers, chance), "get", path.replace(f"/{own}/", f"/{value}/"))
    assert found == []


def post_hostilely(ids, browsers, times, seed):  # noqa: F811
    """Fill in the fields that a page shows, or those that it reads, with anything."""
    chance, found = random.Random(seed), []
    for name in sorted(ADDRESSES):
        browser, address = who_may(name, browsers, chance), address_of(name, ids)
        page = browser.get(address, ADDRESSES[name].words)
        shown = page.content.decode(errors="replace") if page.get("Content-Type", "").startswith("text/html") else ""
        names = sorted(set(re.findall(r'name="([\w.-]+)"', shown)) | set(ADDRESSES[name].words) | {"text", "version"})
        for _ in range(times):
            form = {**ADDRESSES[name].words}
            for field in chance.sample(names, chance.randint(1, len(names))):
                form[field] = [any_text(chance) for _ in range(chance.randint(1, 2))]
            if chance.random() < 0.3:
                form[chance.choice(names)] = SimpleUploadedFile("a\0b.jpg", chance.randbytes(50))
            found += errors_of(browser, "post", address, form)
            if name in {"account_logout", "accounts:end_other_sessions", "accounts:change_password"}:
                break  # whoever asks is somebody else afterwards
    return found


DIGITS = "9" * 5000
"""More than Python reads as a number."""


def test_a_number_of_5000_digits_is_no_number_to_any_address(ids, browsers):  # noqa: F811
    chance, found = random.Random(SEED), []
    for name in sorted(ADDRESSES):
        browser, address = who_may(name, browsers, chance), address_of(name, ids)
        asked = {**ADDRESSES[name].words, **dict.fromkeys(("page", "unit", "at", "person", "parent", "day"), DIGITS)}
        found += errors_of(browser, "get", address, asked)
    assert found == []


def test_a_number_of_5000_digits_is_no_number_to_any_form(house, ids, browsers):  # noqa: F811
    found = errors_of(Client(), "post", "/say/", {"body": "x", "identity": "anonymous", "place": DIGITS})
    fields = ("expected", "version", "category", "selected", "days", "lead_unit", "handler", "person", "people", "unit")
    chance = random.Random(SEED)
    for name in sorted(ADDRESSES):
        if name in {"account_logout", "accounts:end_other_sessions", "accounts:change_password"}:
            continue
        browser, address = who_may(name, browsers, chance), address_of(name, ids)
        found += errors_of(browser, "post", address, {**ADDRESSES[name].words, **dict.fromkeys(fields, DIGITS)})
    case = accepted(house, submit(house.li_na).case)
    for action in ("accept", "dispatch", "merge", "name_people", "settle_subjects", "assign"):
        form = dict.fromkeys(fields, DIGITS)
        found += errors_of(browsers["dispatcher"], "post", f"/case/{case.pk}/do/{action}/", form)
    assert found == []


def any_text(chance):
    return chance.choice(
        ["\0", "热水\0停了", LARGE, f"-{LARGE}", "9" * 5000, "nan", "2026-02-30", "99999-01-01", "\ud7ff\uffff", "",
         "{", '{"a": "\\u0000"}', '{"id": "\\ud800"}', "[]", "null", "x" * 9000, "0", "-1", "²", "٣"]
    )  # fmt: skip


def test_nothing_that_is_posted_ends_in_a_server_error(ids, browsers):  # noqa: F811
    assert post_hostilely(ids, browsers, 1, SEED) == []


@pytest.mark.stress
def test_nothing_that_is_posted_ends_in_a_server_error_at_length(ids, browsers):  # noqa: F811
    assert post_hostilely(ids, browsers, 20, SEED + 1) == []


@pytest.mark.parametrize("charset", ["unicode_escape", "hex", "utf-16", "rot13", "idna", "nothing", "utf-7"])
def test_a_form_in_a_strange_encoding_is_read_as_our_pages_are(db, charset):
    body = "body=\\ud800&identity=anonymous&key=1"
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert Client().generic("POST", "/say/", body.encode(), kind).status_code == 422
    head = f"Content-Disposition: form-data; name=\"files\"; filename*={charset}''%ff"
    part = f"--x\r\n{head}\r\n\r\na\r\n--x--\r\n"
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    assert Client().generic("POST", "/say/", part.encode(), kind).status_code in {400, 401}


def test_a_cookie_with_nul_is_no_cookie(db):
    browser = Client()
    for name in ("lianxin_session", "lianxin_csrf", "lianxin_language", "lianxin_receipt", "messages"):
        browser.cookies[name] = "a\0b"
        browser.defaults["HTTP_COOKIE"] = f'{name}="a\\000b"'
        assert browser.get("/").status_code in {200, 302}  # to setting up, while there is no enterprise


def test_nul_is_left_out_of_what_somebody_wrote_and_nothing_else(house, browsers):
    answer = post_raw(
        browsers["li_na"],
        "/say/",
        {"body": "热水\0停了。", "identity": "named", "key": "7c1f2f4e-7b1a-4a0e-9d6f-0a4b9f3f1c11"},
    )
    assert answer.status_code == 302
    assert "热水停了。" in browsers["li_na"].get(answer.url).content.decode()


def test_an_address_with_nul_is_refused_with_a_page(db):
    answer = Client().get("/receipt/?code=%00")
    assert answer.status_code == 400
    assert "没有完整" in answer.content.decode() or "那没有" in answer.content.decode()
