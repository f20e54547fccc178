"""Jobs of the cases: thin, ids in, safe to run twice."""

from procrastinate.contrib.django import app

from lianxin.cases.services import attachments, deadlines, returning, search


@app.periodic(cron="* * * * *")
@app.task(name="cases.scan_clocks", lock="cases.scan_clocks", queueing_lock="cases.scan_clocks")
def scan_clocks(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every minute: what has fallen due is done."""
    deadlines.scan()


@app.periodic(cron="7 * * * *")
@app.task(name="cases.return_cases", lock="cases.return_cases", queueing_lock="cases.return_cases")
def return_cases(timestamp: int) -> None:  # noqa: ARG001
    """Every hour: cases in the hands of people whose role has ended by itself go back to their units."""
    returning.return_cases()


@app.periodic(cron="41 3 * * *")
@app.task(name="cases.remove_stray_files", lock="cases.remove_stray_files", queueing_lock="cases.remove_stray_files")
def remove_stray_files(timestamp: int) -> None:  # noqa: ARG001
    """Every night: files whose case never came to be go."""
    attachments.remove_stray_files()


@app.periodic(cron="33 * * * *")
@app.task(name="cases.find_missing", lock="cases.find_missing", queueing_lock="cases.find_missing")
def find_missing(timestamp: int) -> None:  # noqa: ARG001
    """Every hour: cases that no search finds, as of an older archive that was restored, can be found again."""
    search.find_missing()
