"""What listens at the site's address: it takes in whole requests, at the pace of each client, and hands them on.

A web process works on a few dozen requests at a time. A client that sends half a header, or a body byte by byte, or
takes its answer as slowly, would keep one of them busy; here it keeps a place in a list. So everything that waits for
a client's network waits here, within limits, and a web process sees complete requests and is rid of its answer at once.

Of where a request comes from nothing is written down: the limits for a source live in memory while it is connected.
See docs/decisions/0015-a-front-for-slow-clients.md.
"""

import asyncio
import contextlib
import re
import signal
import tempfile
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from http import HTTPStatus
from pathlib import Path
from typing import IO

PEER = "x-lianxin-peer"
"""The header that tells a web process who is connected; a client's own is dropped."""

KB, MB = 1024, 1024 * 1024
_CHUNK = 64 * KB
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_METHOD = re.compile(rb"[A-Z]{1,20}")
_TARGET = re.compile(rb"[\x21-\x7e\x80-\xff]+")
_VALUE_FORBIDDEN = re.compile(rb"[\x00\r\n]")
_DIGITS = re.compile(rb"[0-9]{1,15}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(;[^\r\n]*)?\r\n")
# Between two neighbours only (RFC 9110, 7.6.1); what is passed on is framed anew.
_HOP_BY_HOP = {
    *(b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"),
    *(b"content-length", b"expect", PEER.encode()),
}


@dataclass(frozen=True)
class Limits:
    """How long and how much. The defaults suit phones on a bad network and offices that share one address."""

    head_bytes: int = 64 * KB
    head_seconds: float = 15
    idle_seconds: float = 75
    """Longer than proxies keep a connection for the next request, so that they close it, not we."""
    stall_seconds: float = 20
    """Without a byte of a body that is not yet complete."""
    body_seconds: float = 60
    body_slowest: int = 4 * KB
    """Bytes a second that a body must come to on the whole, beyond its first `body_seconds`."""
    body_bytes: int = 128 * MB
    """Nine files of 10 MB with what is around them, or a roster of 20 MB."""
    take_seconds: float = 60
    """For 64 KB of an answer."""
    in_memory: int = MB
    """Of one body or answer; what is longer goes to a temporary file."""
    memory: int = 64 * MB
    """Of all bodies together."""
    spooled: int = 2048 * MB
    """Of all temporary files together."""
    per_source: int = 128
    """Requests half sent or answers half taken; a further one ends the oldest of that source."""
    connections: int = 4000
    backend_seconds: float = 15
    """To wait for a web process that is being started again."""


class Refusal(Exception):  # noqa: N818 - reads as the sentence it is
    """The request is answered here, and the connection closed."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):  # noqa: N818
    """The client, or what answers it, went away in the middle: nothing more can be said."""


class Doing(IntEnum):
    """What a connection waits for. The smaller, the sooner it has to make room."""

    IDLE = 0
    HEAD = 1
    BODY = 2
    TAKING = 3
    ANSWER = 4


@dataclass(eq=False)
class Connection:
    """A client's connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    peer: str
    source: str
    task: "asyncio.Task[None] | None" = None
    doing: Doing = Doing.HEAD
    since: float = field(default_factory=time.monotonic)

    def now(self, doing: Doing) -> None:
        self.doing, self.since = doing, time.monotonic()

    def end(self) -> None:
        if self.task:
            self.task.cancel()


@dataclass
class Head:
    """The first lines of a request or of an answer."""

    first: tuple[bytes, bytes, bytes]
    fields: list[tuple[bytes, bytes]]

    def all(self, name: bytes) -> list[bytes]:
        return [value for given, value in self.fields if given.lower() == name]

    def lists(self, name: bytes) -> list[bytes]:
        """The words of a field that is a list, in small letters."""
        return [word.strip().lower() for value in self.all(name) for word in value.split(b",") if word.strip()]


class Spool:
    """Bytes that wait to be passed on: in memory, and in a temporary file once they are many."""

    def __init__(self, front: "Front") -> None:
        self._front = front
        self._chunks: deque[bytes] = deque()
        self._file: IO[bytes] | None = None
        self._in_memory = self._written = self._read = 0
        self.length = 0
        """Of what was put in and not yet taken out."""

    def put(self, chunk: bytes) -> None:
        """Add some.

        Raises:
            Refusal: there is no room.
        """
        limits = self._front.limits
        is_small = self._in_memory + len(chunk) <= limits.in_memory and self._front.memory < limits.memory
        if is_small and self._read == self._written:  # what lies in the file comes first
            self._keep(chunk)
            return
        if self._front.spooled + len(chunk) > limits.spooled:
            raise Refusal(HTTPStatus.INSUFFICIENT_STORAGE)
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed in close()
            self._file.seek(self._written)
            left = memoryview(chunk)
            while left:
                left = left[self._file.write(left) or 0 :]
        except OSError as error:
            raise Refusal(HTTPStatus.INSUFFICIENT_STORAGE) from error
        self._written += len(chunk)
        self._front.spooled += len(chunk)
        self.length += len(chunk)

    def take(self) -> bytes:
        """The next of them; nothing if there is nothing (yet)."""
        if self._chunks:
            chunk = self._chunks.popleft()
            self._in_memory -= len(chunk)
            self._front.memory -= len(chunk)
        elif self._file and self._read < self._written:
            self._file.seek(self._read)
            chunk = self._file.read(_CHUNK)
            self._read += len(chunk)
        else:
            return b""
        self.length -= len(chunk)
        return chunk

    def close(self) -> None:
        self._front.memory -= self._in_memory
        self._front.spooled -= self._written
        self._chunks.clear()
        self._in_memory = self._written = self._read = 0
        if self._file:
            self._file.close()
            self._file = None

    def _keep(self, chunk: bytes) -> None:
        self._chunks.append(chunk)
        self.length += len(chunk)
        self._in_memory += len(chunk)
        self._front.memory += len(chunk)


class Front:
    """Passes requests to the web processes that listen at `backend`, at most `at_once` at a time.

    `proxies` is how many of our own stand in front and add to X-Forwarded-For.
    """

    def __init__(self, backend: Path, *, at_once: int, proxies: int = 0, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.memory = self.spooled = 0
        self._backend, self._proxies = str(backend), proxies
        self._places = asyncio.Semaphore(at_once)
        self._connections: set[Connection] = set()
        self._stopping = False

    async def serve(self, host: str, port: int, stop: asyncio.Event, *, grace: float = 10) -> None:
        """Serve until told to stop, then let what has begun finish within `grace` seconds."""
        server = await asyncio.start_server(self._connected, host, port, limit=self.limits.head_bytes, backlog=1024)
        await stop.wait()
        self._stopping = True
        server.close()
        for connection in list(self._connections):
            if connection.doing in {Doing.IDLE, Doing.HEAD}:
                connection.end()
        tasks = {connection.task for connection in self._connections if connection.task}
        if tasks:
            _done, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("peername")
        peer = address[0] if isinstance(address, tuple) else ""
        connection = Connection(reader, writer, peer, "" if self._proxies else peer, asyncio.current_task())
        self._connections.add(connection)
        self._make_room(connection)
        try:
            await self._talk(connection)
        except (OSError, TimeoutError, EOFError, Gone, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            self._connections.discard(connection)
            writer.close()

    def _make_room(self, newest: Connection) -> None:
        """End connections that have waited longest, when there are too many: of this source, or altogether."""
        if newest.source:
            own = [other for other in self._connections if other.source == newest.source and _is_slow(other)]
            if len(own) > self.limits.per_source:
                min((other for other in own if other is not newest), key=lambda other: other.since).end()
        if len(self._connections) > self.limits.connections:
            others = [other for other in self._connections if other is not newest and other.doing != Doing.ANSWER]
            idle = [other for other in others if other.doing == Doing.IDLE]
            if not idle and others:
                worst, _many = Counter(other.source for other in others).most_common(1)[0]
                others = [other for other in others if other.source == worst]
            victim = min(idle or others or [newest], key=lambda other: other.since)
            victim.end()

    async def _talk(self, connection: Connection) -> None:
        """Request after request, until one of both sides has enough."""
        try:
            async with asyncio.timeout(self.limits.head_seconds):
                first = await connection.reader.read(1)
            while first and await self._one_request(connection, first) and not self._stopping:
                connection.now(Doing.IDLE)
                async with asyncio.timeout(self.limits.idle_seconds):
                    first = await connection.reader.read(1)
        except Refusal as refusal:
            await self._refuse(connection, refusal.status)

    async def _refuse(self, connection: Connection, status: HTTPStatus) -> None:
        """Say so, and listen a little longer: a client that still sends would not see the answer otherwise."""
        async with asyncio.timeout(self.limits.stall_seconds):
            connection.writer.write(_page(status))
            await connection.writer.drain()
            with contextlib.suppress(OSError, NotImplementedError):
                connection.writer.write_eof()
            left = 32 * MB
            while left > 0 and (chunk := await connection.reader.read(_CHUNK)):
                left -= len(chunk)

    async def _one_request(self, connection: Connection, first: bytes) -> bool:
        """Take one in, pass it on, pass the answer back; return whether there may be another."""
        connection.now(Doing.HEAD)
        request = await self._read_head(connection, first)
        method, _target, version = request.first
        if self._proxies:
            connection.source = _forwarded(request, self._proxies, connection.peer)
            self._make_room(connection)
        body = Spool(self)
        try:
            await self._read_body(connection, request, body)
            connection.now(Doing.ANSWER)
            words = request.lists(b"connection")
            is_kept = b"close" not in words if version == b"HTTP/1.1" else False
            return await self._answer(connection, request, body, is_kept=is_kept, is_safe=method in {b"GET", b"HEAD"})
        finally:
            body.close()

    async def _read_head(self, connection: Connection, first: bytes) -> Head:
        try:
            async with asyncio.timeout(self.limits.head_seconds):
                while first in {b"\r", b"\n"}:  # some clients send an empty line too many (RFC 9112, 2.2)
                    first = await connection.reader.readexactly(1)
                raw = first + await connection.reader.readuntil(b"\r\n\r\n")
        except TimeoutError:
            raise Refusal(HTTPStatus.REQUEST_TIMEOUT) from None
        except asyncio.LimitOverrunError:
            raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from None
        return _parsed_request(raw)

    async def _read_body(self, connection: Connection, request: Head, body: Spool) -> None:
        """Take the whole body in.

        Raises:
            Refusal: it is too large, too slow, framed in a way that is open to doubt, or there is no room for it.
        """
        encodings, lengths = request.lists(b"transfer-encoding"), set(request.all(b"content-length"))
        if encodings and (encodings != [b"chunked"] or lengths or request.first[2] != b"HTTP/1.1"):
            raise Refusal(HTTPStatus.BAD_REQUEST)
        if len(lengths) > 1 or not all(_DIGITS.fullmatch(length) for length in lengths):
            raise Refusal(HTTPStatus.BAD_REQUEST)
        length = int(lengths.pop()) if lengths else 0
        if length > self.limits.body_bytes:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if not encodings and not length:
            return
        connection.now(Doing.BODY)
        if b"100-continue" in request.lists(b"expect"):
            connection.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        taken = _Taking(connection, self.limits)
        if encodings:
            await self._read_chunks(taken, body)
        else:
            await taken.into(body, length)

    async def _read_chunks(self, taken: "_Taking", body: Spool) -> None:
        while size := await taken.chunk_size():
            if body.length + size > self.limits.body_bytes:
                raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            await taken.into(body, size)
            if await taken.line() != b"\r\n":
                raise Refusal(HTTPStatus.BAD_REQUEST)
        trailers = 0
        while (line := await taken.line()) != b"\r\n":
            trailers += len(line)
            if trailers > self.limits.head_bytes:
                raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    async def _answer(
        self, connection: Connection, request: Head, body: Spool, *, is_kept: bool, is_safe: bool
    ) -> bool:
        """Let a web process work on it. Looking may be tried once more with another, after one was killed."""
        head = _passed_on(request, body.length, connection.peer)
        answer, waiting = Spool(self), asyncio.Event()
        try:
            async with self._places:
                backend, backend_writer, found = await self._ask(head, body, again=is_safe)
                relay = _Relay(request, found, is_kept=is_kept)
                answer.put(relay.head())
                giving = asyncio.create_task(self._give(connection, answer, waiting, relay))
                try:
                    await self._collect(backend, answer, waiting, relay, giving)
                except BaseException:
                    giving.cancel()
                    raise
                finally:
                    backend_writer.close()
            relay.is_over = True
            waiting.set()
            connection.now(Doing.TAKING)
            try:
                await giving
            except BaseException:
                giving.cancel()
                raise
        finally:
            answer.close()
        if not relay.is_whole:
            raise Gone
        return relay.is_kept

    async def _ask(
        self, head: bytes, body: Spool, *, again: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, Head]:
        reader, writer = await self._backend_connection()
        try:
            writer.write(head)
            while chunk := body.take():
                writer.write(chunk)
                await writer.drain()
            raw = await reader.readuntil(b"\r\n\r\n")
            return reader, writer, _parsed(raw)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.close()
            if again and not self._stopping:
                return await self._ask(head, body, again=False)
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE) from None
        except BaseException:
            writer.close()
            raise

    async def _backend_connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        deadline = time.monotonic() + self.limits.backend_seconds
        while True:
            try:
                return await asyncio.open_unix_connection(self._backend, limit=256 * KB)
            except OSError:
                if self._stopping or time.monotonic() > deadline:
                    raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE) from None
                await asyncio.sleep(0.1)

    async def _collect(
        self,
        backend: asyncio.StreamReader,
        answer: Spool,
        waiting: asyncio.Event,
        relay: "_Relay",
        giving: "asyncio.Task[None]",
    ) -> None:
        """Take the answer off the web process as fast as it comes."""
        while not giving.done():
            try:
                chunk = await backend.read(_CHUNK)
            except OSError:
                return
            if not chunk:
                return
            relay.seen(chunk)
            while True:
                try:
                    answer.put(chunk)
                    break
                except Refusal:  # no room for more: at the client's pace, then
                    if giving.done():
                        return
                    await asyncio.sleep(0.05)
            waiting.set()
            if relay.is_counted_out:
                return

    async def _give(self, connection: Connection, answer: Spool, waiting: asyncio.Event, relay: "_Relay") -> None:
        """Pass the answer to the client as fast as it takes it."""
        while True:
            waiting.clear()
            while chunk := answer.take():
                connection.writer.write(chunk)
                async with asyncio.timeout(self.limits.take_seconds):
                    await connection.writer.drain()
            if relay.is_over:
                return
            await waiting.wait()


class _Taking:
    """Reads a body, and gives up on one that stands still or is too slow on the whole."""

    def __init__(self, connection: Connection, limits: Limits) -> None:
        self._reader, self._limits = connection.reader, limits
        self._begun, self._taken = time.monotonic(), 0

    async def into(self, body: Spool, length: int) -> None:
        while length:
            chunk = await self._within(self._reader.read(min(length, _CHUNK)))
            if not chunk:
                raise Gone
            length -= len(chunk)
            body.put(chunk)

    async def line(self) -> bytes:
        try:
            return await self._within(self._reader.readuntil(b"\r\n"))
        except asyncio.LimitOverrunError:
            raise Refusal(HTTPStatus.BAD_REQUEST) from None

    async def chunk_size(self) -> int:
        found = _CHUNK_SIZE.fullmatch(await self.line())
        if found is None:
            raise Refusal(HTTPStatus.BAD_REQUEST)
        return int(found[1], 16)

    async def _within(self, reading: Awaitable[bytes]) -> bytes:
        limits = self._limits
        over = self._begun + limits.body_seconds + self._taken / limits.body_slowest - time.monotonic()
        try:
            async with asyncio.timeout(min(limits.stall_seconds, max(0.0, over))):
                chunk = await reading
        except TimeoutError:
            raise Refusal(HTTPStatus.REQUEST_TIMEOUT) from None
        self._taken += len(chunk)
        return chunk


class _Relay:
    """One answer on its way: how the client learns where it ends, and whether all of it came."""

    def __init__(self, request: Head, answer: Head, *, is_kept: bool) -> None:
        self._answer = answer
        self.is_over = self.is_counted_out = False
        status = int(answer.first[1]) if answer.first[1].isdigit() else 0
        lengths = answer.all(b"content-length")
        self._is_chunked = b"chunked" in answer.lists(b"transfer-encoding")
        self._tail = b""
        self._left: int | None = None
        if request.first[0] == b"HEAD" or status in {204, 304}:
            self._left, self._is_chunked = 0, False
        elif not self._is_chunked and lengths:
            self._left = int(lengths[0])
        self._ends_with_connection = not self._is_chunked and self._left is None
        self.is_kept = is_kept and not self._ends_with_connection
        self.is_whole = self._ends_with_connection or self._left == 0

    def head(self) -> bytes:
        version, status, reason = self._answer.first
        hidden = {b"connection", b"keep-alive"}
        fields = [(name, value) for name, value in self._answer.fields if name.lower() not in hidden]
        fields.append((b"connection", b"keep-alive" if self.is_kept else b"close"))
        return _written((version, status, reason), fields)

    def seen(self, chunk: bytes) -> None:
        if self._left is not None:
            self._left -= len(chunk)
            self.is_whole = self.is_counted_out = self._left == 0
        elif self._is_chunked:
            self._tail = (self._tail + chunk)[-7:]
            self.is_whole = self._tail in {b"\r\n0\r\n\r\n", b"0\r\n\r\n"}


def _is_slow(connection: Connection) -> bool:
    return connection.doing in {Doing.HEAD, Doing.BODY, Doing.TAKING}


def _parsed_request(raw: bytes) -> Head:
    """The head of a request in a form about which nobody can disagree.

    Raises:
        Refusal: it is not.
    """
    head = _parsed(raw)
    method, target, version = head.first
    if version not in {b"HTTP/1.1", b"HTTP/1.0"} or not _METHOD.fullmatch(method) or not _TARGET.fullmatch(target):
        raise Refusal(HTTPStatus.BAD_REQUEST)
    if target[:7].lower() == b"http://" or target[:8].lower() == b"https://":  # as to a proxy
        target = b"/" + target.split(b"/", 3)[3] if target.count(b"/") > 2 else b"/"  # noqa: PLR2004
    if not target.startswith(b"/") and target != b"*":
        raise Refusal(HTTPStatus.BAD_REQUEST)
    hosts = head.all(b"host")
    if len(hosts) > 1 or (version == b"HTTP/1.1" and not hosts):
        raise Refusal(HTTPStatus.BAD_REQUEST)
    return Head((method, target, version), head.fields)


def _parsed(raw: bytes) -> Head:
    first, *lines = raw[:-4].split(b"\r\n")
    parts = first.split(b" ", 2)
    if len(parts) < 2:  # noqa: PLR2004 - an answer may go without a reason
        raise Refusal(HTTPStatus.BAD_REQUEST)
    fields = []
    for line in lines:
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t")
        if not colon or not _TOKEN.fullmatch(name) or _VALUE_FORBIDDEN.search(value):
            raise Refusal(HTTPStatus.BAD_REQUEST)
        fields.append((name, value))
    return Head((parts[0], parts[1], parts[2] if len(parts) > 2 else b""), fields)  # noqa: PLR2004


def _forwarded(request: Head, proxies: int, peer: str) -> str:
    entries = request.lists(b"x-forwarded-for")
    return entries[-proxies].decode("latin-1") if len(entries) >= proxies else peer


def _passed_on(request: Head, length: int, peer: str) -> bytes:
    """The head as a web process gets it.

    A field with `_` in its name is dropped: to a WSGI program it would be the same as the one with `-`.
    """
    dropped = _HOP_BY_HOP | set(request.lists(b"connection"))
    fields = [
        (name, value) for name, value in request.fields if name.lower() not in dropped - {b"host"} and b"_" not in name
    ]
    if not request.all(b"host"):
        fields.append((b"host", b"localhost"))
    if length or request.first[0] not in {b"GET", b"HEAD"}:
        fields.append((b"content-length", b"%d" % length))
    fields += [(PEER.encode(), peer.encode("latin-1", "replace")), (b"connection", b"close")]
    return _written(request.first, fields)


def _written(first: tuple[bytes, bytes, bytes], fields: list[tuple[bytes, bytes]]) -> bytes:
    return b"\r\n".join([b" ".join(first), *(name + b": " + value for name, value in fields), b"", b""])


_WORDS = {
    HTTPStatus.BAD_REQUEST: (
        "没有完整收到，请返回后再发一次。您写的内容还在表单里。",
        "The form did not arrive completely. Please go back and submit again; your text is still in the form.",
    ),
    HTTPStatus.REQUEST_TIMEOUT: (
        "网络太慢，没有收完。请返回后再发一次，您写的内容还在表单里。",
        "The network was too slow. Please go back and submit again; your text is still in the form.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "文件太大。请返回后换小一点的文件，您写的内容还在表单里。",
        "The upload is too large. Please go back and choose smaller files; your text is still in the form.",
    ),
    HTTPStatus.INSUFFICIENT_STORAGE: (
        "服务器暂时放不下文件。请返回后稍后再发，您写的内容还在表单里。",
        "The server has no space for files now. Please go back and submit later; your text is still in the form.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "系统正在维护，马上回来。请返回后再发一次：同一张表单发两次，也只算一件。",
        "Back shortly. Please go back and submit again: the same form counts only once.",
    ),
}
_WORDS[HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE] = _WORDS[HTTPStatus.BAD_REQUEST]


def _page(status: HTTPStatus) -> bytes:
    """A page in both languages, for nobody has looked yet which one the reader wants."""
    chinese, english = _WORDS[status]
    page = (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>连心桥 Lianxin</title></head><body>'
        f'<p class="brand">连心桥</p><p>{chinese}</p><p lang="en">{english}</p></body></html>'
    ).encode()
    fields = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(page)),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        fields.append((b"retry-after", b"10"))
    return _written((b"HTTP/1.1", b"%d" % status, status.phrase.encode()), fields) + page


def most_connections(wanted: int) -> int:
    """Raise the number of files that this process may open as far as that takes, and say how far it reaches."""
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted * 2 + 500
    most = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    return wanted if soft == resource.RLIM_INFINITY else max(50, min(wanted, (soft - 200) // 2))


def run(host: str, port: int, backend: Path, *, at_once: int, proxies: int) -> None:
    """Serve until SIGTERM."""

    async def main() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        limits = Limits(connections=most_connections(Limits.connections))
        await Front(backend, at_once=at_once, proxies=proxies, limits=limits).serve(host, port, stop)

    asyncio.run(main())


def with_peer(application: Callable[..., object]) -> Callable[..., object]:
    """The WSGI application, told by the front who is connected to it."""
    name = f"HTTP_{PEER.upper().replace('-', '_')}"

    def told(request: dict[str, object], start_response: Callable[..., object]) -> object:
        request["REMOTE_ADDR"] = request.pop(name, "")
        request.pop("REMOTE_HOST", None)
        return application(request, start_response)

    return told
