"""Whether files can be put aside for a moment: large uploads and workbooks need it."""

import tempfile

_NEEDED = 1024 * 1024


def temporary_directory() -> str:
    """The directory for temporary files, in which one was just written.

    Raises:
        OSError: there is none in which we may write, or it is full.
    """
    with tempfile.TemporaryFile(buffering=0) as file:
        if file.write(bytes(_NEEDED)) != _NEEDED:
            raise OSError(f"no room in {tempfile.gettempdir()}")
    return tempfile.gettempdir()


ADVICE = (
    "请让运行连心桥的用户能写临时目录，并留出空间（systemd：PrivateTmp=yes）。在此之前传不了大文件。",
    "Let Lianxin's user write in the temporary directory (systemd: PrivateTmp=yes), for large files to be sent in.",
)
