"""Jobs of classification: thin, safe to run twice. Their names are those of before, for there may be jobs that wait."""

from procrastinate.contrib.django import app

from lianxin.classification.services import embeddings, suggestions
from lianxin.kernel.polling import register_poll

register_poll(embeddings.understand)


@app.periodic(cron="27 * * * *")
@app.task(name="cases.read_anew", lock="cases.read_anew", queueing_lock="cases.read_anew")
def read_anew(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every hour: what was read by another model than the present one is read again."""
    embeddings.read_anew()


@app.periodic(cron="*/10 * * * *")
@app.task(name="cases.suggest_anew", lock="cases.suggest_anew", queueing_lock="cases.suggest_anew")
def suggest_anew(timestamp: int) -> None:  # noqa: ARG001
    """Every ten minutes: what is suggested for waiting cases follows what was decided since."""
    suggestions.suggest_anew()
