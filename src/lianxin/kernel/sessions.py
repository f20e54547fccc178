"""Sessions in PostgreSQL that tell a reader of the database nothing.

Django's own engine keeps the moment at which a session was last saved, and its content readable; either could be laid
beside the time of an anonymous message. It also keeps the very key that stands in the browser's cookie, so that whoever
reads the table can put it into a cookie of their own. Here the content is sealed, a session ends with a day, and in the
place of the key stands a keyed hash of it.
"""

import base64
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError

from lianxin.kernel import timezone
from lianxin.kernel.crypto import keyed_hash, seal, unseal

_PURPOSE = "session"
_KEY_LENGTH = 40  # as long as Django's column is


def stored_key(session_key: str) -> str:
    """What the database keeps in the place of a session's key; the key cannot be worked out from it."""
    return keyed_hash("session key", session_key).hex()[:_KEY_LENGTH]


class SessionStore(DatabaseStore):
    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """The end of the day on which the session expires."""
        day = timezone.day_of(super().get_expiry_date(**kwargs))
        return datetime.combine(day + timedelta(days=1), time(), timezone.zone())

    def load(self) -> dict[str, Any]:
        """The content of the session; empty when there is none, or no longer."""
        if self.session_key:
            living = Session.objects.filter(pk=stored_key(self.session_key), expire_date__gt=timezone.now())
            if (found := living.values_list("session_data", flat=True).first()) is not None:
                return self.decode(found)
        self._session_key = None
        return {}

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of this key."""
        return super().exists(stored_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row to be saved."""
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """End the session, or the one of the key."""
        key = session_key or self.session_key
        if key:
            super().delete(stored_key(key))

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


def take_out(stored_keys: Iterable[str], name: str) -> None:
    """Take one thing out of the content of these sessions, known by what the database keeps of their keys."""
    store = SessionStore()
    for row in Session.objects.select_for_update().filter(pk__in=list(stored_keys)):
        content = store.decode(row.session_data)
        if content.pop(name, None) is not None:
            row.session_data = store.encode(content)
            row.save(update_fields=["session_data"])
