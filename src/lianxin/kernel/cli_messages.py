"""What the command line says before Django (and gettext) is there: Chinese, or English in an English terminal."""

import errno
import os
import sys

from lianxin.kernel.errors import LianxinError


def in_terminal_language(zh: str, en: str) -> str:
    """The Chinese text, or the English one where the terminal's language is English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if chosen := os.environ.get(name):
            return en if chosen.lower().startswith("en") else zh
    return zh


_CAUSES = {
    errno.ENOENT: ("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EACCES: ("没有权限", "no permission"),
    errno.EPERM: ("不允许这样做", "not permitted"),
    errno.EISDIR: ("这是文件夹，不是文件", "it is a folder, not a file"),
    errno.ENOTDIR: ("路径里有一段不是文件夹", "a part of the path is no folder"),
    errno.ENOSPC: ("磁盘已满", "the disk is full"),
    errno.EDQUOT: ("磁盘配额已用完", "the disk quota is used up"),
    errno.EROFS: ("磁盘是只读的", "the disk is read-only"),
    errno.EIO: ("磁盘读写出错", "the disk cannot be read or written"),
}


def cause_of(error: OSError) -> tuple[str, str]:
    """Why a file could not be used, in Chinese and in English; the system itself only knows one language."""
    said = error.strerror or str(error)
    return _CAUSES.get(error.errno or 0, (f"系统错误 {error.errno}（{said}）", said))


class Refusal(LianxinError):  # noqa: N818 - reads as the sentence it is
    """What a command cannot do; `str(error)` is one paragraph in the terminal's language: why, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(in_terminal_language(zh, en))


def say(zh: str, en: str, *, error: bool = False) -> None:
    """Print one line; characters that the terminal cannot show never stop the program, nor does a closed terminal."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    text = in_terminal_language(zh, en).encode(encoding, "replace").decode(encoding)
    try:
        print(text, file=stream, flush=True)
    except OSError:
        return
