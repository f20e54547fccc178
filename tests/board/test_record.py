"""The record for everybody: pages, addresses for programs, a feed, a mail; and the proof of a case."""

import re
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lianxin.board.services import RECORD, send_checkpoint
from lianxin.kernel import timezone
from lianxin.ledger import merkle
from lianxin.ledger.models import Batch, Origin
from lianxin.ledger.notes import Signer, notes_in
from lianxin.ledger.proofs import Proof, checker
from lianxin.ledger.queries import first_proof_of
from lianxin.ledger.services import close_batch
from lianxin.notifications.models import Contact, Notice
from lianxin.notifications.services.message_builder import standing_of, telling
from tests.factories.cases import found_enterprise, submit
from tests.ledger.conftest import hour, notes, three_hours
from tests.pages import send_form
from tests.queries import count_queries


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def house(db):
    return found_enterprise()


def text(address, client=None):
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_before_the_first_checkpoint_the_page_says_when_it_comes(db):
    assert "还没有校验点" in text("/record/")
    assert Client().get("/record/checkpoint").status_code == 404
    assert text("/record/print/")
    assert ET.fromstring(text("/record/feed/")).tag.endswith("feed")  # noqa: S314 - our own


def test_anybody_can_check_the_record_from_outside(db):
    three_hours()
    (newest,) = notes_in(text("/record/checkpoint"))
    assert newest.text == notes()[-1] == text("/record/1024/checkpoint")
    (earlier,) = notes_in(text("/record/256/checkpoint"))
    proof = [b64decode(line) for line in text("/record/consistency/256/1024").split()]
    assert merkle.proves_consistency(
        first=256, second=1024, first_root=earlier.root, second_root=newest.root, proof=proof
    )
    leaves = b"".join(Client().get(f"/record/tile/0/{number}").content for number in range(4))
    assert merkle.root([leaves[at : at + 32] for at in range(0, len(leaves), 32)]) == newest.root
    for address in ("/record/300/checkpoint", "/record/consistency/256/300", "/record/tile/0/4"):
        assert Client().get(address).status_code == 404
    answer = Client().get("/record/tile/0/0")
    assert "immutable" in answer["Cache-Control"]
    assert "Set-Cookie" not in answer


def test_the_page_shows_the_checkpoint_of_the_day_and_all_before(db):
    for number in range(0, 60, 6):
        hour(number)
    page = text("/record/")
    assert page.count("say.example.com/record ·") == 4
    assert f"/record/{Batch.objects.get(no=9).size}/checkpoint" in page
    first, *rest = notes()[9].splitlines()
    assert first in page
    assert all(line in page for line in rest if line)
    assert rest[1] in text("/record/print/")
    feed = ET.fromstring(text("/record/feed/"))  # noqa: S314 - our own
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    assert [notes_in(entry.findtext("{http://www.w3.org/2005/Atom}summary"))[0].text for entry in entries] == [
        notes()[number] for number in (9, 5, 1, 0)
    ]


def test_the_page_asks_no_more_the_longer_the_record_is(db):
    hour(0)
    short = count_queries(lambda: text("/record/"))
    for number in range(24, 24 * 6, 24):
        hour(number)
    assert count_queries(lambda: text("/record/")) == short


def test_the_board_names_the_checkpoint(house, browser_of):
    assert "记录和校验点" in text("/board/", browser_of(house.li_na))
    close_batch()
    assert "校验点 256" in text("/board/", browser_of(house.li_na))


def test_another_name_is_said_on_the_page(db, settings):
    hour(0)
    assert "更换了签名密钥" not in text("/record/")
    settings.LIANXIN_RECORD_KEY = "another"
    hour(1)
    assert "say.example.com/record/2 · 更换了签名密钥" in text("/record/")


def test_the_audit_administrator_gets_it_by_mail_once_a_day(house):
    assert send_checkpoint() == 0
    close_batch()
    assert (send_checkpoint(), send_checkpoint()) == (1, 0)
    notice, now = Notice.objects.get(subject_type=RECORD), timezone.now()
    assert notice.recipient == house.audit_admin
    contact = Contact.objects.create(
        person=house.audit_admin, channel="mail", address="shen@example.com", asked_at=now, hinted_until=now
    )
    message = telling(contact, Contact(), standing_of(house.audit_admin, [notice]))
    told = "\n\n".join(item.text for item in message.items)
    assert notes_in(told)[0].text == notes()[0]
    assert message.items[0].url == "https://say.example.com/record/"


def test_the_audit_trail_tells_of_names_of_the_record(house, browser_of):
    close_batch()
    page = text(reverse("org:trail"), browser_of(house.audit_admin))
    assert "记录的名称" in page
    assert "say.example.com/record" in page


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_the_script_of_the_guide_checks_from_outside(transactional_db, live_server, tmp_path):
    three_hours()
    guide = (Path(__file__).parents[2] / "docs" / "admin" / "record.md").read_text(encoding="utf-8")
    script, kept = tmp_path / "check.py", tmp_path / "kept.txt"
    script.write_text(re.search(r"```python\n(.*?)```", guide, re.DOTALL)[1], encoding="utf-8")

    def checked(note):
        kept.write_text(note, encoding="utf-8")
        words = [sys.executable, script, live_server.url, Origin.objects.get().key, kept]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr.strip().rpartition("\n")[2]

    for note, size in zip(notes(), (256, 512, 1024), strict=True):
        assert checked(note) == (0, f"{size} -> 1024: the same record\n")
    signer = Signer(Origin.objects.get().name, settings.LIANXIN_RECORD_KEY)
    assert checked(signer.sign(512, merkle.EMPTY)) == (1, "512 -> 1024: HISTORY WAS CHANGED\n")
    other = Signer(Origin.objects.get().name, "another key")
    assert checked(other.sign(512, merkle.EMPTY)) == (1, "AssertionError: the signature is wrong")


# The proof of a case


def proof_in(answer):
    assert answer["Content-Disposition"].startswith("attachment")
    return Proof.parse(answer.content.decode())


def test_a_requester_takes_a_proof_along(house, browser_of):
    case, client = submit(house.li_na).case, browser_of(house.li_na)
    address = f"/case/{case.pk}/proof/"
    assert address in text(f"/case/{case.pk}/", client)
    assert "整点" in client.get(address, follow=True).content.decode()
    close_batch()
    answer = client.get(address)
    assert f"证明-{case.number}.html" in unquote(answer["Content-Disposition"])
    proof = proof_in(answer)
    assert proof.holds()
    assert (proof.event["action"], proof.event["data"]["number"]) == ("submit", case.number)
    assert "李娜" not in answer.content.decode()
    assert f'"{house.li_na.pk}"' not in proof.entry.event.decode()
    for other in (house.dispatcher, house.wang_fang):
        assert browser_of(other).get(address).status_code in (403, 404)


def test_so_does_whoever_has_the_receipt(house):
    submitted = submit(None, identity="anonymous")
    close_batch()
    client = Client()
    send_form(client, "/receipt/", {"code": submitted.receipt})
    proof = proof_in(client.get("/receipt/case/proof/"))
    assert proof.holds()
    assert (proof.event["actor"], proof.event["data"]["number"]) == (None, submitted.case.number)
    assert proof.event["at"].endswith(":00:00.000000Z")
    assert Client().get("/receipt/case/proof/").status_code == 302


@pytest.mark.browser
def test_the_page_checks_itself_without_a_network(house, chromium, tmp_path):
    case = submit(house.li_na).case
    close_batch()
    told = first_proof_of("case", case.pk)
    file, empty = tmp_path / "proof.html", tmp_path / "checker.html"
    file.write_text(checker(told), encoding="utf-8")
    empty.write_text(checker(), encoding="utf-8")
    context = chromium.new_context(offline=True)
    try:
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        result = page.locator("#result")
        assert f"✓ {case.number} 在记录里" in result.inner_text()
        page.fill("#note", told["checkpoint"])
        assert "✓ 和公布的校验点一致" in result.inner_text()
        page.fill("#note", told["checkpoint"].replace("\n256\n", "\n512\n"))
        assert "✗ 粘贴的校验点不是这把密钥签的" in result.inner_text()
        for name, other in (
            ("event", told["event"].replace("submit", "import")),
            ("index", told["index"] ^ 1),
            ("salt", "00" * 32),
            ("key", told["key"].replace("example", "elsewhere")),
            ("checkpoint", told["checkpoint"][:-12] + "A" * 10 + "=\n"),
            ("proof", told["proof"][1:]),
        ):
            file.write_text(checker(told | {name: other}), encoding="utf-8")
            page.goto(empty.as_uri())
            page.set_input_files("#file", file)
            page.locator("#result .bad").wait_for()
            assert "✗ 证明不成立" in result.inner_text(), name
        assert {url.split(":")[0] for url in asked} == {"file"}
    finally:
        context.close()
