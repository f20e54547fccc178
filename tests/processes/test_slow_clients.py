"""Clients that send half of something, or take their answer as slowly: they keep nobody else waiting."""

import random
import socket
import threading
import time
from contextlib import ExitStack

import psutil
import pytest

from tests.processes.house import PASSWORD, PEOPLE
from tests.processes.system import Browser, System, until

QUICK = 5.0  # seconds for a page, whatever others do

HALF_A_HEAD = b"GET /say/ HTTP/1.1\r\nHost: localhost\r\nCookie: lianxin_session="
HALF_A_BODY = (
    b"POST /say/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 100000\r\n\r\nbody="
)


def stalled(stack, port, begun, address="127.0.0.66"):
    """A connection on which a client has begun to say something, and goes on saying nothing."""
    client = stack.enter_context(socket.create_connection(("127.0.0.1", port), source_address=(address, 0)))
    client.sendall(begun)
    return client


def pages_come_quickly(port, address="127.0.0.1"):
    for _ in range(5):
        answer = Browser(port, address).get("/say/")
        assert (answer.status, answer.seconds < QUICK) == (200, True), answer.seconds


def test_half_sent_requests_and_answers_that_nobody_takes_keep_nobody_waiting(peopled):
    system = System(peopled)
    with ExitStack() as stack:
        for _ in range(70):
            for begun in (HALF_A_HEAD, HALF_A_BODY, b""):
                stalled(stack, system.port, begun)
        for _ in range(40):  # more than a process has threads
            client = stalled(stack, system.port, b"", "127.0.0.67")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(b"GET /say/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        pages_come_quickly(system.port)
        li_na = Browser(system.port, "127.0.0.66")  # an office behind the same address
        assert li_na.sign_in(PEOPLE[0][1], PASSWORD).status == 302
        assert li_na.say("热水停了。", files=[("files", "a.txt", "text/plain", b"x" * 3_000_000)]).status == 302
    system.stop()


@pytest.mark.stress
def test_many_half_sent_requests_for_two_minutes_keep_nobody_waiting(peopled):
    system = System(peopled)
    with ExitStack() as stack:
        for number in range(400):
            stalled(stack, system.port, HALF_A_HEAD, f"127.0.1.{number % 20 + 1}")
        for number in range(400):
            stalled(stack, system.port, HALF_A_BODY, f"127.0.2.{number % 20 + 1}")
        end = time.monotonic() + 120
        while time.monotonic() < end:
            pages_come_quickly(system.port)
            pages_come_quickly(system.port, "127.0.1.1")
            time.sleep(1)
    system.stop()


def test_a_slow_upload_arrives_and_a_killed_front_comes_back(peopled):
    system = System(peopled)
    wang_fang = Browser(system.port)
    assert wang_fang.sign_in(PEOPLE[1][1], PASSWORD).status == 302
    fields = wang_fang.get("/say/").fields()
    token = wang_fang.cookies["lianxin_csrf"]
    form = f"csrfmiddlewaretoken={token}&identity=named&key={fields['key']}&body=%E7%83%AD%E6%B0%B4%E5%81%9C%E4%BA%86"
    cookies = "; ".join(f"{name}={value}" for name, value in wang_fang.cookies.items())
    head = (
        f"POST /say/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\nTransfer-Encoding: chunked\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", system.port), timeout=20) as client:
        client.sendall(head.encode())
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        for sign in form.encode():
            client.sendall(b"1\r\n" + bytes([sign]) + b"\r\n")
            time.sleep(0.005)
        client.sendall(b"0\r\n\r\n")
        assert client.recv(65536).startswith(b"HTTP/1.1 302 ")
    front = next(process for process in system.processes() if "front" in process.cmdline())
    front.kill()
    until(lambda: not front.is_running() or front.status() == psutil.STATUS_ZOMBIE)
    until(system.is_whole)
    system.stop()


@pytest.mark.stress
def test_nothing_that_is_sent_stops_it(peopled):
    chance = random.Random(20261129)
    system = System(peopled)
    whole = HALF_A_BODY.replace(b"100000", b"9") + b"hello"

    def send():
        for _ in range(400):
            broken = bytearray(whole)
            for _ in range(chance.randint(1, 5)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            with socket.create_connection(("127.0.0.1", system.port), timeout=30) as client:
                client.sendall(broken)
                client.shutdown(socket.SHUT_WR)
                answered = client.recv(12)
                assert answered[9:10] != b"5", bytes(broken)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pages_come_quickly(system.port)
    system.stop()
