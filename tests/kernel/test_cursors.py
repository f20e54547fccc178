import pytest
from django.db import connection

from lianxin.kernel.cursors import PreparedCursor
from lianxin.kernel.rows import prepared


def asked(words, values=None):
    with prepared() as cursor:
        cursor.execute(words, values)
        return cursor.fetchone()


def test_values_stand_beside_the_words_by_place_or_by_name(db):
    assert asked("SELECT %s::int, %s::text", [7, "%s"]) == (7, "%s")
    assert asked("SELECT %(b)s::int, %(a)s::text, %(b)s::int + 1", {"a": "甲", "b": 7, "unused": 1}) == (7, "甲", 8)


def test_a_percent_sign_is_doubled_where_there_are_values_and_only_there(db):
    assert asked("SELECT 7 %% %s::int, '100%%s'", [4]) == (3, "100%s")
    assert asked("SELECT 7 % 4, '100%'") == (3, "100%")


def test_a_name_that_is_not_given_is_an_error(db):
    with pytest.raises(KeyError, match="unit"):
        asked("SELECT %(unit)s::int", {"person": 1})


def test_many_are_sent_one_after_the_other(db):
    with prepared() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE sent (n int, word text)")
        cursor.executemany("INSERT INTO sent VALUES (%(n)s, %(word)s)", [{"n": n, "word": "%s"} for n in range(3)])
    assert asked("SELECT array_agg(n ORDER BY n), min(word) FROM sent", []) == ([0, 1, 2], "%s")


def test_of_a_long_statement_with_many_values_the_places_are_looked_for_once(db, monkeypatch):
    """psycopg's own cursor looks for them anew from 4096 characters or fifty values on."""
    words = f"SELECT {' + '.join(['%s::int'] * 60)} /* {'长' * 5000} */"
    assert asked(words, range(60)) == (1770,)
    looked = []
    monkeypatch.setattr("psycopg._queries._query2pg_nocache", lambda *given: looked.append(given))
    assert asked(words, range(60)) == (1770,)
    assert looked == []


def test_it_is_kept_planned(db):
    with prepared() as cursor:
        assert isinstance(cursor.cursor, PreparedCursor)
        for _ in range(6):
            cursor.execute("SELECT %(n)s::int /* kept */", {"n": 1})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1::int /* kept */'")
        assert cursor.fetchone() == (1,)
