"""Requests to other servers: private addresses, rebinding, redirects, limits."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.outbound.addresses import AddressPolicy
from core.outbound.client import GuardedClient
from core.settings import Settings, SettingsError
from plugin_api.outbound import AddressRefused, Answer, AnswerTooLarge, BadAddress, Limits, OutboundError

Reply = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine whose answers are given by path; `asked` lists the requests it got."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[tuple[str, str, bytes]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                site.asked.append((self.command, self.path, body))
                self.close_connection = True
                try:
                    site.replies[self.path](self)
                except (BrokenPipeError, ConnectionResetError):
                    return  # the client had enough

            do_POST = do_GET

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answers(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """Answer a path so."""

        def reply(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.replies[path] = reply


@pytest.fixture
def site() -> Iterator[Site]:
    """A server on this machine."""
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


def send(
    url: str,
    *allowed: str,
    method: str = "GET",
    content: bytes | None = None,
    into: io.BytesIO | None = None,
    **limits: Any,
) -> Answer:
    """Send through a client that may reach the networks `allowed`."""
    return GuardedClient(AddressPolicy(allowed)).send(method, url, {}, content, Limits(**limits), into)


def test_an_answer_comes_whole(site: Site) -> None:
    site.answers("/hook", b"done", 201, Etag="one")
    answer = send(site.url + "/hook", "127.0.0.0/8", method="POST", content=b"hello")
    assert (answer.status, answer.body, answer.size, answer.headers["etag"]) == (201, b"done", 4, "one")
    assert site.asked == [("POST", "/hook", b"hello")]
    target = io.BytesIO()
    answer = send(site.url + "/hook", "*", into=target)
    assert (answer.body, answer.size, target.getvalue()) == (b"", 4, b"done")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_asked(site: Site, host: str) -> None:
    port = site.server.server_address[1]
    with pytest.raises(AddressRefused):
        send(f"http://{host}:{port}/secret")
    assert site.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "not an address",
    ],
)
def test_private_addresses_are_not_allowed(address: str) -> None:
    assert not AddressPolicy().allows(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert AddressPolicy().allows(address)


def test_listed_networks_are_allowed_and_no_others() -> None:
    policy = AddressPolicy(["10.0.0.0/8", "fd00::/8", "192.168.1.7"])
    assert all(policy.allows(address) for address in ("10.9.9.9", "fd12::1", "192.168.1.7", "::ffff:10.0.0.1"))
    assert not any(policy.allows(address) for address in ("192.168.1.8", "127.0.0.1", "::1"))


def _resolved(*answers: list[str]) -> Callable[..., Any]:
    """Stands in for name lookup: each call gets the next answer, then the last one again."""
    left = list(answers)

    def look_up(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    return look_up


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolved(["93.184.215.14", "10.0.0.1"]))
    with pytest.raises(AddressRefused):
        AddressPolicy().addresses("two.example.org", 80)


def test_the_checked_address_is_the_one_that_is_connected_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere at the second look-up gains nothing by it."""
    site.answers("/", b"here")
    port = site.server.server_address[1]
    connected: list[Any] = []
    real = socket.create_connection

    def connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        connected.append(address)
        return real(("127.0.0.1", port), *args, **kwargs)

    lookups: list[str] = []
    answers = _resolved(["93.184.215.14"], ["10.0.0.1"])

    def look_up(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == "127.0.0.1":
            return look_up_really(host, *args, **kwargs)
        lookups.append(host)
        return answers(host, *args, **kwargs)

    look_up_really = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert send("http://rebinding.example.org/").body == b"here"
    assert lookups == ["rebinding.example.org"]
    assert connected == [("93.184.215.14", 80)]


def test_redirects_are_followed_and_checked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers("/start", status=302, Location="/end")
    site.answers("/end", b"end")
    assert send(site.url + "/start", "127.0.0.1").url == site.url + "/end"
    asked = len(site.asked)
    port = site.server.server_address[1]
    site.answers("/inside", status=302, Location=f"http://127.0.0.2:{port}/end")
    with pytest.raises(AddressRefused):
        send(site.url + "/inside", "127.0.0.1")
    assert len(site.asked) == asked + 1
    site.answers("/around", status=302, Location="/around")
    with pytest.raises(OutboundError, match="more than 3 times"):
        send(site.url + "/around", "*", redirects=3)
    site.answers("/file", status=302, Location="file:///etc/passwd")
    with pytest.raises(OutboundError):
        send(site.url + "/file", "*")


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "127.0.0.1/x", "", "http://[::1"]
)
def test_other_addresses_are_bad(url: str) -> None:
    with pytest.raises(BadAddress):
        send(url, "*")


def test_the_size_is_limited_whether_announced_or_not(site: Site) -> None:
    site.answers("/announced", b"x" * 1001, **{"Content-Length": "1001"})
    site.answers("/silent", b"x" * 1001)
    site.answers("/exact", b"x" * 1000)
    for path in ("/announced", "/silent"):
        with pytest.raises(AnswerTooLarge):
            send(site.url + path, "*", max_bytes=1000)
    assert send(site.url + "/exact", "*", max_bytes=1000).size == 1000


@pytest.mark.parametrize("where", ["head", "body"])
def test_a_server_that_drips_is_left_when_the_time_is_over(site: Site, where: str) -> None:
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"" if where == "head" else b"\r\n"))
        while not done.wait(0.05):
            handler.wfile.write(b"a")

    site.replies["/"] = drip
    with pytest.raises(OutboundError, match="within 0.5 seconds"):
        send(site.url + "/", "*", seconds=0.5)
    done.set()


def test_a_server_that_is_not_there(site: Site) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OutboundError, match="cannot be reached"):
            send(f"http://127.0.0.1:{taken.getsockname()[1]}/", "*")
    with pytest.raises(OutboundError, match="no server called"):
        send("http://nobody.invalid/", "*")


def test_no_proxy_of_the_environment_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.answers("/", b"direct")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert send(site.url + "/", "*").body == b"direct"


def test_the_setting_takes_networks_only() -> None:
    name = "TABLEWRIGHT_ALLOW_PRIVATE_ADDRESSES"
    assert Settings.load({name: "10.0.0.0/8, fd00::/8,*"}).allow_private_addresses == ("10.0.0.0/8", "fd00::/8", "*")
    with pytest.raises(SettingsError, match=name):
        Settings.load({name: "localhost"})


@pytest.mark.parametrize(
    ("host", "public_url", "alone"),
    [
        ("127.0.0.1", "", True),
        ("::1", "http://localhost:8000", True),
        ("127.0.0.1", "https://tables.example.org", False),
        ("0.0.0.0", "", False),
        ("0.0.0.0", "http://127.0.0.1:8000", False),
    ],
)
def test_who_serves_its_own_machine_alone(host: str, public_url: str, alone: bool) -> None:
    assert Settings(host=host, public_url=public_url).serves_itself_alone is alone
