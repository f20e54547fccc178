"""Jobs of the cases: thin, ids in, safe to run twice."""

from lianxin.cases.services import attaching, clockwork, meaning, search, suggesting
from lianxin.kernel import jobs


@jobs.periodic(name="cases.scan_clocks", cron="* * * * *")
def scan_clocks(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every minute: what has fallen due is done."""
    clockwork.scan()


@jobs.periodic(name="cases.remove_stray_files", cron="41 3 * * *")
def remove_stray_files(timestamp: int) -> None:  # noqa: ARG001
    """Every night: files whose case never came to be go."""
    attaching.remove_stray_files()


jobs.watch()(meaning.understand)


@jobs.periodic(name="cases.read_anew", cron="27 * * * *")
def read_anew(timestamp: int) -> None:  # noqa: ARG001
    """Every hour: what was read by another model than the present one is read again."""
    meaning.read_anew()


@jobs.periodic(name="cases.find_missing", cron="33 * * * *")
def find_missing(timestamp: int) -> None:  # noqa: ARG001
    """Every hour: cases that no search finds, as of an older archive that was restored, can be found again."""
    search.find_missing()


@jobs.periodic(name="cases.suggest_anew", cron="*/10 * * * *")
def suggest_anew(timestamp: int) -> None:  # noqa: ARG001
    """Every ten minutes: what is suggested for waiting cases follows what was decided since."""
    suggesting.suggest_anew()
