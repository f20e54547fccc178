"""Sessions in PostgreSQL that tell a reader of the database nothing.

Django's own engine keeps the moment at which a session was last saved, and its content readable; either could be laid
beside the time of an anonymous message. Here the content is sealed, and a session ends with a day.
"""

import base64
from datetime import datetime, time, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from lianxin.kernel import clock
from lianxin.kernel.rows import prepared
from lianxin.kernel.seal import seal, unseal

_PURPOSE = "session"
_LIVING = 'SELECT session_data FROM "django_session" WHERE session_key = %s AND expire_date > %s'


class SessionStore(DatabaseStore):
    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """The end of the day on which the session expires."""
        day = super().get_expiry_date(**kwargs).astimezone(clock.zone()).date()
        return datetime.combine(day + timedelta(days=1), time(), clock.zone())

    def load(self) -> dict[str, Any]:
        """The content of the session; empty when there is none, or no longer."""
        with prepared() as cursor:
            cursor.execute(_LIVING, [self.session_key, clock.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    def encode(self, session_dict: dict[str, Any]) -> str:
        plain = self.serializer().dumps(session_dict).decode("latin-1")
        return base64.b64encode(seal(_PURPOSE, plain, bound_to="")).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The content; empty when it was sealed with another key or is damaged."""
        try:
            plain = unseal(_PURPOSE, base64.b64decode(session_data), bound_to="")
        except (InvalidTag, ValueError):
            return {}
        return self.serializer().loads(plain.encode("latin-1"))
