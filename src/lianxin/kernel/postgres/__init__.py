"""The embedded PostgreSQL: a server of our own in the data directory, for a system without `DATABASE_URL`.

See docs/decisions/0002-embedded-postgresql.md for why each of the precautions in here is needed.
"""

from lianxin.kernel.postgres.errors import PostgresUnavailable
from lianxin.kernel.postgres.server import Server, embedded_server

__all__ = ["PostgresUnavailable", "Server", "embedded_server"]
