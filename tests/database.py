"""A real PostgreSQL for the tests, started once for all workers, and connected to as the application itself is.

Loaded as a plugin (`-p tests.database`), so that the settings find it.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

os.environ.setdefault("LIANXIN_PLAIN_STATIC", "1")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser tests keep an event loop

if "LIANXIN_TEST_DATA" not in os.environ:
    from lianxin.config.database import joined

    folder = Path(tempfile.mkdtemp(prefix="lianxin-test-"))
    os.environ["LIANXIN_TEST_DATA"] = os.environ["LIANXIN_DATA_DIR"] = str(folder)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_URL_FILE", "DATABASE_OWNER_URL_FILE", "LIANXIN_DEMO"):
        os.environ.pop(name, None)
    stack = ExitStack()
    stack.enter_context(joined(os.environ, folder))
    os.environ["LIANXIN_DB_ROLE"] = "owner"  # who makes the test database; see tests/conftest.py
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(stack.close)
