"""What the logs and the job queue say about people: nothing."""

import re

from lianxin.kernel.postgres.home import Home
from tests.processes.house import PASSWORD, PEOPLE
from tests.processes.system import Browser, System

ADDRESS = "127.0.0.77"
CANARY = "金丝雀"


def test_logs_and_jobs_tell_of_nobody(peopled):
    system = System(peopled, LIANXIN_LOG_LEVEL="INFO")
    name, number = PEOPLE[3]
    browser = Browser(system.port, ADDRESS)
    assert browser.sign_in(number, "wrong-secret-7731").status == 422
    assert browser.sign_in("nobody-5512", "wrong-secret-7731").status == 422
    assert browser.sign_in(number, PASSWORD).status == 302
    secrets = [browser.cookies["lianxin_session"], browser.cookies["lianxin_csrf"]]
    assert browser.say(f"{CANARY}实名", about=f"{PEOPLE[4][0]}").status == 302
    assert browser.say(f"{CANARY}保密", identity="confidential").status == 302
    stranger = Browser(system.port, ADDRESS)
    assert stranger.say(f"{CANARY}匿名", identity="anonymous").status == 302
    receipt = re.search(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", stranger.get("/say/receipt/").page)[0]
    assert stranger.post("/receipt/", {"code": receipt}).status == 302
    assert stranger.post("/receipt/", {"code": receipt[:-1] + "0"}).status == 422
    assert browser.get(f"/nowhere/?q=CANARY-7731&number={number}").status == 404
    assert browser.get("/case/00000000-0000-0000-0000-000000000000/").status == 404

    with system.database() as database:
        database.execute(f"ALTER TABLE cases_case ADD CONSTRAINT broken CHECK (body NOT LIKE '%{CANARY}%') NOT VALID")
        refused = browser.say(f"{CANARY}被数据库拒绝")
        assert refused.status >= 400
        database.execute("ALTER TABLE cases_case DROP CONSTRAINT broken")
        database.execute("ALTER TABLE cases_clock RENAME TO cases_clock_away")
        assert browser.say(f"{CANARY}出错的一条").status == 500
        assert stranger.say(f"{CANARY}匿名等待", identity="anonymous").status == 302  # it waits in the spool
        database.execute("ALTER TABLE cases_clock_away RENAME TO cases_clock")
        assert browser.say(f"{CANARY}恢复以后").status == 302
        jobs = [
            str(row)
            for table in ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers")
            for row in database.execute(f"SELECT * FROM {table}")  # noqa: S608
        ]
    at_its_moment = system.told()
    assert "/say/" not in at_its_moment
    assert "UndefinedTable" not in at_its_moment
    system.worker().kill()
    system.stop()
    held = system.told()[len(at_its_moment) :]
    moments = set(re.findall(r"\d\d:(\d\d:\d\d,\d{3}) ERROR django.request Internal Server Error: /say/", held))
    assert moments == {"00:00,000"}, "told when it ends in order, with the hour alone"

    home = Home.within(peopled)
    told = {"output": system.told(), "database log": home.log.read_text(errors="replace"), "jobs": "\n".join(jobs)}
    assert "UndefinedTable" in told["output"] or "ProgrammingError" in told["output"]
    for bad in [
        ADDRESS, CANARY, name, number, PEOPLE[4][0], "nobody-5512", "wrong-secret-7731", "CANARY-7731", PASSWORD,
        receipt, receipt.replace("-", ""), *secrets,
    ]:  # fmt: skip
        for where, text in told.items():
            assert bad not in text, f"{bad!r} in the {where}: {text}"
