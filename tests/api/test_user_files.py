"""User files: uploading, from addresses too, names and types, thumbnails, and that nothing served can act."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image

from core.outbound.addresses import AddressPolicy
from core.outbound.client import GuardedClient
from plugin_api import media
from plugin_api.db import begin, connection
from plugin_api.outbound import Outbound
from plugin_api.platform import service
from plugin_api.storage import Storage
from plugins.user_files import arriving, content, files
from plugins.user_files.models import UserFile
from plugins.user_files.names import clean_name

UPLOAD, VIA_URL = "/api/user-files/upload-file/", "/api/user-files/upload-via-url/"
BASE = "http://127.0.0.1:3000"


def picture(width: int, height: int, kind: str = "PNG", **options: Any) -> bytes:
    """An image of one colour."""
    target = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 60)).save(target, kind, **options)
    return target.getvalue()


def upload(api: Any, name: str, body: bytes, mime_type: str = "text/plain", key: str = "file") -> tuple[int, Any]:
    """Send a form with a file."""
    form = {key: (io.BytesIO(body), name, mime_type)}
    return api.call("POST", UPLOAD, data=form, content_type="multipart/form-data")


def fetch(client: FlaskClient, url: str, method: str = "GET", **headers: str) -> Any:
    """Ask for the file at an address of an answer."""
    assert url.startswith(BASE)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(url.removeprefix(BASE), method=method, headers=sent, buffered=True)


def test_a_text_is_kept_and_served(api: Any, client: FlaskClient) -> None:
    status, made = upload(api, "notes.txt", b"Hello, file.\n")
    assert status == 200
    assert made["url"] == f"{BASE}/media/user_files/{made['name']}"
    expected = {"size": 13, "mime_type": "text/plain", "is_image": False, "thumbnails": None}
    assert made | expected | {"image_width": None, "image_height": None, "original_name": "notes.txt"} == made
    assert made["uploaded_at"].endswith("Z")
    answer = fetch(client, made["url"])
    assert (answer.status_code, answer.data) == (200, b"Hello, file.\n")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "inline; filename=notes.txt"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "immutable" in answer.headers["Cache-Control"] and "private" in answer.headers["Cache-Control"]


def test_the_same_file_keeps_its_name(api: Any, make_user: Any) -> None:
    first = upload(api, "a.txt", b"same")[1]
    assert upload(api, "a.txt", b"same")[1] == first
    others = [upload(api, "b.txt", b"same")[1], upload(api, "a.txt", b"different")[1]]
    others.append(upload(make_user(), "a.txt", b"same")[1])
    assert len({first["name"], *(other["name"] for other in others)}) == 4
    stored = list(service(Storage).names(files.content_name(first["name"][33:97])))
    assert len(stored) == 1


def test_a_lost_content_is_mended_by_the_next_upload(api: Any, client: FlaskClient) -> None:
    made = upload(api, "lost.txt", b"to be lost")[1]
    service(Storage).delete(files.content_name(made["name"][33:97]))
    assert fetch(client, made["url"]).status_code == 404
    assert upload(api, "lost.txt", b"to be lost")[1] == made
    assert fetch(client, made["url"]).data == b"to be lost"


@pytest.mark.parametrize(
    ("name", "body", "mime_type", "original", "ending"),
    [
        ("archive.tar.gz", b"not really", "application/x-tar", "archive.tar.gz", ".gz"),
        ("no-extension", b"plain", "application/octet-stream", "no-extension", "."),
        ("UPPER.TXT", b"x", "text/plain", "UPPER.TXT", ".txt"),
        ("ümläut.txt", b"named", "text/plain", "ümläut.txt", ".txt"),
        ("../../etc/passwd.txt", b"x", "text/plain", "passwd.txt", ".txt"),
        (".hidden", b"x", "application/octet-stream", ".hidden", "."),
        ("odd.a b", b"x", "application/octet-stream", "odd.a b", "."),
        ("n" * 260 + ".txt", b"long", "text/plain", "n" * 31 + "..." + "n" * 26 + ".txt", ".txt"),
        ("lying.png", b"this is no image", "image/png", "lying.png", ".png"),
    ],
)
def test_names_and_types(api: Any, name: str, body: bytes, mime_type: str, original: str, ending: str) -> None:
    status, made = upload(api, name, body, "application/x-whatever")
    assert (status, made["mime_type"], made["original_name"]) == (200, mime_type, original)
    assert made["name"][97:] == ending and made["is_image"] is False


@pytest.mark.parametrize(
    ("given", "name"),
    [("C:\\files\\plan.txt", "plan.txt"), ("", "file"), ("a/", "file"), ("a\0\nb", "ab"), ("..", "file")],
)
def test_names_files_come_with(given: str, name: str) -> None:
    assert clean_name(given) == name


@pytest.mark.parametrize(
    ("name", "body", "served", "how"),
    [
        ("page.html", b"<script>alert(1)</script>", "application/octet-stream", "attachment"),
        ("drawing.svg", b"<svg onload='alert(1)'/>", "application/octet-stream", "attachment"),
        ("script.js", b"alert(1)", "application/octet-stream", "attachment"),
        ("lying.png", b"<html><script>", "application/octet-stream", "attachment"),
        ("binary.txt", b"a\0b", "application/octet-stream", "attachment"),
        ("table.csv", b"a,b", "text/plain; charset=utf-8", "inline"),
        ("paper.pdf", b"%PDF-1.7 ...", "application/pdf", "inline"),
        ("fake.pdf", b"<html>", "application/octet-stream", "attachment"),
        ("film.mp4", b"....ftyp", "video/mp4", "attachment"),
        ("really.html", picture(2, 2), "image/png", "inline"),
    ],
)
def test_what_browsers_are_told(api: Any, client: FlaskClient, name: str, body: bytes, served: str, how: str) -> None:
    answer = fetch(client, upload(api, name, body)[1]["url"])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, served)
    assert answer.headers["Content-Disposition"].startswith(f"{how};")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_downloads_have_the_name_that_is_wanted(api: Any, client: FlaskClient) -> None:
    url = upload(api, "a.txt", b"x")[1]["url"]
    answer = fetch(client, f"{url}?dl=..%2Fmy%22%0Aplan.txt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my\\"plan.txt"'


def test_ranges_and_unchanged_files(api: Any, client: FlaskClient) -> None:
    url = upload(api, "digits.txt", b"0123456789")[1]["url"]
    part = fetch(client, url, Range="bytes=2-4")
    assert (part.status_code, part.data, part.headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    outside = fetch(client, url, Range="bytes=50-60")
    assert (outside.status_code, outside.headers["Content-Range"]) == (416, "bytes */10")
    whole = fetch(client, url)
    assert fetch(client, url, If_None_Match=whole.headers["ETag"]).status_code == 304
    head = fetch(client, url, "HEAD")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "10")


@pytest.mark.parametrize(
    "path",
    [
        "/media/user_files/nothing.txt",
        "/media/user_files/" + "a" * 32 + "_" + "b" * 64 + ".txt",
        "/media/user_files/..%2f..%2fsecret_key",
        "/media/user_files/../../secret_key",
        "/media/user_files/",
        "/media/thumbnails/huge/x.png",
        "/media/thumbnails/tiny/..%2fx",
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_images_have_sizes_and_thumbnails(api: Any, client: FlaskClient) -> None:
    made = upload(api, "wide.png", picture(1200, 600))[1]
    assert (made["is_image"], made["image_width"], made["image_height"]) == (True, 1200, 600)
    sizes = {size: (found["width"], found["height"]) for size, found in made["thumbnails"].items()}
    assert sizes == {"tiny": (None, 21), "small": (48, 48), "card_cover": (300, 160)}
    assert made["thumbnails"]["tiny"]["url"] == f"{BASE}/media/thumbnails/tiny/{made['name']}"
    wanted = {"tiny": (42, 21), "small": (48, 24), "card_cover": (300, 150)}
    for size, pixels in wanted.items():
        for _ in range(2):  # made, then kept
            answer = fetch(client, made["thumbnails"][size]["url"])
            assert answer.headers["Content-Type"] == "image/png"
            assert Image.open(io.BytesIO(answer.data)).size == pixels


@pytest.mark.parametrize(("kind", "served"), [("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")])
def test_kinds_of_images(api: Any, client: FlaskClient, kind: str, served: str) -> None:
    made = upload(api, f"one.{kind.lower()}", picture(400, 10, kind))[1]
    assert (made["is_image"], made["image_width"], made["mime_type"]) == (True, 400, served)
    assert fetch(client, made["url"]).headers["Content-Type"] == served
    small = fetch(client, made["thumbnails"]["small"]["url"])
    assert Image.open(io.BytesIO(small.data)).size == (48, 1)


def test_photographs_stand_upright_and_tell_no_place(api: Any, client: FlaskClient) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "where it was"
    made = upload(api, "photo.jpg", picture(400, 200, "JPEG", exif=exif))[1]
    shown = fetch(client, made["thumbnails"]["small"]["url"]).data
    assert Image.open(io.BytesIO(shown)).size == (24, 48)
    assert b"where it was" not in shown


def test_small_images_do_not_grow(api: Any, client: FlaskClient) -> None:
    made = upload(api, "dot.png", picture(1, 1))[1]
    for found in made["thumbnails"].values():
        assert Image.open(io.BytesIO(fetch(client, found["url"]).data)).size == (1, 1)


def test_broken_images_have_no_thumbnails_and_are_tried_once(
    api: Any, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = upload(api, "half.png", picture(500, 500)[:200])[1]
    assert made["is_image"] is True
    url = made["thumbnails"]["small"]["url"]
    assert fetch(client, url).status_code == 404
    monkeypatch.setattr("plugins.user_files.thumbnails.open_content", _never)
    assert fetch(client, url).status_code == 404


def _never(*args: Any) -> Any:
    raise AssertionError("opened again")


def test_bombs_are_not_opened(api: Any, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = bytearray(picture(1, 1))
    huge[16:24] = (30_000).to_bytes(4) * 2
    made = upload(api, "bomb.png", bytes(huge))[1]
    assert (made["is_image"], made["thumbnails"]) == (False, None)
    monkeypatch.setattr(content, "MAX_PIXELS", 99)
    assert upload(api, "big.png", picture(10, 10))[1]["is_image"] is False
    assert upload(api, "fits.png", picture(9, 11))[1]["is_image"] is True
    assert client.get(f"/media/thumbnails/tiny/{made['name']}").status_code == 404


def test_files_that_are_too_large(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service(media.Media), "max_upload_bytes", 10)
    assert upload(api, "a.txt", b"x" * 10)[0] == 200
    status, body = upload(api, "a.txt", b"x" * 11)
    assert (status, body["error"]) == (400, "ERROR_FILE_SIZE_TOO_LARGE")


def test_uploads_that_are_none(api: Any, anonymous: Any) -> None:
    assert upload(api, "a.txt", b"x", key="other")[1]["error"] == "ERROR_INVALID_FILE"
    assert api.post(UPLOAD, {"file": "a.txt"})[0] == 415
    assert api.call("POST", UPLOAD)[0] == 415
    text = api.call("POST", UPLOAD, data={"file": "just text"}, content_type="multipart/form-data")
    assert text[1]["error"] == "ERROR_INVALID_FILE"
    assert upload(anonymous, "a.txt", b"x")[0] == 401
    assert upload(api, "empty.txt", b"")[1]["size"] == 0


def test_a_database_token_uploads_as_its_owner(api: Any, client: FlaskClient, sheet: Any) -> None:
    from tests.conftest import Api

    status, token = api.post("/api/database/tokens/", {"name": "Key", "workspace": sheet.workspace_id})
    assert status == 200, token
    machine = Api(client, token["key"], "Token")
    made = upload(machine, "a.txt", b"by token")[1]
    assert made["name"] == upload(api, "a.txt", b"by token")[1]["name"]
    assert upload(Api(client, "x" * 32, "Token"), "a.txt", b"x")[0] == 401


def test_the_port_of_the_request_is_believed_and_nothing_else(api: Any) -> None:
    def address(**headers: str) -> str:
        form = {"file": (io.BytesIO(b"where"), "a.txt")}
        return str(api.call("POST", UPLOAD, data=form, content_type="multipart/form-data", headers=headers)[1]["url"])

    assert address(Host="127.0.0.1:8123").startswith("http://127.0.0.1:8123/media/")
    for host in ("evil.example.org:80", "127.0.0.1", "127.0.0.1@evil.example.org:80", "127.0.0.1.evil.org:1"):
        assert address(Host=host).startswith(f"{BASE}/media/"), host


class Site:
    """A server on this machine."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                self.send_response(404 if "missing" in self.path else 200)
                self.end_headers()
                self.wfile.write(b"served")

            def log_message(self, *args: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def site() -> Iterator[Site]:
    """A server on this machine."""
    made = Site()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def reachable(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """The server, with a client that may reach it."""
    monkeypatch.setattr(service(Outbound), "_policy", AddressPolicy(["127.0.0.1"]))
    return site


def test_uploads_from_an_address(api: Any, client: FlaskClient, reachable: Site) -> None:
    status, made = api.post(VIA_URL, {"url": reachable.url + "/some%20folder/a%20plan.txt?version=2"})
    assert (status, made["original_name"], made["size"], made["mime_type"]) == (200, "a plan.txt", 6, "text/plain")
    assert fetch(client, made["url"]).data == b"served"
    assert api.post(VIA_URL, {"url": reachable.url})[1]["original_name"] == "file"


def test_addresses_that_answer_nothing_usable(api: Any, reachable: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def error(url: str) -> str:
        status, body = api.post(VIA_URL, {"url": url})
        assert status == 400
        return str(body["error"])

    assert error(reachable.url + "/missing.txt") == "ERROR_FILE_URL_COULD_NOT_BE_REACHED"
    assert error("http://nobody.invalid/a.txt") == "ERROR_FILE_URL_COULD_NOT_BE_REACHED"
    assert error("ftp://127.0.0.1/a.txt") == "ERROR_INVALID_FILE_URL"
    monkeypatch.setattr(service(media.Media), "max_upload_bytes", 5)
    assert error(reachable.url + "/a.txt") == "ERROR_FILE_SIZE_TOO_LARGE"


def test_private_addresses_are_not_asked(api: Any, site: Site) -> None:
    assert isinstance(service(Outbound), GuardedClient)
    for url in (site.url, site.url.replace("127.0.0.1", "localhost")):
        body = api.post(VIA_URL, {"url": url + "/a.txt"})[1]
        assert body["error"] == "ERROR_FILE_URL_COULD_NOT_BE_REACHED"
    assert site.asked == []


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "required"), ({"url": ""}, "blank"), ({"url": "file"}, "invalid"), ({"url": 12}, "invalid")],
)
def test_bodies_without_an_address(api: Any, body: Any, code: str) -> None:
    status, answer = api.post(VIA_URL, body)
    assert (status, answer["detail"]["url"][0]["code"]) == (400, code)


def test_nothing_is_open_in_the_database_while_a_file_is_fetched(
    api: Any, reachable: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []
    send: Callable[..., Any] = GuardedClient.send

    def watched(*args: Any) -> Any:
        with begin():
            query = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in %'"
            )
            states.append(str(connection().execute(sa.text(query)).scalar_one()))
        return send(*args)

    monkeypatch.setattr(GuardedClient, "send", watched)
    assert api.post(VIA_URL, {"url": reachable.url + "/a.txt"})[0] == 200
    assert states == ["0"]


def test_files_outlive_their_uploaders(app: Any, sheet: Any) -> None:
    with begin():
        user = (
            connection()
            .execute(
                sa.text("INSERT INTO core.\"user\" (email, name, password) VALUES ('gone@x.org', 'G', '') RETURNING id")
            )
            .scalar_one()
        )
        made = files.store(io.BytesIO(b"kept"), "kept.txt", user)
    with begin():
        connection().execute(sa.text('DELETE FROM core."user" WHERE id = :id'), {"id": user})
        query = sa.select(UserFile.uploaded_by).where(UserFile.name == made.name)
        assert connection().execute(query).one() == (None,)


def _kept_contents() -> set[str]:
    return {name.rpartition("/")[2] for name in service(Storage).names("user_files/")}


def test_what_is_not_kept_in_the_end_is_removed(api: Any) -> None:
    """Nobody knows the content of a file whose transaction was rolled back; one that was kept before stays."""
    upload(api, "kept.txt", b"content that was kept before")
    before = _kept_contents()
    with pytest.raises(RuntimeError), begin():
        for body in (b"content of a failure", b"content that was kept before"):
            files.store(io.BytesIO(body), "lost.txt", api.user["id"])
        raise RuntimeError
    assert len(_kept_contents() - before) == 1
    arriving.remove_unkept()
    assert _kept_contents() == before


def test_nothing_is_removed_while_it_arrives(api: Any) -> None:
    before = _kept_contents()
    with begin():
        made = files.store(io.BytesIO(b"content that takes long"), "long.txt", api.user["id"])
        arriving.remove_unkept()
    assert _kept_contents() - before == {made.sha256}
    arriving.remove_unkept()
    assert _kept_contents() - before == {made.sha256}


def test_a_mark_that_outlived_its_commit_harms_nothing(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _kept_contents()
    monkeypatch.setattr(arriving, "after_commit", lambda callback: None)
    made = upload(api, "marked.txt", b"content whose mark was left")[1]
    arriving.remove_unkept()
    assert len(_kept_contents() - before) == 1
    with begin():
        assert files.find([made["name"]])[made["name"]].sha256 in _kept_contents()
