"""Licences over HTTP: what is registered and what is refused, seats, and what features need them for."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from plugins.licenses import keys
from plugins.licenses.products import Product
from tests import licensing
from tests.conftest import Api
from tests.licensing import NOW, OTHER, PRIVATE, PUBLIC
from tests.tables import Database

LICENSES = "/api/licenses/"


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The public key in a file."""
    path = Path(tmp_path_factory.mktemp("keys")) / "seller.pub"
    path.write_bytes(PUBLIC)
    return path


@pytest.fixture(autouse=True)
def trusting(instance: Any, key_file: Path, staff: Any) -> Iterator[Any]:
    """The instance believes our key; licences are gone afterwards. Called, it needs licences for features."""
    instance(license_public_keys=(str(key_file),))
    yield lambda: instance(license_public_keys=(str(key_file),), license_mode="enforced")
    instance(license_public_keys=(str(key_file),))
    for one in staff.get(LICENSES)[1]:
        staff.delete(f"{LICENSES}{one['id']}/")


@pytest.fixture
def issue(staff: Any) -> Any:
    """A function that writes a licence for this instance."""
    instance_id = staff.get("/api/settings/instance-id/")[1]["instance_id"]

    def issue(private: bytes = PRIVATE, **changes: Any) -> str:
        return licensing.issue(changes.pop("instance_id", instance_id), private, **changes)

    return issue


@pytest.fixture
def register(staff: Any, issue: Any) -> Any:
    """A function that registers one; answers its JSON."""

    def register(**changes: Any) -> dict[str, Any]:
        status, answer = staff.post(LICENSES, {"license": issue(**changes)})
        assert status == 200, answer
        return dict(answer)

    return register


def signed(said: Any) -> str:
    """Anything, with a good signature."""
    text = base64.urlsafe_b64encode(said if isinstance(said, bytes) else orjson.dumps(said))
    signature = keys.private_key(PRIVATE).sign(text, keys.PADDING, keys.HASH)
    return f"{text.decode()}.{base64.urlsafe_b64encode(signature).decode()}"


def test_a_licence_is_registered_read_checked_and_removed(staff: Any, issue: Any) -> None:
    text = issue(id="abc-1", seats=10)
    lines = "\n".join(text[place : place + 70] for place in range(0, len(text), 70))
    status, made = staff.post(LICENSES, {"license": f" {lines}\n"})
    assert status == 200, made
    assert made["license_id"] == "abc-1" and made["is_active"] and made["last_check"]
    assert (made["seats"], made["seats_taken"], made["application_users"]) == (10, 0, 10)
    assert made["valid_through"].endswith("Z") and made["issued_to_name"] == "Buyer"
    own = f"{LICENSES}{made['id']}/"
    assert staff.get(own) == (200, {**made, "users": []})
    assert made in staff.get(LICENSES)[1]
    assert staff.post(LICENSES, {"license": text})[1]["error"] == "ERROR_LICENSE_ALREADY_EXISTS"
    status, checked = staff.get(f"{own}check/")
    assert status == 200 and checked["last_check"] > made["last_check"]
    assert staff.get(own)[1]["last_check"] == checked["last_check"]
    assert staff.delete(own)[0] == 204
    for method, path in (("GET", own), ("DELETE", own), ("GET", f"{own}check/"), ("POST", f"{own}fill-seats/")):
        status, answer = staff.call(method, path)
        assert (status, answer["error"]) == (404, "ERROR_LICENSE_DOES_NOT_EXIST")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("nonsense", "ERROR_INVALID_LICENSE"),
        (".", "ERROR_INVALID_LICENSE"),
        ("e30=.", "ERROR_INVALID_LICENSE"),
        ("é.é", "ERROR_INVALID_LICENSE"),
        (signed({}), "ERROR_INVALID_LICENSE"),
        (signed([]), "ERROR_INVALID_LICENSE"),
        (signed(b"test"), "ERROR_INVALID_LICENSE"),
        (signed(b"[" * 5000), "ERROR_INVALID_LICENSE"),
        (signed({"version": 9999}), "ERROR_UNSUPPORTED_LICENSE"),
        ({"private": OTHER}, "ERROR_INVALID_LICENSE"),
        ({"valid_through": NOW - timedelta(days=1)}, "ERROR_LICENSE_HAS_EXPIRED"),
        ({"valid_through": NOW - timedelta(days=1), "instance_id": "2"}, "ERROR_LICENSE_HAS_EXPIRED"),
        ({"instance_id": "2"}, "ERROR_PREMIUM_LICENSE_INSTANCE_ID_MISMATCH"),
        ({"product_code": "nobody_sells_this"}, "ERROR_UNSUPPORTED_LICENSE"),
        ({"seats": -1}, "ERROR_INVALID_LICENSE"),
        ({"id": ""}, "ERROR_INVALID_LICENSE"),
        ({"issued_to_name": "a\0b"}, "ERROR_INVALID_LICENSE"),
    ],
)
def test_what_is_no_good_is_refused_with_the_reason(staff: Any, issue: Any, said: Any, code: str) -> None:
    text = said if isinstance(said, str) else issue(**said)
    status, answer = staff.post(LICENSES, {"license": text})
    assert (status, answer["error"]) == (400, code), answer
    assert staff.get(LICENSES)[1] == []


def test_a_licence_that_was_changed_is_refused(staff: Any, issue: Any) -> None:
    said, signature = issue().split(".")
    more = orjson.loads(base64.urlsafe_b64decode(said)) | {"seats": 1000}
    changed = base64.urlsafe_b64encode(orjson.dumps(more)).decode()
    for text in (f"{changed}.{signature}", f"{said}.{signature[:-44]}", said, f"{said}.{said}"):
        assert staff.post(LICENSES, {"license": text})[1]["error"] == "ERROR_INVALID_LICENSE"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon", 5, None])
def test_moments_that_are_none_are_refused(staff: Any, moment: Any) -> None:
    said = {"version": 1, "id": "x", "valid_from": "2026-01-01T00:00:00", "valid_through": moment}
    assert staff.post(LICENSES, {"license": signed(said)})[1]["error"] == "ERROR_INVALID_LICENSE"


def test_only_staff_see_and_change_licences(api: Any, anonymous: Any, register: Any) -> None:
    made = register()
    own = f"{LICENSES}{made['id']}/"
    calls = [("GET", LICENSES), ("POST", LICENSES), ("GET", own), ("DELETE", own), ("GET", f"{own}check/")]
    calls += [("POST", f"{own}fill-seats/"), ("POST", f"{own}remove-all-users/"), ("GET", f"{own}lookup-users/")]
    calls += [("POST", f"{own}{api.user['id']}/"), ("DELETE", f"{own}{api.user['id']}/")]
    for method, path in calls:
        assert api.call(method, path, {} if method == "POST" else None)[0] == 403, path
        assert anonymous.call(method, path, {} if method == "POST" else None)[0] == 401, path


def test_seats_are_given_and_taken(staff: Any, register: Any, make_user: Any) -> None:
    own = f"{LICENSES}{register()['id']}/"
    ann, bob, cid = (make_user(name) for name in ("Ann", "Bob", "Cid"))
    shown = {"id": ann.user["id"], "first_name": "Ann", "email": ann.user["username"]}
    assert staff.post(f"{own}{ann.user['id']}/") == (200, shown)
    assert staff.post(f"{own}{ann.user['id']}/")[1]["error"] == "ERROR_USER_ALREADY_IN_PREMIUM_LICENSE"
    assert staff.post(f"{own}{bob.user['id']}/")[0] == 200
    assert staff.post(f"{own}{cid.user['id']}/")[1]["error"] == "ERROR_NO_SEATS_LEFT_IN_LICENSE"
    found = staff.get(own)[1]
    assert [one["first_name"] for one in found["users"]] == ["Ann", "Bob"] and found["seats_taken"] == 2
    for _ in range(2):
        assert staff.delete(f"{own}{ann.user['id']}/")[0] == 204
    for method in ("POST", "DELETE"):
        assert staff.call(method, f"{own}99999999/")[1]["error"] == "ERROR_USER_NOT_FOUND"
    assert len(staff.post(f"{own}fill-seats/")[1]) == 1
    assert staff.post(f"{own}fill-seats/") == (200, [])
    assert staff.get(own)[1]["seats_taken"] == 2
    for _ in range(2):
        assert staff.post(f"{own}remove-all-users/")[0] == 204
    assert staff.get(own)[1]["users"] == []


def test_no_more_seats_are_given_than_there_are(staff: Any, register: Any, make_user: Any) -> None:
    own = f"{LICENSES}{register(seats=3)['id']}/"
    people = [make_user(f"User {number}").user["id"] for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = [*pool.map(lambda user: staff.post(f"{own}{user}/")[0], people)]
    assert sorted(answers) == [200, 200, 200, 400, 400, 400]
    assert staff.get(own)[1]["seats_taken"] == 3


def test_a_user_who_is_deleted_leaves_the_seat(staff: Any, register: Any, make_user: Any) -> None:
    own = f"{LICENSES}{register()['id']}/"
    user = make_user("Dan").user["id"]
    assert staff.post(f"{own}{user}/")[0] == 200
    assert staff.delete(f"/api/admin/users/{user}/")[0] == 204
    assert staff.get(own)[1]["seats_taken"] == 0


def test_people_without_a_seat_are_found(staff: Any, register: Any, make_user: Any) -> None:
    own = f"{LICENSES}{register()['id']}/"
    word = uuid4().hex[:8]
    ann, bob = make_user(f"Ann {word}"), make_user(f"Bob {word}")
    found = staff.get(f"{own}lookup-users/?search={word.upper()}")[1]
    assert found["count"] == 2
    assert found["results"][0] == {"id": ann.user["id"], "value": f"Ann {word} ({ann.user['username']})"}
    staff.post(f"{own}{ann.user['id']}/")
    found = staff.get(f"{own}lookup-users/?search={word}&size=101")[1]
    assert [one["id"] for one in found["results"]] == [bob.user["id"]]
    beyond = staff.get(f"{own}lookup-users/?search={word}&size=1&page=2")[1]
    assert (beyond["count"], beyond["results"]) == (1, [])


def test_a_later_issue_takes_the_place_and_keeps_the_seats_there_are(
    staff: Any, register: Any, issue: Any, make_user: Any
) -> None:
    made = register(id="renewed")
    own = f"{LICENSES}{made['id']}/"
    people = [make_user(name).user["id"] for name in ("Ann", "Bob")]
    for user in people:
        staff.post(f"{own}{user}/")
    later = register(id="renewed", seats=1, issued_on=NOW + timedelta(hours=1))
    assert (later["id"], later["seats_taken"]) == (made["id"], 1)
    assert [one["id"] for one in staff.get(own)[1]["users"]] == people[:1]
    earlier = issue(id="renewed", issued_on=NOW - timedelta(hours=1), seats=9)
    assert staff.post(LICENSES, {"license": earlier})[1]["error"] == "ERROR_LICENSE_ALREADY_EXISTS"


def test_a_licence_for_everybody_has_no_seats_to_give(staff: Any, register: Any, api: Any) -> None:
    before = register(product_code="enterprise")
    own = f"{LICENSES}{before['id']}/"
    for method, path in (
        ("POST", f"{own}{api.user['id']}/"),
        ("DELETE", f"{own}{api.user['id']}/"),
        ("POST", f"{own}fill-seats/"),
        ("POST", f"{own}remove-all-users/"),
    ):
        assert staff.call(method, path)[1]["error"] == "ERROR_CANT_MANUALLY_CHANGE_SEATS"
    assert api.post("/api/workspaces/", {"name": "Mine"})[0] == 200
    assert staff.get(own)[1]["seats_taken"] == before["seats_taken"] + 1


def test_who_has_what_is_told_at_sign_in(trusting: Any, staff: Any, register: Any, make_user: Any) -> None:
    def told(who: Api) -> Any:
        return who.post("/api/user/token-verify/", {"refresh_token": who.refresh})[1]["active_licenses"]

    ann = make_user("Ann")
    ann.refresh = ann.post(  # type: ignore[attr-defined]
        "/api/user/token-auth/", {"email": ann.user["username"], "password": "Sup3rSecret!pw"}
    )[1]["refresh_token"]
    premium = register()
    assert told(ann) == {"instance_wide": {"enterprise": True}, "per_workspace": {}}, "everything is open"
    trusting()
    assert told(ann) == {"instance_wide": {}, "per_workspace": {}}
    staff.post(f"{LICENSES}{premium['id']}/{ann.user['id']}/")
    assert told(ann)["instance_wide"] == {"premium": True}
    register(product_code="advanced")
    assert told(ann)["instance_wide"] == {"premium": True, "advanced": True}
    assert ann.get("/api/settings/")[1]["instance_wide_licenses"] == {"advanced": True}


def test_a_feature_needs_a_seat_where_licences_are_needed(trusting: Any, staff: Any, register: Any, api: Any) -> None:
    base = Database(api)
    table = base.table()
    views = f"/api/database/views/table/{table}/"
    wanted = {"type": "kanban", "name": "Board"}
    board = api.post(views, wanted)[1]["id"]
    trusting()
    refused = api.post(views, wanted)
    assert (refused[0], refused[1]["error"]) == (402, "ERROR_FEATURE_NOT_AVAILABLE"), refused
    rows = f"/api/database/views/kanban/{board}/?limit=1"
    listed = api.get(rows)
    assert (listed[0], listed[1]["error"]) == (400, "ERROR_FEATURE_NOT_AVAILABLE"), "its own status"
    assert board in [view["id"] for view in api.get(views)[1]], "what is there stays"
    assert api.post(views, {"type": "grid", "name": "Grid"})[0] == 200, "what is free is free"
    premium = register()
    assert api.get(rows)[1]["error"] == "ERROR_FEATURE_NOT_AVAILABLE", (
        "the licence has a seat, which somebody must be given"
    )
    staff.post(f"{LICENSES}{premium['id']}/{api.user['id']}/")
    assert api.get(rows)[1].get("error") != "ERROR_FEATURE_NOT_AVAILABLE"
    assert api.post(views, wanted)[0] == 200
    staff.delete(f"{LICENSES}{premium['id']}/")
    assert api.post(views, wanted)[0] == 402


def test_an_operation_that_has_a_status_of_its_own_says_so(trusting: Any, register: Any, api: Any) -> None:
    base = Database(api)
    views = f"/api/database/views/table/{base.table()}/"
    calendar, grid = (api.post(views, {"type": kind, "name": kind})[1]["id"] for kind in ("calendar", "grid"))
    days = "?from_timestamp=2026-01-01&to_timestamp=2026-02-01"
    calls = {
        "list_database_table_calendar_view_rows": ("GET", f"/api/database/views/calendar/{calendar}/{days}", None),
        "premium_view_attributes_update": ("PATCH", f"/api/database/view/{grid}/premium", {"show_logo": False}),
    }
    documented = {
        found["operationId"]: found["responses"]
        for methods in api.get("/api/schema.json")[1]["paths"].values()
        for found in methods.values()
        if isinstance(found, dict) and "operationId" in found
    }
    trusting()
    for name, (method, path, body) in calls.items():
        status, answer = api.call(method, path, body)
        assert (status, answer["error"]) == (400, "ERROR_FEATURE_NOT_AVAILABLE"), (name, answer)
        assert "ERROR_FEATURE_NOT_AVAILABLE" in documented[name]["400"]["description"]
    register(product_code="enterprise")
    for method, path, body in calls.values():
        assert api.call(method, path, body)[1].get("error") != "ERROR_FEATURE_NOT_AVAILABLE"


def test_exports_decorations_and_comments_need_a_licence_too(trusting: Any, register: Any, api: Any) -> None:
    base = Database(api)
    table = base.table()
    view = api.post(f"/api/database/views/table/{table}/", {"type": "grid", "name": "Grid"})[1]["id"]
    calls = {
        f"/api/database/export/table/{table}/": {"exporter_type": "json"},
        f"/api/database/views/{view}/decorations/": {
            "type": "left_border_color",
            "value_provider_type": "",
            "value_provider_conf": {},
        },
    }
    trusting()
    for path, body in calls.items():
        assert api.post(path, body)[0] == 402, path
    assert api.get(f"/api/row_comments/{table}/1/")[0] == 402
    assert api.post(f"/api/database/export/table/{table}/", {"exporter_type": "csv"})[0] == 200
    register(product_code="enterprise")
    for path, body in calls.items():
        assert api.post(path, body)[0] == 200, path


def test_a_licence_counts_only_in_its_time_and_while_its_key_is_known(
    trusting: Any, instance: Any, staff: Any, register: Any, api: Any
) -> None:
    table = Database(api).table()
    comments = f"/api/row_comments/{table}/1/"
    coming = register(product_code="enterprise", valid_from=NOW + timedelta(days=1))
    assert not coming["is_active"]
    trusting()
    assert api.get(comments)[0] == 402
    made = register(product_code="enterprise")
    assert api.get(comments)[0] != 402
    instance(license_mode="enforced", license_public_keys=())
    assert not staff.get(f"{LICENSES}{made['id']}/check/")[1]["is_active"]
    assert api.get(comments)[0] == 402


def test_a_single_feature_can_be_licensed(trusting: Any, staff: Any, register: Any, api: Any) -> None:
    comments = f"/api/row_comments/{Database(api).table()}/1/"
    trusting()
    one = register(product_code="row_comments", seats=1)
    assert api.get(comments)[0] == 402
    staff.post(f"{LICENSES}{one['id']}/{api.user['id']}/")
    assert api.get(comments)[0] != 402
    staff.delete(f"{LICENSES}{one['id']}/")
    register(product_code="row_comments", seats=0)
    assert api.get(comments)[0] != 402, "without seats it is for everybody"


def test_a_seller_s_key_is_good_for_their_own_product(instance: Any, staff: Any, issue: Any, registered: Any) -> None:
    instance(license_public_keys=())
    sold = Product("acme_charts", "Charts", ("acme_charts",), public_keys=(PUBLIC.decode(),))
    registered("license_products", sold)
    assert staff.post(LICENSES, {"license": issue(product_code="acme_charts")})[0] == 200
    refused = staff.post(LICENSES, {"license": issue(product_code="enterprise")})
    assert refused[1]["error"] == "ERROR_INVALID_LICENSE"


def test_features_are_not_there_while_the_plugin_is_off(trusting: Any, staff: Any, register: Any, api: Any) -> None:
    comments = f"/api/row_comments/{Database(api).table()}/1/"
    register(product_code="enterprise")
    trusting()
    assert api.get(comments)[0] != 402
    staff.patch("/api/admin/plugins/licenses/", {"enabled": False})
    try:
        assert staff.get(LICENSES)[1]["error"] == "ERROR_PLUGIN_DISABLED"
        assert api.get(comments)[0] == 402
    finally:
        staff.patch("/api/admin/plugins/licenses/", {"enabled": True})


def test_the_list_costs_the_same_for_many_as_for_few(staff: Any, register: Any, count_sql: Any) -> None:
    def queries() -> int:
        with count_sql() as statements:
            assert staff.get(LICENSES)[0] == 200
        return len(statements)

    register()
    register(product_code="enterprise")
    few = queries()
    for _ in range(4):
        register()
    assert queries() == few <= 5


def test_an_operation_of_a_feature_costs_two_more_queries_at_most(
    trusting: Any, staff: Any, register: Any, api: Any, count_sql: Any
) -> None:
    comments = f"/api/row_comments/{Database(api).table()}/1/"

    def queries() -> int:
        with count_sql() as statements:
            api.get(comments)
        return len(statements)

    queries()
    open_mode = queries()
    trusting()
    for _ in range(3):
        staff.post(f"{LICENSES}{register()['id']}/{api.user['id']}/")
    assert queries() == open_mode + 2


BAD: list[Any] = [None, True, 5, "", "\0", "a" * 20001, "9" * 400, {}, [[None]], [1, 2]]


def test_bad_bodies_are_refused(staff: Any) -> None:
    for junk in BAD:
        for body in (junk, {"license": junk}):
            status, answer = staff.post(LICENSES, body)
            assert status in (400, 415), (body, answer)
    assert staff.get(LICENSES)[1] == []
