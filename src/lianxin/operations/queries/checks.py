"""`lianxin doctor`: what is well, what will not be for long, what is broken, and what to do about it."""

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import translation
from django.utils.translation import gettext as _

from lianxin.cases.queries.search import unfindable
from lianxin.cases.services.deadlines import oldest_overdue_scan
from lianxin.kernel import secrets, spool, timezone
from lianxin.kernel.cli_messages import Refusal, in_terminal_language
from lianxin.kernel.keys import Trouble, present_trouble, told
from lianxin.kernel.pending_migrations import missing_migrations
from lianxin.kernel.temporary import ADVICE, temporary_directory
from lianxin.ledger.queries import standing
from lianxin.notifications.queries import delivery_health, held_since
from lianxin.operations.enums import Level
from lianxin.operations.queries.backups import is_half_restored, missing_files
from lianxin.operations.queries.readiness import ITEMS, ChecklistItem
from lianxin.operations.queries.running import jobs

LATE_JOB = timedelta(minutes=5)
LATE_SCAN = timedelta(minutes=5)
LATE_MAIL = timedelta(hours=1)
LATE_CHECKPOINT = timedelta(hours=2)
_LITTLE, _LOW = 1 << 30, 5 << 30  # bytes of free space
_DRIFT, _WRONG = 2.0, 30.0  # seconds between our clock and the database's
_MOST_COUNTED = 1000
_MOST_NAMED = 5
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Finding:
    """`advice` is empty where all is well. Both in the terminal's language."""

    check: str
    level: Level
    says: str
    advice: str = ""


Words = tuple[str, str]  # in Chinese and in English
Found = Iterator[tuple[Level, Words, Words]]
_NOTHING = ("", "")


def examine() -> list[Finding]:
    """Every check's findings, then the set-up checklist. One that cannot be carried out is itself a finding, and stops
    no other.
    """
    found = [finding for name, check in _CHECKS.items() for finding in _findings(name, check)]
    return found + _set_up()


def _set_up() -> list[Finding]:
    """The set-up checklist, in its own words, in the terminal's language."""
    with translation.override(in_terminal_language("zh-hans", "en")):
        return [
            Finding(
                check=f"setup.{item.key}",
                level=Level.OK if item.done else item.level,
                says=_("%(label)s: %(status)s") % {"label": item.label, "status": item.status},
                advice=_("%(remedy)s (%(who)s)") % {"remedy": item.remedy, "who": item.who} if item.remedy else "",
            )
            for items in ITEMS
            for item in _known(items)
        ]


def _known(items: Callable[[], Iterator[ChecklistItem]]) -> list[ChecklistItem]:
    try:
        return list(items())
    except (DatabaseError, Refusal):
        return []  # said once, by the check of the database


def _findings(name: str, check: Callable[[], Found]) -> list[Finding]:
    try:
        found = list(check())
    except (DatabaseError, Refusal) as error:
        if name != "database":
            return []  # said once, by the check of the database
        cause = " ".join(str(error).split())
        says = (f"连不上数据库：{cause}", f"the database cannot be reached: {cause}")
        found = [(Level.FAIL, says, _DATABASE_ADVICE)]
    except OSError as error:
        where = str(error)
        found = [(Level.FAIL, (where, where), ("请检查这个路径和权限。", "Check that path and its permissions."))]
    return [
        Finding(name, level, in_terminal_language(*says), in_terminal_language(*advice))
        for level, says, advice in found
    ]


_DATABASE_ADVICE = (
    "内置数据库：看数据目录里的 postgres/server.log；自己的数据库：检查 DATABASE_URL、网络和数据库服务。",
    "Embedded: see postgres/server.log in the data directory. Your own: check DATABASE_URL, network and service.",
)


def _database() -> Found:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        version = cursor.fetchone()[0]
    if is_half_restored():
        yield (
            Level.FAIL,
            ("恢复到一半被打断了，或正在恢复", "a restore was interrupted half-way, or is at work"),
            ("再执行一次 lianxin restore。", "Run `lianxin restore` again."),
        )
    elif missing := missing_migrations():
        yield (
            Level.FAIL,
            (f"有 {len(missing)} 个升级步骤没有执行", f"{len(missing)} migrations have not been applied"),
            ("执行 lianxin migrate，或重启 lianxin serve。", "Run `lianxin migrate`, or restart `lianxin serve`."),
        )
    else:
        yield Level.OK, (f"PostgreSQL {version}，结构是最新的", f"PostgreSQL {version}, up to date"), _NOTHING


def _worker() -> Found:
    queue = jobs()
    if not queue.workers:
        yield (
            Level.FAIL,
            ("后台任务没有在运行", "no worker is running"),
            (
                "启动 lianxin serve；没有它就没有提醒、邮件和自动办结。",
                "Start `lianxin serve`; without it there are no reminders, no mail and no automatic closing.",
            ),
        )
    elif queue.oldest_waiting_at and timezone.now() - queue.oldest_waiting_at > LATE_JOB:
        yield (
            Level.FAIL,
            (f"{queue.waiting} 件后台任务排队太久", f"{queue.waiting} jobs have waited for too long"),
            ("看日志里后台任务的错误；必要时重启。", "Look for worker errors in the log; restart if necessary."),
        )
    else:
        yield Level.OK, (f"{queue.workers} 个在运行", f"{queue.workers} running"), _NOTHING
    if queue.failed_last_day:
        yield (
            Level.WARN,
            (
                f"24 小时内有 {queue.failed_last_day} 次任务失败",
                f"{queue.failed_last_day} jobs failed in the last 24 hours",
            ),
            ("看日志里的原因。", "The log says why."),
        )


def _scanner() -> Found:
    oldest = oldest_overdue_scan()
    if oldest and timezone.now() - oldest > LATE_SCAN:
        yield (
            Level.FAIL,
            (f"时限从 {_shown(oldest)} 起没有处理", f"deadlines have not been processed since {_shown(oldest)}"),
            ("后台任务是否在运行？看它的日志。", "Is the worker running? See its log."),
        )
    else:
        yield Level.OK, ("时限都已处理", "all deadlines are processed"), _NOTHING


def _record() -> Found:
    newest = standing()
    if newest is None or timezone.now() - newest.closed_at <= LATE_CHECKPOINT:
        yield Level.OK, ("每个整点有校验点", "a checkpoint at every full hour"), _NOTHING
        return
    yield (
        Level.WARN,
        (f"从 {_shown(newest.closed_at)} 起没有新的校验点", f"no checkpoint since {_shown(newest.closed_at)}"),
        ("后台任务是否在运行？看它的日志。", "Is the worker running? See its log."),
    )


def _search() -> Found:
    if missing := unfindable(most=_MOST_COUNTED):
        number = f"{missing}+" if missing == _MOST_COUNTED else str(missing)
        yield (
            Level.WARN,
            (f"{number} 件诉求搜不到", f"{number} cases are missing from search"),
            (
                "后台任务会在一小时内补好；要马上补，执行 lianxin rebuild-search。",
                "The worker fixes this within an hour; `lianxin rebuild-search` fixes it now.",
            ),
        )
    else:
        yield Level.OK, ("诉求都能搜到", "all cases can be found"), _NOTHING


def _deliveries() -> Found:
    """What waits and what was refused; whether mail works at all is said by the set-up checklist."""
    health = delivery_health()
    if held := held_since():
        yield (
            Level.WARN,
            (
                f"{_shown(held)} 恢复以后没有开启邮件，邮件都留着不发",
                f"email is off since the restore of {_shown(held)}: nothing is sent",
            ),
            (
                "正式使用的系统：由系统管理员到 设置 › 邮件 开启。演练用的系统不要开启。",
                "Production: a system administrator turns it on at Settings › Email. Rehearsal: leave it off.",
            ),
        )
    elif health.oldest_queued_at and timezone.now() - health.oldest_queued_at > LATE_MAIL:
        yield (
            Level.FAIL,
            (f"{health.queued} 封邮件发不出去", f"{health.queued} emails cannot be sent"),
            ("检查邮件服务器和 设置 › 邮件。", "Check the mail server and Settings › Email."),
        )
    elif health.failed_last_day:
        yield (
            Level.WARN,
            (
                f"24 小时内有 {health.failed_last_day} 封被拒收",
                f"{health.failed_last_day} emails were rejected in the last 24 hours",
            ),
            ("多半是地址错了，请本人改正。", "Usually wrong addresses; their owners should correct them."),
        )
    else:
        yield Level.OK, ("没有积压", "no backlog"), _NOTHING


def _temporary() -> Found:
    try:
        where = temporary_directory()
    except OSError as error:
        yield Level.FAIL, (f"临时目录写不进去：{error}", f"no temporary file can be written: {error}"), ADVICE
    else:
        yield Level.OK, (f"{where} 可以写", f"{where} can be written"), _NOTHING


def _disk() -> Found:
    free = shutil.disk_usage(settings.DATA_DIR).free
    level = Level.FAIL if free < _LITTLE else Level.WARN if free < _LOW else Level.OK
    advice = ("请腾出空间：满了就存不了文件，数据库也会停。", "Free some space: on a full disk nothing can be saved.")
    says = (f"剩余 {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB free")
    yield level, says, _NOTHING if level == Level.OK else advice


def _clock() -> Found:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        off = abs((timezone.now() - cursor.fetchone()[0]).total_seconds())
    level = Level.FAIL if off > _WRONG else Level.WARN if off > _DRIFT else Level.OK
    advice = ("请让两台机器都用 NTP 对时。", "Synchronise both machines with NTP.")
    says = (f"与数据库相差 {off:.1f} 秒", f"{off:.1f} s off the database clock")
    yield level, says, _NOTHING if level == Level.OK else advice


def _secrets() -> Found:
    folder = Path(settings.DATA_DIR) / "secrets"
    found = [path for path in (folder, *sorted(folder.glob("*"))) if path.exists()]
    wide = [path for path in found if path.stat().st_mode & _OPEN_TO_OTHERS]
    for path in wide:
        yield (
            Level.FAIL,
            (f"别的用户也能读 {path}", f"other users can read {path}"),
            (f"执行 chmod go= {path}", f"Run chmod go= {path}"),
        )
    try:
        trouble = _trouble_with_keys()
    except DatabaseError:  # said by its own check
        trouble = {}
    if trouble:
        yield (
            Level.FAIL,
            told(trouble, Path(settings.DATA_DIR)),
            (
                "停下系统，放回原来的 secrets/ 或环境变量，再启动。确实丢了：lianxin accept-keys --lost。",
                "Stop it, put the old secrets/ or environment back, start. Really lost: `lianxin accept-keys --lost`.",
            ),
        )
    if not wide and not trouble:
        yield Level.OK, ("只有本系统能读", "only this system can read them"), _NOTHING


def _trouble_with_keys() -> dict[str, Trouble]:
    """As `present_trouble`; a key that is kept nowhere is missing, whatever this process goes on with meanwhile."""
    found = present_trouble()
    data_dir = Path(settings.DATA_DIR)
    return {name: trouble if secrets.existing(name, data_dir) else Trouble.MISSING for name, trouble in found.items()}


def _files() -> Found:
    if missing := missing_files():
        numbers = list(dict.fromkeys(file.number for file in missing))
        shown = "、".join(numbers[:_MOST_NAMED]) + ("…" if len(numbers) > _MOST_NAMED else "")
        yield (
            Level.FAIL,
            (f"磁盘上缺 {len(missing)} 个文件，属于 {shown}", f"{len(missing)} files are missing, from {shown}"),
            (
                "从较早的备份里找回，放回 uploads/；缺哪些，lianxin backup 会逐个列出。",
                "Put them back into uploads/ from an older backup; `lianxin backup` names each.",
            ),
        )
    else:
        yield Level.OK, ("附件都在", "all attachments are present"), _NOTHING


def _settings() -> Found:
    if settings.DEBUG or settings.DEMO:
        name = "LIANXIN_DEBUG" if settings.DEBUG else "LIANXIN_DEMO"
        yield (
            Level.FAIL if settings.DEBUG else Level.WARN,
            (f"{name}=1 不能用于真实数据", f"{name}=1 is not for real data"),
            (f"去掉 {name}。", f"Remove {name}."),
        )
    if not settings.HTTPS:
        yield (
            Level.WARN,
            (
                "没有 HTTPS：密码和匿名内容在网络上是明文",
                "no HTTPS: passwords and anonymous text are sent unencrypted",
            ),
            ("前面放一个带 TLS 的代理，设 LIANXIN_HTTPS=1。", "Put a proxy with TLS in front and set LIANXIN_HTTPS=1."),
        )
    elif "*" in settings.ALLOWED_HOSTS:
        yield (
            Level.WARN,
            ("没有限定网站的域名", "any host name is accepted"),
            ("设 LIANXIN_ALLOWED_HOSTS。", "Set LIANXIN_ALLOWED_HOSTS."),
        )
    else:
        yield Level.OK, ("正常", "as expected"), _NOTHING


def _shown(moment: datetime) -> str:
    return moment.astimezone(timezone.zone()).strftime("%Y-%m-%d %H:%M")


def _spool() -> Found:
    late, foreign = spool.troubles()
    if foreign:
        yield (
            Level.FAIL,
            (f"有 {foreign} 个格子打不开，不是这把密封密钥", f"{foreign} cells do not open with this seal key"),
            (
                "找回原来的密封密钥；确实丢了就执行 lianxin accept-keys --lost。",
                "Find the seal key of before; if it is lost, run `lianxin accept-keys --lost`.",
            ),
        )
    if late:
        yield (
            Level.FAIL,
            (f"有 {late} 件匿名内容过了时间仍没有转交", f"{late} anonymous messages could not be passed on in time"),
            (
                "看后台任务的日志；常见原因：没有受理员能收到，或后台任务停过。问题解决后会自动转交。",
                "See the worker's log: usually nobody can receive them. Once that is mended they are passed on.",
            ),
        )
    elif not foreign and settings.LIANXIN_SPOOL_SECONDS <= 0:
        yield (
            Level.WARN,
            ("匿名内容立即转交，数据库会留下时刻", "anonymous messages are passed on at once: the database tells when"),
            ("去掉 LIANXIN_SPOOL_SECONDS=0。", "Remove LIANXIN_SPOOL_SECONDS=0."),
        )
    elif not foreign:
        yield Level.OK, ("正常", "as expected"), _NOTHING


_CHECKS: dict[str, Callable[[], Found]] = {
    "database": _database,
    "worker": _worker,
    "deadlines": _scanner,
    "record": _record,
    "spool": _spool,
    "search": _search,
    "deliveries": _deliveries,
    "disk": _disk,
    "temporary": _temporary,
    "clock": _clock,
    "secrets": _secrets,
    "files": _files,
    "settings": _settings,
}
