"""Bad input for every operation: a clear refusal in the API's shape, never a failure of the server, nothing stored."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import sqlalchemy as sa
from flask import Flask

from core.settings import Settings
from plugin_api.db import begin, connection
from plugin_api.platform import service
from tests.sheets import Sheet

DEEP = "[" * 10_000 + "]" * 10_000
BODIES: list[bytes] = [
    b"",
    b"{",
    b'{"name": }',
    b"[]",
    b'"text"',
    b"5",
    b"null",
    b"\xff\xfe{",
    b'{"name": "\\ud800"}',
    b'{"name": "a\\u0000b"}',
    b'{"name": 1e999}',
    b'{"name": NaN}',
    b'{"name": ' + DEEP.encode() + b"}",
    b'{"name": ' + b"9" * 5_000 + b"}",
]
JUNK: list[Any] = [
    None,
    True,
    -1,
    2**63,
    10**400,
    1.5,
    "",
    "x" * 100_000,
    "a\0b",
    "\ud800",
    '"; DROP TABLE core.user; --%s %(x)s \\',
    [],
    {},
    [[[1]]],
    {"a": {"b": None}},
    ["\0", None, 2**70],
]
QUERIES = ["-1", "0", "9" * 40, "x" * 9_000, "%00", "%ff%fe", 'a,b,,"', "%F0%9F%98%80", "[]", "true'--"]
IDS = ["0", "-1", "2147483648", "9223372036854775807", "9" * 30, "x", "1.5", "%00", "%ff", "1%2F2"]
TABLES = ("core.user", "core.workspace", "core.membership", "core.application", "database.table", "database.field")


class Case:
    """An operation of the API with ids of things that exist."""

    def __init__(self, path: str, method: str, operation: dict[str, Any], ids: dict[str, Any]) -> None:
        self.template, self.method, self.operation, self.ids = path, method.upper(), operation, ids

    @property
    def path(self) -> str:
        """With ids that exist."""
        return re.sub(r"{(\w+)}", lambda found: str(self.ids.get(found[1], 1)), self.template)

    def paths(self) -> Iterator[str]:
        """With bad ids in each place."""
        for name in re.findall(r"{(\w+)}", self.template):
            for bad in IDS:
                yield self.path_with(name, bad)

    def path_with(self, name: str, value: Any) -> str:
        """With another id in one place."""
        ids = {**self.ids, name: value}
        return re.sub(r"{(\w+)}", lambda found: str(ids.get(found[1], 1)), self.template)

    def keys(self, document: dict[str, Any]) -> list[str]:
        """The top-level keys of the body."""
        found: dict[str, Any] = self.operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        return sorted(_keys(found.get("schema", {}), document))


def _keys(schema: dict[str, Any], document: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _keys(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    keys = set(schema.get("properties", {}))
    for part in [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]:
        keys |= _keys(part, document)
    return keys


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document."""
    found = app.test_client().get("/api/schema.json").get_json()
    assert len(found["paths"]) > 50
    return dict(found)


@pytest.fixture
def cases(document: dict[str, Any], api: Any, sheet: Sheet) -> list[Case]:
    """Every operation, on things of the user; not those that would end the user's own account or sessions."""
    token = api.post("/api/database/tokens/", {"name": "T", "workspace": sheet.workspace_id})[1]
    members = api.get(f"/api/workspaces/users/workspace/{sheet.workspace_id}/")[1]
    sheet.insert({"Name": "a"}, {"Name": "b"})
    field = sheet.add("Number", "number")
    ids = {
        "workspace_id": sheet.workspace_id,
        "application_id": sheet.database_id,
        "database_id": sheet.database_id,
        "table_id": sheet.id,
        "field_id": field,
        "row_id": 1,
        "token_id": token["id"],
        "workspace_user_id": members[0]["id"],
        "name": "nothing",
        "token": "x",
    }
    return [
        Case(path, method, operation, ids)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "patch", "put", "delete")
    ]


def stored() -> list[Any]:
    """What a refused request must leave as it is."""
    with begin():
        return [
            tuple(connection().execute(sa.text(f"SELECT count(*), max(id) FROM {table}")).one()) for table in TABLES
        ]


def check(answer: Any, what: str) -> int:
    """The answer is one of the API's: no failure, and refusals say what is wrong."""
    assert answer.status_code < 500, f"{what}: {answer.status_code} {answer.get_data()[:300]!r}"
    if answer.status_code >= 400:
        body = answer.get_json(silent=True)
        assert isinstance(body, dict), what
        assert {"error", "detail"} <= body.keys(), f"{what}: {body}"
    return int(answer.status_code)


def test_bodies_that_are_no_json_or_of_another_type(app: Flask, api: Any, cases: list[Case]) -> None:
    client, before = app.test_client(), stored()
    for case in cases:
        if "requestBody" not in case.operation:
            continue
        for body in BODIES:
            answer = client.open(
                case.path, method=case.method, data=body, content_type="application/json", headers=api.headers
            )
            status = check(answer, f"{case.method} {case.path} {body[:40]!r}")
            if "302" in case.operation["responses"]:
                assert status == 302, "browsers are sent to the page for errors"
            elif body not in (b"", b"null") and not body.startswith(b'{"name"'):
                assert status >= 400, f"{case.method} {case.path} took {body[:40]!r}"
    assert stored() == before


def test_every_key_with_every_kind_of_junk(app: Flask, api: Any, cases: list[Case], document: dict[str, Any]) -> None:
    client = app.test_client()
    for case in cases:
        for key, junk in itertools.product(case.keys(document), JUNK):
            body = json.dumps({**_good(case), key: junk})
            answer = client.open(
                case.path, method=case.method, data=body, content_type="application/json", headers=api.headers
            )
            check(answer, f"{case.method} {case.path} {key} = {str(junk)[:40]!r}")


def _good(case: Case) -> dict[str, Any]:
    """Enough of a good body for the junk to be looked at."""
    return {"name": "Good", "type": "text"} if "/fields/table/" in case.template else {"name": "Good"}


def test_parameters_of_all_kinds(app: Flask, api: Any, cases: list[Case]) -> None:
    client = app.test_client()
    more = ["order_by", "search", "filters", "include", "exclude", "filter__field_1__equal", "user_field_names", "x"]
    for case in cases:
        if case.method != "GET":
            continue
        given = [found["name"] for found in case.operation.get("parameters", []) if found["in"] == "query"]
        for name, value in itertools.product([*given, *(more if "/rows/" in case.path else [])], QUERIES):
            check(client.get(f"{case.path}?{name}={value}", headers=api.headers), f"{case.path}?{name}={value[:40]}")


def test_ids_that_do_not_exist(app: Flask, api: Any, cases: list[Case]) -> None:
    client, before = app.test_client(), stored()
    for case in cases:
        for path in case.paths():
            answer = client.open(path, method=case.method, json={"name": "x"}, headers=api.headers)
            check(answer, f"{case.method} {path}")
    assert stored() == before


def test_what_belongs_to_others(app: Flask, make_user: Any, cases: list[Case]) -> None:
    """Nothing of others is answered or changed: every operation on their things is refused."""
    client, stranger = app.test_client(), make_user()
    before = stored()
    for case in cases:
        if not re.search(r"{(workspace|application|database|table|field|row|workspace_user)_id}", case.template):
            continue
        answer = client.open(case.path, method=case.method, json={"name": "Mine now"}, headers=stranger.headers)
        status = check(answer, f"{case.method} {case.path}")
        if not case.template.endswith("/permissions/"):  # it tells outsiders that they may do nothing
            assert status >= 400, f"{case.method} {case.path}: {status}"
    assert stored() == before


def _tokens(user_id: int) -> Iterator[str]:
    secret, now = service(Settings).secret_key, datetime.now(UTC)
    claims = {"token_type": "access", "user_id": user_id, "auth_version": 1, "session": "s", "jti": "j", "iat": now}
    yield "JWT " + jwt.encode({**claims, "exp": now - timedelta(minutes=1)}, secret, "HS256")
    yield "JWT " + jwt.encode({**claims, "exp": now + timedelta(hours=1)}, "another key of many characters!!", "HS256")
    yield "JWT " + jwt.encode({**claims, "exp": now + timedelta(hours=1)}, "", "none")
    yield "JWT " + jwt.encode({**claims, "exp": 10**30}, secret, "HS256")
    yield "JWT " + jwt.encode({**claims, "user_id": "1 OR 1", "exp": now + timedelta(hours=1)}, secret, "HS256")
    yield from ("JWT", "JWT ", "JWT a b", "JWT \xff", "Token x", "Basic YTpi", "Bearer x", "JWT " + "x" * 7_000)


def test_credentials_that_are_no_good(app: Flask, api: Any, cases: list[Case]) -> None:
    client, before, tokens = app.test_client(), stored(), list(_tokens(api.user["id"]))
    for case in cases:
        if not case.operation.get("security"):
            continue
        for token in tokens:
            answer = client.open(case.path, method=case.method, json={"name": "x"}, headers={"Authorization": token})
            refused = (400, 401, 403, 404) if {} in case.operation["security"] else (400, 401, 403)
            assert check(answer, f"{case.method} {case.path} {token[:30]}") in refused
    assert stored() == before


NAMES = [
    'a"b',
    "a'b",
    "a\\b",
    "100%",
    "%(x)s",
    "{x}",
    ":x",
    "ü" * 120,
    "😀" * 60,
    "\u202eabc",
    "a\nb",
    "a,b",
    "$1",
    "?",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_are_only_names(api: Any, sheet: Sheet, name: str) -> None:
    """Names of tables, fields and options with all that means something to somebody."""
    status, table = api.post(f"/api/database/tables/database/{sheet.database_id}/", {"name": name, "data": [["x"]]})
    assert (status, table["name"]) == (200, name)
    options = [{"value": name, "color": "red"}]
    sheet.add(name, "text")
    sheet.add("Select", "single_select", select_options=options)
    rows = f"/api/database/rows/table/{sheet.id}/"
    status, row = api.post(f"{rows}?user_field_names=true", {name: name, "Select": name})
    assert (status, row.get(name), row["Select"]["value"]) == (200, name, name)
    query = {"user_field_names": "true", f"filter__{name}__equal": name, "search": name, "search_mode": "compat"}
    status, found = api.get(rows, query_string=query)
    assert (status, found["count"]) == (200, 1)


DIGITS = ["1e400", "-0", "0x10", "٣", "9999-99-99", "0000-01-01", "1" * 400]
VALUES: list[Any] = [*JUNK, *DIGITS, {"id": 1}, [2**65], [{}]]


def test_every_type_with_every_value(api: Any, sheet: Sheet) -> None:
    """A batch with one bad value is not written at all, and the answer names row and field."""
    types = ["long_text", "number", "rating", "boolean", "date", "url", "email", "phone_number", "single_select"]
    types += ["multiple_select", "uuid", "autonumber", "created_on", "last_modified"]
    kinds = {name: sheet.add(name, name) for name in types}
    rows = f"/api/database/rows/table/{sheet.id}/"
    made = 0
    for (name, field), value in itertools.product(kinds.items(), VALUES):
        body = json.dumps({"items": [{}, {f"field_{field}": value}]})
        answer = api.client.post(f"{rows}batch/", data=body, content_type="application/json", headers=api.headers)
        status = check(answer, f"{name} = {str(value)[:40]!r}")
        made += 2 if status == 200 else 0
        if status == 400 and isinstance(answer.get_json()["detail"], dict):
            assert list(answer.get_json()["detail"].get("items", {"1": 0})) == ["1"], name
    assert api.get(rows)[1]["count"] == made


def test_the_same_name_at_the_same_time(api: Any, sheet: Sheet, app: Flask) -> None:
    def make(n: int) -> int:
        client = app.test_client()
        body = {"name": "Same", "type": "text"}
        return int(client.post(sheet.path, json=body, headers=api.headers).status_code)

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(make, range(6))) == [200, 400, 400, 400, 400, 400]
