"""Each confidential case and its notices stand under another pseudonym of their requester, no longer all under one.

Who raised a case is opened with the seal key. A case that does not open was sealed with a key that is lost: nobody will
ever find it as its requester, and its tag becomes random, so that nothing joins it with others. If none at all opens,
the key is taken to be the wrong one, and nothing is changed; except while a backup without keys is being restored.
"""

import secrets
import uuid

from cryptography.exceptions import InvalidTag
from django.db import migrations

from lianxin.kernel.crypto import keyed_hash, unseal
from lianxin.kernel.cli_messages import Refusal

_PSEUDONYMS = 64


def _draw(case_id, sealed):
    """A new tag, and whether the name could be opened."""
    try:
        person_id = unseal("requester", bytes(sealed), bound_to=str(case_id))
    except InvalidTag:
        return secrets.token_bytes(32), False
    return keyed_hash("pseudonym", f"{person_id}|{secrets.randbelow(_PSEUDONYMS)}"), True


def _draw_for_all(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, requester_sealed FROM cases_case WHERE requester_tag IS NOT NULL")
        drawn = [(case_id, *_draw(case_id, sealed)) for case_id, sealed in cursor.fetchall()]
        if not drawn:
            return
        cursor.execute("SELECT to_regnamespace('lianxin_restore') IS NOT NULL")
        if not any(opened for *_case, opened in drawn) and not cursor.fetchone()[0]:
            raise Refusal(
                "这里的密钥打不开数据库里任何一个保密姓名，不是原来那一把。请先放回原来的 secrets/（或 LIANXIN_SEAL_KEY），再启动。",
                "The seal key here opens no confidential name of this database: it is not the one they were sealed with."
                " Put the old secrets/ (or LIANXIN_SEAL_KEY) back, then start again.",
            )
        # In no order that says anything: a dump shows rows as they were written.
        drawn.sort(key=lambda _row: uuid.uuid4().int)
        cursor.execute("CREATE TEMPORARY TABLE drawn (id uuid, tag bytea) ON COMMIT DROP")
        cursor.executemany("INSERT INTO drawn VALUES (%s, %s)", [(case_id, tag) for case_id, tag, _opened in drawn])
        cursor.execute("UPDATE cases_case SET requester_tag = drawn.tag FROM drawn WHERE cases_case.id = drawn.id")
        cursor.execute(
            "UPDATE notifications_notice SET recipient_tag = drawn.tag FROM drawn"
            " WHERE recipient_tag IS NOT NULL AND subject_type = 'case' AND subject_id = drawn.id::text"
        )
        cursor.execute("DROP TABLE drawn")


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_times_to_the_hour"), ("notifications", "0005_reading_in_secret")]

    operations = [migrations.RunPython(_draw_for_all, migrations.RunPython.noop)]
