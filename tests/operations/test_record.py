"""`lianxin verify-record` on the database, an archive and dumps; erasing; restoring."""

import json
import subprocess
from base64 import b64encode
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from lianxin.kernel import timezone
from lianxin.kernel.cli_messages import Refusal
from lianxin.ledger.models import Batch, Event, Origin
from lianxin.ledger.queries import latest_checkpoint, proof_of
from lianxin.ledger.services import close_batch
from lianxin.operations.queries import examine
from lianxin.operations.services import back_up, restore
from lianxin.operations.services.postgres import programs
from tests.factories.cases import found_enterprise, submit
from tests.ledger.conftest import TEN, hour, one_event, three_hours, unguarded  # noqa: F401 - a fixture
from tests.ledger.conftest import owner as owner  # noqa: PLC0414 - a fixture
from tests.operations.conftest import bar

PASSPHRASE = "十里长堤 柳色青青"


@pytest.fixture
def record(transactional_db, data_dir):
    three_hours()
    return latest_checkpoint().note


def said(capsys, *words):
    """What `verify-record` says, and its exit status."""
    try:
        call_command("verify_record", *map(str, words))
        status = 0
    except SystemExit as end:
        status = end.code
    return capsys.readouterr().out, status


def dumped(target, form):
    info = connection.settings_dict
    address = f"host={info['HOST']} port={info['PORT']} user={info['USER']} dbname={info['NAME']}"
    words = [programs()[-1].folder / "pg_dump", f"--format={form}", f"--file={target}", "--no-owner", f"-d{address}"]
    subprocess.run(words, check=True, env={"PGPASSWORD": info["PASSWORD"]}, capture_output=True)
    return target


def test_a_whole_record_and_the_checkpoint_it_stood_at(record, capsys, tmp_path):
    kept = tmp_path / "昨天的邮件.txt"
    kept.write_text(f"您好：\n{record}\n此致", encoding="utf-8")
    told, status = said(capsys, "--since", kept, "--key", Origin.objects.get().key)
    assert status == 0
    assert "311 个事件（0 个等下一个整点），依法删除 0 个，3 批，共 1024 项" in told
    assert b64encode(bytes(Batch.objects.get(no=2).root)).decode() in told
    assert "对照了 1 个校验点" in told
    assert told.endswith("✓ 记录完好。\n")


def test_what_was_done_to_it_is_said(record, capsys, unguarded, tmp_path):  # noqa: F811
    changed, removed = one_event(action="step4"), one_event(action="step7")
    with unguarded() as owner:
        owner.execute("UPDATE ledger_event SET role = 'leader' WHERE id = %s", [changed.pk])
        owner.execute("DELETE FROM ledger_event WHERE id = %s", [removed.pk])
    told, status = said(capsys)
    assert status == 1
    assert f"✗ 改动了：2026-11-30 18:20 的 {changed.pk} · case 7 · step4" in told
    assert "✗ 删除了 1 个事件：第 0 批，2026-11-30 19:00" in told
    assert told.endswith("✗ 记录不是原来的样子。\n")
    target = tmp_path / "backup.tar"
    back_up(target, begin=bar)
    assert said(capsys, "--file", target) == (told, 1)


def test_archives_and_dumps_are_verified_without_a_database(
    record, capsys, tmp_path, django_assert_num_queries, monkeypatch
):
    submit(found_enterprise().li_na, body="一段\t有\\符号 \\N 的话\n两行")
    whole = said(capsys)
    files = {name: tmp_path / name for name in ("plain.tar", "sealed.tar.age", "dump.sql", "dump.custom")}
    back_up(files["plain.tar"], begin=bar)
    back_up(files["sealed.tar.age"], passphrase=PASSPHRASE, begin=bar)
    dumped(files["dump.sql"], "plain")
    dumped(files["dump.custom"], "custom")
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    with django_assert_num_queries(0):
        told = {name: said(capsys, "--file", file, "--passphrase-file", secret) for name, file in files.items()}
    assert told == dict.fromkeys(files, whole)
    assert whole[1] == 0
    with pytest.raises(Refusal, match="加了密"):
        said(capsys, "--file", files["sealed.tar.age"])
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8 no dump at all")
    with pytest.raises(Refusal, match="不是连心桥的备份"):
        said(capsys, "--file", tmp_path / "photo.jpg")
    (tmp_path / "torn").write_bytes(files["dump.custom"].read_bytes()[:4000])
    with pytest.raises(Refusal, match="读不了这个数据库备份"):
        said(capsys, "--file", tmp_path / "torn")


def test_a_proof_is_checked_with_what_was_published(record, capsys, tmp_path):
    case = submit(found_enterprise().li_na).case
    hour(5)
    told = proof_of(Event.objects.get(subject_id=str(case.pk), action="submit").pk)
    file, published = tmp_path / "proof.json", tmp_path / "wall.txt"
    file.write_text(json.dumps(told))
    published.write_text(told["checkpoint"])
    text, status = said(capsys, "--proof", file, "--since", published)
    assert (status, text.startswith(f"✓ {case.number} 在记录里：submit，20")) == (0, True)
    assert "没有给出公布的校验点" not in text
    assert "没有给出公布的校验点" in said(capsys, "--proof", file)[0]
    file.write_text(json.dumps(told | {"event": told["event"].replace("submit", "import")}))
    assert said(capsys, "--proof", file) == ("✗ 证明不成立。\n", 1)
    for name, match in ((published, "没有记录证明"), (tmp_path / "none", "没有这个文件")):
        with pytest.raises(Refusal, match=match):
            said(capsys, "--proof", name)
    with pytest.raises(Refusal, match="没有校验点"):
        said(capsys, "--since", file)
    with pytest.raises(Refusal, match="不是记录的公钥"):
        said(capsys, "--key", "x")


def test_only_an_audit_administrator_answers_for_an_erasure(record, capsys):
    enterprise = found_enterprise()
    for number in (enterprise.li_na.employee_no, "nobody"):
        with pytest.raises(Refusal, match="不是审计管理员"):
            call_command("erase_event", str(one_event(action="step4").pk), ground="x", by=number)
    number = enterprise.audit_admin.employee_no
    with pytest.raises(Refusal, match="没有这个事件"):
        call_command("erase_event", "00000000-0000-4000-8000-000000000000", ground="x", by=number)


def test_a_restored_system_goes_on_under_another_name_and_says_so(record, capsys, tmp_path, elsewhere):
    earlier = tmp_path / "earlier.tar"
    back_up(earlier, begin=bar)
    hour(3, {"action": "close"})
    lost = tmp_path / "lost.txt"
    lost.write_text(latest_checkpoint().note)
    kept = tmp_path / "kept.txt"
    kept.write_text(record)
    elsewhere()
    restore(earlier, begin=bar)
    with timezone.frozen(TEN + timedelta(hours=5)):
        close_batch()
    opened = Event.objects.get(subject_type="ledger.origin", subject_id="2")
    assert (opened.data["name"], opened.data["reason"]) == ("say.example.com/record/2", "restored")
    assert opened.data["after"]["size"] == 1024
    told, status = said(capsys, "--since", kept)
    assert (status, "改名为 say.example.com/record/2" in told) == (0, True)
    told, status = said(capsys, "--since", lost)
    assert (status, "其间的事件没有了：say.example.com/record 1280" in told) == (1, True)


def test_doctor_says_when_checkpoints_stop(record):
    said_by = lambda: next(finding for finding in examine() if finding.check == "record")  # noqa: E731
    with timezone.frozen(TEN + timedelta(hours=4)):
        assert said_by().level == "ok"
    with timezone.frozen(TEN + timedelta(hours=6)):
        assert (said_by().level, said_by().says) == ("warn", "从 2026-11-30 21:00 起没有新的校验点")
