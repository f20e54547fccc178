"""Whose notice is it: openly addressed, or by a keyed hash that only the recipient's own sign-in can compute."""

from django.db.models import Q

from lianxin.kernel.seal import keyed_hash
from lianxin.org.queries import Person


def secret_address(person_id: int) -> bytes:
    """The tag under which a person receives what must not be addressed by name."""
    return keyed_hash("notice", str(person_id))


def addressed_to(person: Person) -> Q:
    """Notices of a person, openly or secretly addressed."""
    return Q(recipient=person.pk) | Q(recipient_tag=secret_address(person.pk))
