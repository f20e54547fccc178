"""The real site as `lianxin serve` starts it: its processes, its database, and a browser without script."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psutil
import psycopg

from lianxin.kernel.postgres import Server
from lianxin.kernel.postgres.home import Home

ROOT = Path(__file__).parents[2]
STOPS_WITHIN = 20  # seconds
RUNNING = "Lianxin is running"


def environment(**more):
    """Nothing of the tests' own database or settings."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "LANG": "en_US.UTF-8", **more}


def lianxin(*words, **more):
    """Start the command as a person does in a terminal of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "lianxin.config.cli", *map(str, words)],
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def leftovers(data_dir):
    """All living processes that have to do with a data directory."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            told = [*process.cmdline(), process.environ().get("LIANXIN_DATA_DIR", "")]
            if process.status() != psutil.STATUS_ZOMBIE and any(str(data_dir) in word for word in told):
                found.append(process)
    return found


def until(condition, within=30.0, every=0.05):
    """Wait for something, and return it."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if outcome := condition():
            return outcome
        time.sleep(every)
    raise AssertionError(f"not within {within} s: {condition}")


class System:
    """One run of `lianxin serve`."""

    def __init__(self, data_dir, port=None, *, web_workers=1, **more):
        self.data_dir, self.port, self.said, self._web_workers = data_dir, port or free_port(), [], web_workers
        begun = time.monotonic()
        self.master = lianxin(
            "serve", f"--web-workers={web_workers}", PORT=str(self.port), LIANXIN_DATA_DIR=str(data_dir), **more
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        until(lambda: RUNNING in self.told() or self.master.poll() is not None, within=120)
        self.seconds = time.monotonic() - begun
        assert RUNNING in self.told(), self.told()

    def _listen(self):
        for line in self.master.stdout:
            self.said.append(line)

    def told(self):
        return "".join(self.said)

    def processes(self):
        return psutil.Process(self.master.pid).children(recursive=True)

    def web_master(self):
        return next(p for p in self.processes() if "web" in p.cmdline() and p.ppid() == self.master.pid)

    def web_workers(self):
        return self.web_master().children()

    def worker(self):
        return next(p for p in self.processes() if "work" in p.cmdline())

    def postmaster(self):
        return psutil.Process(int(Home.within(self.data_dir).pid_file_lines()[0]))

    def is_whole(self):
        """Whether every part is there and the site answers."""
        with suppress(psutil.NoSuchProcess, StopIteration, IndexError, OSError, http.client.HTTPException):
            return (
                len(self.web_workers()) == self._web_workers
                and self.worker().is_running()
                and self.postmaster().is_running()
                and Browser(self.port).get("/say/").status == 200
            )
        return False

    def database(self):
        """A connection as the owner of all tables."""
        dsn = Server(Home.within(self.data_dir)).dsn("owner")
        return psycopg.connect(dsn, autocommit=True)

    def stop(self, number=signal.SIGTERM):
        """Stop as a terminal (SIGINT to all of the group) or an administrator does; nothing may be left."""
        begun = time.monotonic()
        if number == signal.SIGINT:
            os.killpg(self.master.pid, number)
        else:
            self.master.send_signal(number)
        assert self.master.wait(STOPS_WITHIN) == 0
        took = time.monotonic() - begun
        self._listener.join(5)
        assert leftovers(self.data_dir) == []
        assert took < STOPS_WITHIN
        return took


class Answer:
    def __init__(self, response, body, seconds):
        self.status, self.headers, self.seconds = response.status, response.headers, seconds
        self.location = response.headers.get("Location", "")
        self.page = body.decode()

    def fields(self):
        """What a form without script would send along unseen."""
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', self.page))


class Browser:
    """Keeps cookies and sends forms. `address` is where it sends from, one of this machine's own."""

    def __init__(self, port, address="127.0.0.1"):
        self.port, self.address, self.cookies = port, address, {}

    def get(self, path):
        return self._ask("GET", path)

    def post(self, path, form, files=()):
        """Send a form with the token of the last page's cookie; `files` are (field, name, type, content)."""
        if "lianxin_csrf" not in self.cookies:
            self.get(path)
        form = {"csrfmiddlewaretoken": self.cookies.get("lianxin_csrf", ""), **form}
        if not files:
            return self._ask("POST", path, urlencode(form).encode(), "application/x-www-form-urlencoded")
        edge = uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in form.items()
        ]
        for field, name, content_type, content in files:
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            parts += [f"{head}Content-Type: {content_type}\r\n\r\n".encode(), content, b"\r\n"]
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        return self._ask("POST", path, body, f"multipart/form-data; boundary={edge}")

    def sign_in(self, number, password):
        return self.post("/sign-in/", {"login": number, "password": password, "remember": "on"})

    def say(self, body, identity="named", files=(), **more):
        """Open the form, fill it in and send it."""
        form = {**self.get("/say/").fields(), "body": body, "identity": identity, **more}
        form.pop("csrfmiddlewaretoken", None)
        return self.post("/say/", form, files)

    def _ask(self, method, path, body=None, content_type=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if content_type:
            headers["Content-Type"] = content_type
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(self.address, 0))
        begun = time.monotonic()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response, response.read(), time.monotonic() - begun)
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer
