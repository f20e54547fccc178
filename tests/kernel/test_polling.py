"""What workers call every second is called again, whatever went wrong, until they are to stop."""

import threading

from lianxin.kernel import polling


def test_what_fails_is_logged_and_called_again(monkeypatch, caplog):
    monkeypatch.setattr(polling, "PAUSE_AFTER_FAILURE", 0.0)
    stop, called = threading.Event(), []

    def read_new_cases():
        called.append(1)
        if len(called) == 1:
            raise RuntimeError("the database is away")
        stop.set()

    polling.poll(read_new_cases, 0.001, stop)
    assert len(called) == 2
    assert "read_new_cases" in caplog.text
