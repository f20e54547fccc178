"""What programs ask: whether we live, whether we can answer, and how much is done; never about whom."""

import logging

import pytest
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from lianxin.operations.services.request_metrics import COUNTED
from tests.factories.accounts import sign_in
from tests.factories.cases import found_enterprise, submit
from tests.pages import post_raw, send_form

TOKEN = "a-long-token"


@pytest.fixture
def token(settings, data_dir):
    settings.LIANXIN_METRICS_TOKEN = TOKEN


def figures(client):
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found[sample.name, *sorted(sample.labels.items())] = sample.value
    return found


def counted():
    """How many requests, by route."""
    found = {}
    for family in COUNTED.collect():
        for sample in family.samples:
            if sample.name == "lianxin_http_requests_total":
                key = sample.labels["route"], sample.labels["status"]
                found[key] = found.get(key, 0) + sample.value
    return found


def test_alive_without_asking_the_database(client):
    answer = client.get("/healthz", headers={"host": "127.0.0.1:8000"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    assert "Set-Cookie" not in answer.headers
    assert post_raw(client, "/healthz").status_code == 405


@pytest.mark.django_db
def test_ready_while_the_database_is_whole_and_up_to_date(client, django_assert_num_queries):
    with django_assert_num_queries(5):
        assert client.get("/readyz").content == b"ok\n"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name LIKE '0002%'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


def test_not_ready_without_a_database(client, monkeypatch):
    from lianxin.operations.views import probes as views  # noqa: PLC0415

    def gone():
        raise views.DatabaseError

    monkeypatch.setattr(views, "is_ready", gone)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_figures_only_for_who_shows_the_token(client, settings):
    settings.LIANXIN_METRICS_TOKEN = None
    assert client.get("/metrics", headers={"authorization": "Bearer None"}).status_code == 404
    settings.LIANXIN_METRICS_TOKEN = TOKEN
    for shown in ({}, {"authorization": "Bearer other"}, {"authorization": TOKEN}, {"authorization": "Bearer 口令"}):
        assert client.get("/metrics", headers=shown).status_code == 401


@pytest.mark.django_db
def test_pages_are_counted_by_name_and_nothing_of_a_person_is_in_it(token):
    house = found_enterprise()
    case = submit(house.li_na, body="宿舍没有热水").case
    client, before = sign_in(Client(), house.li_na), counted()
    client.get(f"/case/{case.pk}/?from=mail")
    client.get("/no-such-page/880001")
    after = counted()
    grown = {key: value - before.get(key, 0) for key, value in after.items() if value != before.get(key, 0)}
    assert grown == {("cases:case", "2xx"): 1.0}
    text = str(figures(client).keys())  # a figure of memory may hold any digits
    for told in (str(case.pk), case.number, house.li_na.name, "880001", "热水", "127.0.0.1"):
        assert told not in text
    assert figures(client)["lianxin_workers",] == 0.0


@pytest.mark.django_db
def test_who_speaks_anonymously_is_counted_and_logged_nowhere(token, caplog):
    found_enterprise()
    client, before = Client(), counted()
    with caplog.at_level(logging.INFO):
        page = client.get("/say/")
        client.get("/receipt/")
        send_form(client, page, {"body": "匿名说一句", "identity": "anonymous"})
    assert page.status_code == 200
    assert [route for route, status in counted().items() if before.get(route) != status and route[0]] == []
    assert [record for record in caplog.records if record.name == "lianxin.operations.middleware"] == []


@pytest.mark.django_db
def test_a_client_that_makes_up_methods_makes_no_figures(token):
    before = len(figures(Client()))
    for number in range(20):
        Client().generic(f"M{number}", "/sign-in/")
    assert len(figures(Client())) <= before + 20
