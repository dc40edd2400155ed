"""The ASGI bridge: requests and answers of all shapes pass unchanged, within limits, many at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.runtime import request_body
from core.runtime.processes import wait_until
from tests.runtime.conftest import Server

Serve = Callable[..., Server]
Environ = dict[str, Any]


def echo(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """Answers what it was asked."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body))), ("X-Length", environ.get("CONTENT_LENGTH", "none"))])
    return [body]


def environ_of(name: str) -> Any:
    """An application that answers one value of the environ."""

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(environ.get(name, "none")).encode("latin-1")]

    return app


@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
def test_bodies_arrive_whole(serve_wsgi: Serve, size: int) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    answer = httpx.post(serve_wsgi(echo).url, content=body[:size])
    assert answer.content == body[:size]
    assert answer.headers["x-length"] == str(size)


def test_a_body_in_chunks_has_its_length_told(serve_wsgi: Serve) -> None:
    def chunks() -> Iterator[bytes]:
        yield from [b"one,", b"two,", b"three"]

    answer = httpx.post(serve_wsgi(echo).url, content=chunks())
    assert (answer.text, answer.headers["x-length"]) == ("one,two,three", "13")


def test_large_bodies_are_kept_in_files_and_memory_is_given_back(serve_wsgi: Serve) -> None:
    kinds: list[str] = []

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        kinds.append(type(environ["wsgi.input"]).__name__)
        return echo(environ, start_response)

    server = serve_wsgi(app)
    assert len(httpx.post(server.url, content=b"x" * 1000).content) == 1000
    assert len(httpx.post(server.url, content=b"x" * 2_000_000).content) == 2_000_000
    assert kinds == ["BytesIO", "BufferedRandom"]
    assert server.app._bodies.held == 0


def test_small_bodies_go_to_files_when_there_are_too_many(serve_wsgi: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_body, "_MEMORY_TOTAL", 1000)
    assert httpx.post(serve_wsgi(echo).url, content=b"x" * 5000).content == b"x" * 5000


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(serve_wsgi: Serve, chunked: bool) -> None:
    server = serve_wsgi(echo, max_body_bytes=1000)
    content: Any = iter([b"x" * 600, b"x" * 600]) if chunked else b"x" * 1001
    answer = httpx.post(server.url, content=content, headers={"X-Request-Id": "mine"})
    assert answer.status_code == 413
    assert answer.json() == {
        "error": "ERROR_REQUEST_BODY_TOO_LARGE",
        "detail": "The body is larger than the limit of 1000 bytes.",
        "request_id": "mine",
    }
    assert answer.headers["x-request-id"] == "mine"


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [(("*",), "*"), (("https://a.example",), "https://a.example"), (("https://b.example",), None), ((), None)],
)
def test_pages_may_read_why_a_body_is_refused(serve_wsgi: Serve, origins: Any, allowed: str | None) -> None:
    server = serve_wsgi(echo, max_body_bytes=1000, cors_origins=origins)
    answer = httpx.post(server.url, content=b"x" * 1001, headers={"Origin": "https://a.example"})
    assert answer.status_code == 413
    assert answer.headers.get("access-control-allow-origin") == allowed


def test_a_refused_upload_reads_its_answer(serve_wsgi: Serve) -> None:
    """A client sends everything before it reads: the connection must not break meanwhile."""
    server = serve_wsgi(echo, max_body_bytes=1000)
    answer = httpx.post(server.url, content=b"x" * 20_000_000)
    assert answer.status_code == 413


def test_expect_continue_is_answered_only_when_the_body_is_wanted(serve_wsgi: Serve) -> None:
    server = serve_wsgi(echo, max_body_bytes=1000)
    head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n"
    with server.connect() as client:
        client.sendall(head.format(5).encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"hello")
        assert client.recv(1000).startswith(b"HTTP/1.1 200 ")
    with server.connect() as client:
        client.sendall(head.format(5000).encode())
        assert client.recv(1000).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_never_comes_is_refused(serve_wsgi: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_body, "_IDLE_SECONDS", 0.2)
    with serve_wsgi(echo).connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe")
        assert client.recv(1000).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("length", ["-1", "x", "", "1e3", "5, 5", "5\r\nContent-Length: 6", "99999999999999999999999"])
def test_lengths_that_cannot_be_are_refused(serve_wsgi: Serve, length: str) -> None:
    server = serve_wsgi(echo)
    with server.connect() as client:
        client.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nhello".encode())
        assert client.recv(1000).split()[1] in (b"400", b"413")
    assert httpx.post(server.url, content=b"still here").text == "still here"


def test_what_follows_a_shorter_length_is_not_part_of_the_body(serve_wsgi: Serve) -> None:
    """It is taken as the next request, which it is not."""
    bodies: list[bytes] = []

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"taken"]

    with serve_wsgi(app).connect() as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhelloworld\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(1000), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert set(bodies) <= {b"hello"}


@pytest.mark.parametrize(
    "chunk", [b"zz\r\nhello\r\n", b"-5\r\nhello\r\n", b"3\r\nhello\r\n", b"ffffffffffffffffffff\r\n"]
)
def test_broken_chunks_are_refused(serve_wsgi: Serve, chunk: bytes) -> None:
    server = serve_wsgi(echo)
    with server.connect() as client:
        head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        client.sendall(head + chunk + b"0\r\n\r\n")
        assert client.recv(1000).split()[1] == b"400"
    assert httpx.post(server.url, content=b"still here").text == "still here"


def test_a_body_that_drips_holds_no_thread(serve_wsgi: Serve) -> None:
    server = serve_wsgi(echo, threads=1)
    with ExitStack() as stack:
        slow = [stack.enter_context(server.connect()) for _ in range(10)]
        for client in slow:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe")
        assert httpx.post(server.url, content=b"quick").text == "quick"
        for client in slow:
            client.sendall(b"llo")
            assert client.recv(1000).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/a%20b", "/a b"), ("/%C3%BC", "/Ã¼"), ("/a%2Fb", "/a/b"), ("/%ff", "/ÿ")],
)
def test_paths_are_bytes_in_latin_1(serve_wsgi: Serve, path: str, expected: str) -> None:
    with serve_wsgi(environ_of("PATH_INFO")).connect() as client:
        client.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        answer = b"".join(iter(lambda: client.recv(1000), b""))
    assert answer.partition(b"\r\n\r\n")[2].decode("latin-1") == expected


@pytest.mark.parametrize(
    ("headers", "name", "expected"),
    [
        ([("X-Text", "ü".encode("latin-1"))], "HTTP_X_TEXT", "ü"),
        ([("X-Many", "1"), ("X-Many", "2")], "HTTP_X_MANY", "1,2"),
        ([("Cookie", "a=1"), ("Cookie", "b=2")], "HTTP_COOKIE", "a=1; b=2"),
        ([("X_Under", "sneaked in")], "HTTP_X_UNDER", "none"),
        ([("Content-Type", "a/b")], "CONTENT_TYPE", "a/b"),
    ],
)
def test_headers_arrive(serve_wsgi: Serve, headers: list[Any], name: str, expected: str) -> None:
    answer = httpx.get(serve_wsgi(environ_of(name)).url, headers=headers)
    assert answer.content.decode("latin-1") == expected


def test_the_query_string_is_left_as_it_is(serve_wsgi: Serve) -> None:
    assert httpx.get(serve_wsgi(environ_of("QUERY_STRING")).url + "/?a=%C3%BC&b=+").text == "a=%C3%BC&b=+"


def test_head_has_no_body(serve_wsgi: Serve) -> None:
    def streamed(environ: Environ, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("X-Here", "yes")])
        yield b"body"

    for app in (environ_of("REQUEST_METHOD"), streamed):
        answer = httpx.head(serve_wsgi(app).url)
        assert (answer.status_code, answer.content) == (200, b"")


def test_an_answer_is_streamed_as_it_is_made(serve_wsgi: Serve) -> None:
    go_on = threading.Event()

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        yield b"first"
        assert go_on.wait(10)
        yield b"second"

    with httpx.stream("GET", serve_wsgi(app).url) as answer:
        pieces = answer.iter_raw()
        assert next(pieces) == b"first"
        go_on.set()
        assert b"".join(pieces) == b"second"


def test_a_slow_reader_slows_the_stream_down(serve_wsgi: Serve) -> None:
    made = 0

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        nonlocal made
        start_response("200 OK", [])
        for _ in range(1000):
            made += 1
            yield b"x" * 100_000

    with httpx.stream("GET", serve_wsgi(app).url) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        time.sleep(0.5)
        assert made < 500
        assert sum(map(len, pieces)) > 90_000_000


def test_when_the_client_leaves_the_stream_ends_and_is_closed(serve_wsgi: Serve) -> None:
    closed = threading.Event()

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        try:
            while True:
                yield b"tick"
                time.sleep(0.01)
        finally:
            closed.set()

    with httpx.stream("GET", serve_wsgi(app).url) as answer:
        next(answer.iter_raw())
    assert closed.wait(10)


def test_results_are_closed(serve_wsgi: Serve) -> None:
    closed: list[str] = []

    class Result:
        def __init__(self, fails: bool) -> None:
            self.fails = fails

        def __iter__(self) -> Iterator[bytes]:
            if self.fails:
                raise ValueError("as the test wants")
            yield b"ok"

        def close(self) -> None:
            closed.append("closed")

    def app(environ: Environ, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Length", "2")])
        return Result(environ["PATH_INFO"] == "/fails")

    server = serve_wsgi(app)
    assert httpx.get(server.url).text == "ok"
    failed = httpx.get(server.url + "/fails")
    assert (failed.status_code, failed.json()["error"]) == (500, "ERROR_INTERNAL")
    assert closed == ["closed", "closed"]


def test_a_failure_in_a_stream_breaks_the_connection_off(serve_wsgi: Serve) -> None:
    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        yield b"begun"
        raise ValueError("as the test wants")

    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(serve_wsgi(app).url)


def test_files_are_sent_without_holding_a_thread(serve_wsgi: Serve, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 50_000_000)

    def app(environ: Environ, start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/small":
            return environ_of("REQUEST_METHOD")(environ, start_response)
        start_response("200 OK", [("Content-Length", "50000000")])
        return environ["wsgi.file_wrapper"](path.open("rb"))

    server = serve_wsgi(app, threads=1)
    with httpx.stream("GET", server.url) as answer:
        pieces = answer.iter_raw()
        next(pieces)
        assert httpx.get(server.url + "/small").text == "GET"
        assert sum(map(len, pieces)) > 49_000_000


def test_requests_run_side_by_side_and_the_rest_wait(serve_wsgi: Serve) -> None:
    running, most = 0, 0
    lock = threading.Lock()

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return echo(environ, start_response)

    server = serve_wsgi(app, threads=3)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda number: httpx.post(server.url, content=str(number)).text, range(60)))
    assert answers == [str(number) for number in range(60)]
    assert most == 3


def test_nothing_is_left_in_the_context_for_the_next_request(serve_wsgi: Serve) -> None:
    import contextvars

    seen: contextvars.ContextVar[str] = contextvars.ContextVar("seen", default="nothing")

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        before = seen.get()
        seen.set("something")
        start_response("200 OK", [])
        return [before.encode()]

    server = serve_wsgi(app, threads=1)
    assert [httpx.get(server.url).text for _ in range(2)] == ["nothing", "nothing"]


def test_websockets_are_refused_without_a_handler(serve_wsgi: Serve) -> None:
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    url = serve_wsgi(echo).url.replace("http", "ws")
    with pytest.raises(InvalidStatus), connect(url):
        pytest.fail("was let in")


def test_websockets_go_to_the_handler(serve_wsgi: Serve) -> None:
    from websockets.sync.client import connect

    async def handler(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        message = await receive()
        await send({"type": "websocket.send", "text": message["text"].upper()})
        await send({"type": "websocket.close"})

    server = serve_wsgi(echo, websocket_handler=handler)
    with connect(server.url.replace("http", "ws")) as client:
        client.send("hello")
        assert client.recv() == "HELLO"
        assert wait_until(lambda: client.protocol.close_rcvd is not None, 10)
