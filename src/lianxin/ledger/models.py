"""The record: one row for every action, never changed, never deleted; and the hash tree that proves it."""

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact

from lianxin.kernel.models import AppendOnly, BaseModel
from lianxin.kernel.triggers import Trigger
from lianxin.ledger.entries import TILE
from lianxin.ledger.enums import Beginning
from lianxin.ledger.merkle import SIZE


class RandomSalt(Func):
    """32 bytes that the database draws itself, so that no row lacks them, however it is written."""

    template = "sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))"
    output_field = models.BinaryField()


def _bytes(column: str, size: int, name: str) -> models.CheckConstraint:
    length = Func(F(column), function="octet_length", output_field=models.IntegerField())
    return models.CheckConstraint(condition=Exact(length, size), name=name)


class Event(AppendOnly, BaseModel):
    """Who did what to which object, from which state to which, when, with what.

    `actor` is empty when the clock acted, or a requester whose name is not to be stored; `role` says in what capacity
    ("requester", "dispatcher", "clock" …). `data` holds codes, ids and times, never a person's text. `version` is the
    object's version after the act: with it, and then with `at`, the events of one object are put in order. The id is
    random, so that the record tells no order across objects that the times do not tell. `salt` hides in the tree what
    the event says (see `entries`).
    """

    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, blank=True)
    version = models.IntegerField(default=0)
    actor = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=30, blank=True)
    internal = models.BooleanField(default=False)
    at = models.DateTimeField(db_index=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    salt = models.BinaryField(db_default=RandomSalt(), editable=False)

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "version"], name="event_subject"),
            # The audit trail leaves out the cases, whose events are a hundred times as many.
            models.Index(fields=["-at", "id"], condition=~Q(subject_type="case"), name="event_not_of_cases"),
        ]
        constraints = [_bytes("salt", SIZE, "event_salt_size")]
        triggers = [
            *AppendOnly.Meta.triggers,
            Trigger(
                name="await_batch",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func="INSERT INTO ledger_pending SELECT id FROM added; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.action}"


class Pending(models.Model):
    """An event that waits for the next batch."""

    event_id = models.UUIDField(primary_key=True)

    def __str__(self) -> str:
        return str(self.event_id)


class Origin(AppendOnly):
    """A name under which checkpoints are signed, with its key.

    The record gets a new one when it cannot go on where others know it to be: the entries stay, those that were lost
    are missing, and the first event under the new name says why (see `services.closing`).
    """

    no = models.IntegerField(primary_key=True)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=400)
    """As `notes.Verifier` writes it."""
    reason = models.CharField(max_length=20, choices=Beginning)

    class Meta(AppendOnly.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class Batch(AppendOnly):
    """What was added to the tree at one time: full tiles of sorted leaves, filled up with pads.

    `size` and `root` are those of the whole tree with it; `pad_seed` makes the pads.
    """

    no = models.IntegerField(primary_key=True)
    origin = models.ForeignKey(Origin, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(unique=True)
    size = models.BigIntegerField(unique=True)
    pads = models.IntegerField()
    pad_seed = models.BinaryField()
    root = models.BinaryField()

    class Meta(AppendOnly.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(Exact(F("size") % TILE, 0), size__gt=0, pads__gte=0, pads__lte=TILE), name="batch_full"
            ),
            _bytes("pad_seed", SIZE, "batch_pad_seed_size"),
            _bytes("root", SIZE, "batch_root_size"),
        ]

    def __str__(self) -> str:
        return f"{self.no}: {self.size}"


class Tile(AppendOnly):
    """256 leaves in their order, and their root."""

    n = models.BigIntegerField(primary_key=True)
    hashes = models.BinaryField()
    root = models.BinaryField()

    class Meta(AppendOnly.Meta):
        constraints = [_bytes("hashes", TILE * SIZE, "tile_hashes_size"), _bytes("root", SIZE, "tile_root_size")]

    def __str__(self) -> str:
        return str(self.n)


class Checkpoint(AppendOnly):
    """The signed note of a batch (see `notes`)."""

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, primary_key=True)
    note = models.TextField()

    class Meta(AppendOnly.Meta):
        pass

    def __str__(self) -> str:
        return self.note.partition("\n")[0]


class Erased(AppendOnly):
    """The leaf of an event that was erased by law; `erased_by` is the event that says so."""

    leaf = models.BinaryField(primary_key=True)
    erased_by = models.UUIDField()

    class Meta(AppendOnly.Meta):
        constraints = [_bytes("leaf", SIZE, "erased_leaf_size")]

    def __str__(self) -> str:
        return bytes(self.leaf).hex()
