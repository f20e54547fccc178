"""Sessions in PostgreSQL that tell a reader of the database nothing.

Django's own engine keeps the moment at which a session was last saved, and its content readable; either could be laid
beside the time of an anonymous message. Here the content is sealed, and a session ends with a day.
"""

import base64
from datetime import datetime, time, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import InterfaceError, OperationalError

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

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Keep the content. A database that is away is told as such, and not as a session that was ended (a 400)."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise

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
