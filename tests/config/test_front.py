"""The front, with a small server in place of the web processes."""

import asyncio
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from lianxin.config.front import Front, Limits

MB = 1024 * 1024
SHORT = Limits(head_seconds=0.5, stall_seconds=0.5, idle_seconds=1, take_seconds=1, per_source=10, backend_seconds=0.5)


def run(story):
    """Run a coroutine in a thread of its own: the browser tests keep an event loop in the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, story).result()


class Backend:
    """Answers each request with what it got; `taken` is how many requests it is busy with."""

    def __init__(self):
        self.seen, self.taken, self.most = [], 0, 0
        self.answer = b""
        self.silent = False

    async def __call__(self, reader, writer):
        self.taken += 1
        self.most = max(self.most, self.taken)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            fields = dict(line.lower().split(b": ", 1) for line in head[:-4].split(b"\r\n")[1:])
            body = await reader.readexactly(int(fields.get(b"content-length", 0)))
            self.seen.append((head.split(b"\r\n")[0], fields, body))
            if self.silent:
                return
            answer = self.answer or b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body
            writer.write(answer)
            await writer.drain()
        finally:
            self.taken -= 1
            writer.close()


@asynccontextmanager
async def running(limits=SHORT, *, proxies=0, at_once=4):
    with tempfile.TemporaryDirectory(prefix="lx-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        backend, path = Backend(), Path(folder) / "web.sock"
        server = await asyncio.start_unix_server(backend, str(path))
        front, stop = Front(path, at_once=at_once, proxies=proxies, limits=limits), asyncio.Event()
        serving = asyncio.create_task(front.serve("127.0.0.1", port, stop, grace=1))
        await asyncio.sleep(0.05)
        try:
            yield front, backend, port
        finally:
            stop.set()
            await serving
            server.close()
        assert (front.memory, front.spooled) == (0, 0)


async def ask(port, sent, *, until=None):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(sent)
        return await (reader.readuntil(until) if until else reader.read())
    finally:
        writer.close()


def test_a_request_arrives_whole_with_who_sent_it_and_nothing_that_claims_otherwise():
    async def story():
        async with running() as (_front, backend, port):
            got = await ask(
                port,
                b"POST /say/ HTTP/1.1\r\nHost: a\r\nX-Lianxin-Peer: 6.6.6.6\r\nX_Lianxin_Peer: 6.6.6.6\r\n"
                b"Connection: close, X-Hop\r\nX-Hop: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
                b"5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nTrailer: x\r\n\r\n",
            )
            assert got.startswith(b"HTTP/1.1 200 OK\r\n")
            assert got.endswith(b"\r\n\r\nhello world")
            assert backend.seen == [
                (
                    b"POST /say/ HTTP/1.1",
                    {b"host": b"a", b"content-length": b"11", b"x-lianxin-peer": b"127.0.0.1", b"connection": b"close"},
                    b"hello world",
                )
            ]

    run(story())


def test_several_requests_on_one_connection():
    async def story():
        async with running() as (_front, backend, port):
            one = b"POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n%d!"
            got = await ask(port, b"".join(one % (n, n) for n in range(5)) + b"GET / HTTP/1.0\r\n\r\n")
            assert got.count(b"HTTP/1.1 200 OK") == 6
            assert [body for _first, _fields, body in backend.seen] == [b"0!", b"1!", b"2!", b"3!", b"4!", b""]

    run(story())


def test_a_body_that_waits_for_leave_gets_it():
    async def story():
        async with running() as (_front, _backend, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"hi")
            assert (await reader.readuntil(b"hi")).startswith(b"HTTP/1.1 200")
            writer.close()

    run(story())


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/9\r\nHost: a\r\n\r\n", 400),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: a", 408),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel", 408),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 408),
    ],
)
def test_what_is_open_to_doubt_too_large_or_never_ends_is_refused_with_a_page(sent, status):
    async def story():
        async with running() as (_front, backend, port):
            got = await ask(port, sent)
            assert got.startswith(b"HTTP/1.1 %d " % status)
            assert "还在表单里".encode() in got
            assert backend.seen == []

    run(story())


def test_half_sent_requests_reach_nobody_and_the_oldest_of_a_source_make_room():
    async def story():
        limits = Limits(per_source=50, connections=200)
        async with running(limits) as (_front, backend, port):
            halves = [
                await asyncio.open_connection("127.0.0.1", port, local_addr=("127.0.0.66", 0)) for _ in range(150)
            ]
            for number, (_reader, writer) in enumerate(halves):
                writer.write(
                    b"GET / HTTP/1.1\r\n"
                    if number % 2
                    else b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"
                )
            begun = time.monotonic()
            for address in ("127.0.0.1", "127.0.0.66"):
                for _ in range(10):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
                    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    assert (await reader.read()).startswith(b"HTTP/1.1 200 OK")
                    writer.close()
            assert time.monotonic() - begun < 2
            assert len(backend.seen) == 20
            closed = 0
            for reader, writer in halves:
                closed += reader.at_eof() or reader.exception() is not None
                writer.close()
            assert closed >= 100

    run(story())


@pytest.mark.parametrize(
    "framing", [b"content-length: %d", b"transfer-encoding: chunked", b"x-ends: with the connection"]
)
def test_a_large_answer_that_is_taken_slowly_frees_who_made_it_at_once(framing):
    async def story():
        limits = Limits(take_seconds=30)
        async with running(limits, at_once=1) as (front, backend, port):
            content = bytes(range(256)) * 4 * 1024 * 16
            body = content
            if b"chunked" in framing:
                body = b"%x\r\n" % len(content) + content + b"\r\n0\r\n\r\n"
            field = framing % len(content) if b"%d" in framing else framing
            backend.answer = b"HTTP/1.1 200 OK\r\n" + field + b"\r\n\r\n" + body
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            async with asyncio.timeout(20):
                while backend.taken or not backend.seen:  # noqa: ASYNC110 - it is done, though nobody reads
                    await asyncio.sleep(0.05)
            assert front.spooled > 0
            got = await reader.read()
            assert got.partition(b"\r\n\r\n")[2] == body
            writer.close()

    run(story())


def test_an_answer_that_nobody_takes_is_given_up():
    async def story():
        async with running(at_once=1) as (front, backend, port):
            backend.answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (30 * MB) + bytes(30 * MB)
            _reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            await asyncio.sleep(2.5)
            assert (front.memory, front.spooled) == (0, 0)
            writer.close()

    run(story())


def test_a_large_body_arrives_in_one_piece():
    async def story():
        async with running(Limits()) as (front, backend, port):
            body = bytes(range(256)) * 4 * 1024 * 5
            got = await ask(
                port,
                b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body,
            )
            assert got.endswith(body)
            assert backend.seen[0][2] == body
            assert front.spooled == 0

    run(story())


def test_without_room_for_a_large_body_the_page_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", None)

    async def story():
        async with running(Limits()) as (_front, backend, port):
            monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
            body = bytes(3 * MB)
            got = await ask(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            assert got.startswith(b"HTTP/1.1 507 ")
            assert "暂时放不下".encode() in got
            assert backend.seen == []
            assert (await ask(port, b"GET / HTTP/1.0\r\n\r\n")).startswith(b"HTTP/1.1 200")

    run(story())


def test_a_web_process_that_died_is_asked_for_again_where_nothing_is_done_twice():
    async def story():
        async with running() as (_front, backend, port):
            backend.silent = True
            got = await ask(port, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
            assert got.startswith(b"HTTP/1.1 503 ")
            assert b"retry-after: 10" in got
            assert len(backend.seen) == 1
            got = await ask(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert got.startswith(b"HTTP/1.1 503 ")
            assert len(backend.seen) == 3

    run(story())


def test_an_answer_that_breaks_off_is_seen_to_break_off():
    async def story():
        async with running() as (_front, backend, port):
            backend.answer = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"
            with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
                await ask(port, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", until=b"the other half")

    run(story())


def test_behind_a_proxy_sources_are_told_apart_as_it_says():
    async def story():
        async with running(Limits(per_source=3, head_seconds=3), proxies=1) as (_front, _backend, port):
            begun = b"POST / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1, 203.0.113.%d\r\nContent-Length: 9\r\n\r\n"
            clients = []
            for number in [*range(10), *[99] * 6]:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(begun % number)
                clients.append((reader, writer))
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            ended = [reader.at_eof() or reader.exception() is not None for reader, _writer in clients]
            assert ended == [False] * 10 + [True] * 3 + [False] * 3
            for _reader, writer in clients:
                writer.close()

    run(story())
