from tests.hotissues.conftest import _words_only, browser_of, house  # noqa: F401
