"""A system is backed up while people work, and becomes itself again elsewhere; or nothing happens at all."""

import errno
import io
import json
import os
import subprocess
import tarfile
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.conf import settings as current
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ProgrammingError
from django.test import Client

from lianxin.accounts.services import issue_codes
from lianxin.cases.models import Attachment, Case
from lianxin.kernel import rate_limit, timezone
from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.crypto import keyed_hash
from lianxin.kernel.files import CleanFile, open_stored, store
from lianxin.kernel.sessions import stored_key
from lianxin.ledger.queries import events_of
from lianxin.ledger.queries.copying import tables_of_database
from lianxin.ledger.services import close_batch
from lianxin.ledger.verification import verify
from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Contact
from lianxin.notifications.services import deliver
from lianxin.notifications.services.channels.mail import Mail
from lianxin.operations.queries import examine, is_half_restored, last_backup
from lianxin.operations.services import archive, back_up, check, restore
from lianxin.operations.services import backup as backing
from lianxin.operations.services import postgres as programs
from tests.factories.accounts import account_of, sign_in
from tests.factories.cases import found_enterprise, replied, submit
from tests.operations.conftest import bar, everything, migrate
from tests.pages import post_raw

OWN = ("kernel_keyfingerprint", "ledger_origin", "notifications_hold")
"""What a restored system writes down itself."""
WORDS = "宿舍 热水 三楼 停了"


@pytest.fixture
def lived_in(transactional_db, data_dir):
    """A small enterprise with a few cases and a photo."""
    enterprise = found_enterprise()
    replied(enterprise, submit(enterprise.li_na).case)
    submit(enterprise.wang_fang, body="食堂的汤是凉的，\\N 也许\t一直如此。", identity="confidential")
    key = store(CleanFile("现场的说明".encode(), "text/plain", "txt", "a.txt"))
    return enterprise, key


def taken(tmp_path, **more):
    target = tmp_path / "backup.tar"
    back_up(target, begin=bar, **more)
    return target


def rewritten(source, target, **changes):
    """The archive again, whole, with other contents for some of its members."""
    with source.open("rb") as old, target.open("wb") as new:
        writer = archive.Writer(new)
        for member in archive.read(old):
            if member.kind != "complete":
                writer.add(member.name, changes.get(member.kind, lambda content: content)(member.content))
        writer.finish()
    return target


def test_everything_comes_back_elsewhere_and_goes_on(lived_in, tmp_path, elsewhere):
    enterprise, key = lived_in
    seal_key, before = current.LIANXIN_SEAL_KEY, everything()
    target = taken(tmp_path)
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("backup*")] == ["backup.tar"]
    assert abs((last_backup() - timezone.now()).total_seconds()) < 60

    data_dir = elsewhere()
    current.LIANXIN_SEAL_KEY = "another one"
    done = restore(target, begin=bar)
    after = everything()
    kept = {name: told for name, told in before.items() if name not in (*backing.LEFT_OUT, *OWN)}
    assert {name: after[name] for name in kept} == kept
    rows = sum(rows for name, (rows, _told) in before.items() if name not in backing.LEFT_OUT)
    assert (done.rows, done.files) == (rows, 1)
    assert {after[name][0] for name in backing.LEFT_OUT} == {0}
    with open_stored(key) as file:
        assert file.read().decode() == "现场的说明"
    assert current.LIANXIN_SEAL_KEY == seal_key == (data_dir / "secrets" / "lianxin_seal_key").read_text()
    assert (data_dir / "secrets" / "lianxin_seal_key").stat().st_mode & 0o777 == 0o600
    assert not is_half_restored()
    # Numbers go on where they were, and the record is still guarded.
    case = submit(enterprise.li_na).case
    assert Case.objects.filter(number=case.number).count() == 1
    with pytest.raises(ProgrammingError, match="neither changed nor deleted"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_event")
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('lianxin_app', 'ledger_event', 'UPDATE, DELETE')")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT has_table_privilege('lianxin_app', 'cases_case', 'UPDATE')")
        assert cursor.fetchone() == (True,)


def test_neither_archive_nor_restored_system_holds_a_session_a_code_or_a_limit(lived_in, tmp_path, elsewhere):
    enterprise, _ = lived_in
    client = sign_in(Client(), enterprise.li_na)
    issue_codes(actor=enterprise.security_admin, person_ids=[enterprise.wang_fang.pk])
    rate_limit.count("sign in", "somebody", per=timedelta(hours=1))
    key = client.cookies["lianxin_session"].value
    before = everything()
    filled = ("django_session", "accounts_signin", "accounts_activationcode", "kernel_throttle")
    assert [before[name][0] > 0 for name in filled] == [True] * 4
    target = taken(tmp_path)
    assert {check(target, begin=bar).manifest["rows"][name] for name in backing.LEFT_OUT} == {0}
    with target.open("rb") as file:
        dump = b"".join(member.content for member in archive.read(file) if member.kind == "database")
    plain = subprocess.run(
        [programs.programs()[-1].folder / "pg_restore", "--data-only", "--file=-"],
        input=dump, capture_output=True, check=True,
    ).stdout  # fmt: skip
    assert b"COPY public.cases_case " in plain
    for table in backing.LEFT_OUT:
        assert f"COPY public.{table} ".encode() not in plain
    for live in (key, stored_key(key)):
        assert live.encode() not in plain
    elsewhere()
    restore(target, begin=bar)
    after = everything()
    assert {after[name][0] for name in backing.LEFT_OUT} == {0}
    assert client.get("/me/").status_code == 302


def test_an_archive_of_before_that_holds_sessions_signs_nobody_in(lived_in, tmp_path, elsewhere, monkeypatch):
    enterprise, _ = lived_in
    client = sign_in(Client(), enterprise.li_na)
    monkeypatch.setattr(backing, "LEFT_OUT", ())
    target = taken(tmp_path)
    assert check(target, begin=bar).manifest["rows"]["django_session"] == 1
    monkeypatch.undo()
    elsewhere()
    restore(target, begin=bar)
    assert Session.objects.count() == 0
    assert client.get("/me/").status_code == 302


def test_a_file_that_is_gone_is_named_and_found_by_doctor(lived_in, tmp_path, capsys, data_dir):
    enterprise, _ = lived_in
    photo = CleanFile("现场".encode(), "text/plain", "txt", "a.txt")
    case = submit(enterprise.li_na, body="附件会丢的。", files=[photo]).case
    key = Attachment.objects.get(case=case).key
    assert [(one.level, one.says) for one in examine() if one.check == "files"] == [("ok", "附件都在")]
    call_command("backup", str(tmp_path / "whole.tar"))
    (Path(current.MEDIA_ROOT) / key).unlink()
    with pytest.raises(SystemExit) as status:
        call_command("backup", str(tmp_path / "backup.tar"))
    assert status.value.code == 2
    assert check(tmp_path / "backup.tar", begin=bar).files == 1, "the rest of it is there"
    told = capsys.readouterr().err
    assert f"缺 uploads/{key}（{case.number} 的附件）" in told
    assert "有 1 个文件在磁盘上已经没有了" in told
    (finding,) = [one for one in examine() if one.check == "files"]
    assert (finding.level, finding.says) == ("fail", f"磁盘上缺 1 个文件，属于 {case.number}")


def test_a_restored_system_writes_to_nobody_until_an_administrator_switches_mail_on(
    lived_in, tmp_path, elsewhere, settings, monkeypatch
):
    enterprise, _ = lived_in
    settings.DEMO = True  # no second step for this one
    outbox = []
    monkeypatch.setattr(Mail, "open", lambda _self: None)
    monkeypatch.setattr(Mail, "close", lambda _self: None)
    monkeypatch.setattr(Mail, "send", lambda _self, message: outbox.append(message) or "taken")
    now = timezone.now()
    for person in (enterprise.dispatcher, enterprise.li_na):
        Contact.objects.create(
            person=person, channel="mail", address=f"{person.employee_no}@example.com", asked_at=now, confirmed_at=now,
            wish=Frequency.AT_ONCE, quiet_from=time(0), quiet_until=time(0), working_days_only=False, hinted_until=now,
        )  # fmt: skip
    for person in (enterprise.dispatcher, enterprise.li_na, enterprise.system_admin):
        account_of(person)
    target = taken(tmp_path)
    elsewhere()
    restore(target, begin=bar)
    submit(enterprise.li_na, body="恢复以后说的。")
    assert (deliver(), outbox) == (0, [])
    with timezone.frozen(timezone.now() + timedelta(days=2)):
        assert (deliver(), outbox) == (0, [])
    (finding,) = [one for one in examine() if one.check == "deliveries"]
    assert finding.level == "warn"
    assert "没有开启邮件，邮件都留着不发" in finding.says

    stranger, admin = sign_in(Client(), enterprise.li_na), sign_in(Client(), enterprise.system_admin)
    assert post_raw(stranger, "/mail/switch-on/").status_code == 403
    assert deliver() == 0
    assert "这个系统是从备份恢复的" in admin.get("/mail/").content.decode()
    assert post_raw(admin, "/mail/switch-on/").status_code == 302
    assert "/mail/switch-on/" not in admin.get("/mail/").content.decode()
    assert events_of("notifications.channel", "mail").get().action == "switch_on"
    assert deliver() > 0
    assert outbox


def test_with_a_passphrase_nobody_reads_it_without(lived_in, tmp_path, elsewhere):
    target = taken(tmp_path, passphrase=WORDS)
    content = target.read_bytes()
    assert content.startswith(b"-----BEGIN AGE ENCRYPTED FILE-----\n")
    assert b"manifest.json" not in content
    elsewhere()
    for passphrase, why in ((None, "加了密"), ("别的口令", "口令不对")):
        with pytest.raises(Refusal, match=why):
            restore(target, passphrase=passphrase, begin=bar)
    restore(target, passphrase=WORDS, begin=bar)
    assert Case.objects.count() == 2


def test_without_keys_it_wants_the_right_one(lived_in, tmp_path, elsewhere):
    target = taken(tmp_path, with_keys=False)
    assert current.LIANXIN_SEAL_KEY.encode() not in target.read_bytes()
    key = current.LIANXIN_SEAL_KEY
    elsewhere()
    current.LIANXIN_SEAL_KEY = "another one"
    with pytest.raises(Refusal, match="不是原来那一把"):
        restore(target, begin=bar)
    assert connection.introspection.table_names() == []
    current.LIANXIN_SEAL_KEY = key
    restore(target, begin=bar)


def test_lost_keys_are_accepted_when_somebody_says_so(lived_in, tmp_path, elsewhere):
    target = taken(tmp_path, with_keys=False)
    elsewhere()
    current.LIANXIN_SEAL_KEY = "another one"
    restore(target, keys_are_lost=True, begin=bar)
    assert keyed_hash("backup", "which key").hex() != check(target, begin=bar).manifest["key_check"]


def test_an_environment_with_another_key_is_refused(lived_in, tmp_path, elsewhere, monkeypatch):
    target = taken(tmp_path)
    elsewhere()
    monkeypatch.setenv("LIANXIN_SEAL_KEY", "another one")
    with pytest.raises(Refusal, match="LIANXIN_SEAL_KEY 和备份里的不同"):
        restore(target, begin=bar)


@pytest.mark.stress
def test_a_migrated_but_empty_system_is_empty_and_a_used_one_is_not(lived_in, tmp_path, elsewhere):
    target = taken(tmp_path)
    elsewhere()
    migrate()
    restore(target, begin=bar)
    before = everything()
    with pytest.raises(Refusal, match="已经有数据"):
        restore(target, begin=bar)
    assert everything() == before


def test_a_database_of_something_else_is_left_alone(lived_in, tmp_path, elsewhere):
    target = taken(tmp_path)
    elsewhere()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE payroll (name text)")
    with pytest.raises(Refusal, match="已经有数据"):
        restore(target, begin=bar)
    assert connection.introspection.table_names() == ["payroll"]


def test_what_is_damaged_or_newer_is_refused_before_anything_is_touched(lived_in, tmp_path, elsewhere):
    target = taken(tmp_path)
    whole = target.read_bytes()

    def newer(content):
        manifest = json.loads(content)
        manifest["migrations"]["cases"].append("9999_from_the_future")
        return json.dumps(manifest).encode()

    broken = {
        "不完整": whole[: len(whole) // 2],
        "损坏": whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :],
        "不是连心桥": b"PK\x03\x04" + os.urandom(5000),
        "较新的连心桥": rewritten(target, tmp_path / "newer.tar", manifest=newer).read_bytes(),
    }
    elsewhere()
    for why, content in broken.items():
        target.write_bytes(content)
        with pytest.raises(Refusal, match=rf"{why}|损坏"):
            restore(target, begin=bar)
        assert connection.introspection.table_names() == []
        assert not is_half_restored()


OLDER = [("cases", "0003_defaults"), ("org", "0002_separated_administrators"), ("ledger", "0002_append_only")]
"""What there was before board, figures, search, mail and roster."""


def lived_in_when_it_was_older():
    """A migrated system of that time, with a case; written with the models of that time."""
    executor = MigrationExecutor(connection)
    executor.migrate([*OLDER, ("accounts", "0001_initial"), ("sessions", "0001_initial")])
    then = MigrationExecutor(connection).loader.project_state(OLDER).apps
    unit = then.get_model("org", "Unit").objects.create(path="0001", depth=1, numchild=0, name="光明供电", code="1")
    li_na = then.get_model("org", "Person").objects.create(name="李娜", employee_no="1")
    case = then.get_model("cases", "Case").objects.create(
        number="LX-2611-0001",
        kind="help",
        title="没有热水",
        body="宿舍三楼没有热水。",
        identity="named",
        requester=li_na,
        place_unit=unit,
        submitted_at=timezone.now(),
    )
    then.get_model("ledger", "Event").objects.create(
        subject_type="case", subject_id="1", action="submit", at=timezone.now(), data={"share": 0.5}
    )
    return case.pk


@pytest.mark.stress
def test_an_archive_of_an_older_version_is_brought_up_to_this_one(tmp_path, elsewhere):
    elsewhere()
    case_id = lived_in_when_it_was_older()
    assert "board_post" not in connection.introspection.table_names()
    target = taken(tmp_path)
    elsewhere()
    restore(target, begin=bar)
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    case = Case.objects.select_related("place_unit", "requester").get()
    assert (case.pk, case.body, case.place_unit.name, case.requester.name) == (
        case_id, "宿舍三楼没有热水。", "光明供电", "李娜",
    )  # fmt: skip
    assert not is_half_restored()
    assert close_batch().pads == 254  # the event of that time, and the one that opens the record
    assert verify(tables_of_database).findings == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('lianxin_app', 'board_post', 'INSERT')")
        assert cursor.fetchone() == (True,)


def test_a_dump_that_cannot_be_loaded_or_lacks_rows_leaves_the_system_as_empty_as_before(lived_in, tmp_path, elsewhere):
    _, key = lived_in
    target = taken(tmp_path)

    def more_rows(content):
        manifest = json.loads(content)
        manifest["rows"]["cases_case"] += 1
        return json.dumps(manifest).encode()

    broken = [
        rewritten(target, tmp_path / "1.tar", database=lambda content: content[: len(content) // 2]),
        rewritten(target, tmp_path / "2.tar", database=lambda _content: b"DROP TABLE cases_case;"),
        rewritten(target, tmp_path / "3.tar", manifest=more_rows),
    ]
    elsewhere()
    for path in broken:
        with pytest.raises(Refusal):
            restore(path, begin=bar)
        assert connection.introspection.table_names() == []
        assert not is_half_restored()
        with pytest.raises(FileNotFoundError):
            open_stored(key)
    restore(target, begin=bar)


def test_a_restore_that_was_killed_is_said_and_can_be_repeated(lived_in, tmp_path, elsewhere):
    target = taken(tmp_path)
    data_dir = elsewhere()
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA lianxin_restore")  # what a killed one leaves, and files without rows
    left = data_dir / "uploads" / "ab" / ("ab" * 16)
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left")
    assert is_half_restored()
    restore(target, begin=bar)
    assert not is_half_restored()
    assert not left.exists()


def test_rows_and_files_that_come_during_a_backup_do_no_harm(lived_in, tmp_path, elsewhere, monkeypatch):
    enterprise, _ = lived_in
    before = everything()
    dumping = backing.dumping

    def meanwhile(*words, **more):
        submit(enterprise.li_na, body="备份的时候说的。")
        store(CleanFile(b"new", "text/plain", "txt", "b.txt"))
        return dumping(*words, **more)

    monkeypatch.setattr(backing, "dumping", meanwhile)
    target = taken(tmp_path)
    elsewhere()
    restore(target, begin=bar)
    after = everything()
    kept = set(before).difference(backing.LEFT_OUT, OWN)
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_an_existing_file_or_one_being_written_is_not_overwritten(lived_in, tmp_path):
    target = taken(tmp_path)
    with pytest.raises(Refusal, match="已存在"):
        taken(tmp_path)
    assert check(target, begin=bar).files == 1
    left = tmp_path / "other.tar.partial"
    left.write_bytes(b"of a backup that was killed" * 1000)
    back_up(tmp_path / "other.tar", begin=bar)
    assert check(tmp_path / "other.tar", begin=bar).files == 1
    assert not left.exists()


def test_a_full_disk_leaves_nothing_half(lived_in, tmp_path, monkeypatch):
    add = archive.Writer.add

    def full(self, name, *words):
        if name.startswith("uploads/"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        add(self, name, *words)

    monkeypatch.setattr(archive.Writer, "add", full)
    with pytest.raises(Refusal, match="磁盘已满"):
        taken(tmp_path)
    assert list(tmp_path.glob("backup*")) == []
    assert last_backup() is None


def test_a_server_that_is_too_new_or_wants_tls_is_said_plainly(monkeypatch):
    with pytest.raises(Refusal, match="postgresql-client-99"):
        programs.for_dumping(99, encrypted=False)
    own = programs.find_binaries()
    monkeypatch.setattr(programs, "programs", lambda: (programs.Programs(18, own),))
    assert programs.for_dumping(15, encrypted=False) == own
    with pytest.raises(Refusal, match="不会 TLS"):
        programs.for_dumping(15, encrypted=True)


def test_any_tar_and_pg_restore_open_it_by_hand(lived_in, tmp_path):
    target = taken(tmp_path)
    with tarfile.open(target) as tar:
        dump = io.BytesIO(b"".join(tar.extractfile(m).read() for m in tar if m.name.startswith("database/")))
    assert dump.getvalue().startswith(b"PGDMP")


def test_it_runs_in_no_transaction_of_ours(lived_in, tmp_path):
    with transaction.atomic():
        taken(tmp_path)
        assert Case.objects.count() == 2
