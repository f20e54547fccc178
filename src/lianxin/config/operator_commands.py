"""What whoever runs the server needs of the commands, with which `lianxin help` begins."""

from lianxin.kernel.cli_messages import say

OPERATOR_COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("serve", "启动整个系统", "start the whole system"),
    ("doctor", "检查哪里有问题，怎么办", "report problems and how to fix them"),
    ("backup FILE", "备份", "make a backup"),
    ("restore FILE", "把备份恢复到空的系统；--check 只检查", "restore a backup to an empty system; --check verifies"),
    (
        "verify-record",
        "核对记录；--since 和公布过的校验点对照",
        "verify the record; --since compares it with a checkpoint",
    ),
    ("erase-event ID", "依法删除记录里的一个事件", "erase one event of the record as the law demands"),
    ("migrate", "升级数据库（serve 启动时会自动做）", "upgrade the database (serve does this at start)"),
    ("welcome", "再打印一次登录提示或设置码", "print the first sign-in or the setup code again"),
    ("issue-code EMPLOYEE_NO", "补发一个登录码", "issue a new sign-in code to one person"),
    ("import-roster FILE", "导入花名册", "import a roster"),
    ("import-messages FILE", "导入以前的诉求台账", "import an older case register"),
    ("send-test-mail ADDRESS", "发一封测试邮件", "send a test email"),
    ("rebuild-search", "重建搜索", "rebuild the search"),
    ("rebuild-figures", "重算统计", "recalculate the statistics"),
    ("accept-keys --lost", "密钥丢失后改用现在的密钥", "continue with the current keys after the old ones were lost"),
    ("demo", "在空系统里装入示例企业", "load the sample enterprise into an empty system"),
)
"""Usage, in Chinese, in English."""


def print_operator_commands() -> None:
    """Print the commands in both languages, one a line."""
    width = max(len(usage) for usage, _zh, _en in OPERATOR_COMMANDS)
    for usage, zh, en in OPERATOR_COMMANDS:
        line = f"lianxin {usage:<{width}}  {zh} / {en}"
        say(line, line)
    line = "下面是全部命令，名字里的 _ 也可以写成 - / All commands follow; - may stand for _ in their names"
    say(line, line)
