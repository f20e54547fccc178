"""What whoever runs the server needs of the commands, with which `lianxin help` begins."""

from lianxin.kernel.cli_messages import say

OPERATOR_COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("serve", "启动整个系统", "start the whole system"),
    ("doctor", "检查哪里有问题，怎么办", "say what is wrong and what to do"),
    ("backup FILE", "备份", "make a backup"),
    ("restore FILE", "把备份恢复到空的系统；--check 只检查", "put a backup into an empty system; --check only looks"),
    ("migrate", "升级数据库（serve 启动时会自动做）", "upgrade the database (serve does it at its start)"),
    ("welcome", "再打印一次登录提示或设置码", "print the first sign-in or the set-up code again"),
    ("issue-code EMPLOYEE_NO", "补发一个登录码", "give one person a new one-time code"),
    ("import-roster FILE", "导入花名册", "import a roster"),
    ("import-messages FILE", "导入以前的诉求台账", "import an older register of cases"),
    ("send-test-mail ADDRESS", "试发一封邮件", "send a test mail"),
    ("rebuild-search", "重建搜索", "rebuild the search"),
    ("rebuild-figures", "重算统计", "count the figures anew"),
    ("accept-keys --lost", "密钥丢失后改用现在的密钥", "go on with other keys after the old ones were lost"),
    ("demo", "在空系统里装入示例企业", "fill an empty system with the sample enterprise"),
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
