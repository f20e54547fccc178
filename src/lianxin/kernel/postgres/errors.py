from pathlib import Path

from lianxin.kernel.cli_messages import Refusal


class PostgresUnavailable(Refusal):
    """There is no database to work with."""


def explain_failure(what_zh: str, what_en: str, output: str, log: Path) -> PostgresUnavailable:
    """Turn what PostgreSQL printed while failing into something a person can act on."""
    lowered = output.lower()
    if "no space left on device" in lowered or "disk quota exceeded" in lowered:
        return PostgresUnavailable(
            f"{what_zh}：磁盘已满。请在 {log.parent} 所在的磁盘上腾出空间，然后重新启动。已保存的数据没有损失。",
            f"{what_en}: the disk is full. Free some space on the disk that holds {log.parent} and start again. "
            "Nothing that was saved is lost.",
        )
    if "cannot allocate memory" in lowered or "shared memory" in lowered:
        settings = log.parent / "data" / "postgresql.conf"
        return PostgresUnavailable(
            f"{what_zh}：内存不足。请关闭其他程序，或在 {settings} 中调小 shared_buffers。",
            f"{what_en}: not enough memory. Close other programs, or lower shared_buffers in {settings}.",
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()] or lines
    reason = telling[-1] if telling else "?"
    return PostgresUnavailable(
        f"{what_zh}：{reason}（详见 {log}）",
        f"{what_en}: {reason} (details in {log})",
    )
