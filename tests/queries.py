"""How many statements something costs: pages ask the same number for three rows and for thirty."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def count_queries(call):
    """Call it; return how many statements it sent."""
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)
