"""What people made with earlier versions is all there after an upgrade, and can be used, changed and undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest

from core.runtime.embedded import temporary_folder, temporary_servers
from core.runtime.processes import wait_until
from tests.docs.conftest import Product
from tests.older.filling import SECRET_KEY, SESSION
from tests.older.loading import VERSIONS, Left, database, left, lost, numbered, reach, scripts
from tests.reliability.load import Client, sign_in

pytestmark = pytest.mark.slow
ONE_BEFORE = "one revision before each head"
Json = dict[str, Any]


class Upgraded:
    """The product on an older version's database, and Ann signed in with the password she had."""

    def __init__(self, product: Product, url: str, known: Left) -> None:
        self.url = url
        self.product, self.facts, self.ids = product, known.facts, known.ids
        self.ann = Client(product.url, sign_in(product.url))
        self.ann.http.headers["ClientSessionId"] = SESSION

    def row(self) -> Json:
        """The row that had a history."""
        return dict(self.ann.call("GET", self.row_path()))

    def row_path(self, rest: str = "") -> str:
        """Its address."""
        return f"database/rows/table/{self.ids['products']}/{self.ids['row']}/{rest}?user_field_names=true"

    def rows(self, table: str) -> list[Json]:
        """All rows of a table."""
        path = f"database/rows/table/{self.ids[table]}/?user_field_names=true"
        return list(self.ann.call("GET", path)["results"])


@pytest.fixture(scope="module", params=[*VERSIONS, ONE_BEFORE])
def upgraded(request: pytest.FixtureRequest) -> Iterator[Upgraded]:
    """Every older version, and the newest of them brought to one revision before each head; upgraded by `serve`."""
    version = VERSIONS[-1] if request.param == ONE_BEFORE else request.param
    with temporary_servers() as servers, database(servers.database_url, version) as url, temporary_folder() as folder:
        if request.param == ONE_BEFORE:
            reach(url, *_one_before())
        env = {"TABLEWRIGHT_SECRET_KEY": SECRET_KEY, "DATABASE_URL": url, "REDIS_URL": servers.redis_url}
        product = Product(folder / "data", **env)
        try:
            made = Upgraded(product.wait_ready(), url, left(version))
            yield made
            made.ann.http.close()
        finally:
            product.stop()


def _one_before() -> list[str]:
    script = scripts()
    names = [numbered(head.rpartition("_")[0], script) for head in script.get_heads()]
    return [found[-2] for found in names if len(found) > 1]


def test_everything_is_there(upgraded: Upgraded) -> None:
    gone = {path: lost(before, upgraded.ann.call("GET", path)) for path, before in upgraded.facts}
    assert {path: lines for path, lines in gone.items() if lines} == {}


def test_what_was_done_last_is_undone_and_done_again(upgraded: Upgraded) -> None:
    """Of what the session did since actions are kept for undoing; what came after the upgrade is undone first."""
    before = upgraded.row()
    upgraded.ann.call("PATCH", upgraded.row_path(), {"Name": "Fig", "Kind": "Nuts", "Tags": []})
    scopes = {"scopes": {"workspace": upgraded.ids["workspace"]}}
    scopes["scopes"]["table"] = upgraded.ids["products"]
    assert upgraded.ann.call("PATCH", "user/undo/", scopes)["result_code"] == "SUCCESS"
    assert lost(before | {"Changed": ""}, upgraded.row() | {"Changed": ""}) == []
    assert before["Name"] == "Plum"
    if "gone row" not in upgraded.ids:  # before there was a trash, nothing that undoing needs was kept
        assert upgraded.ann.call("PATCH", "user/undo/", scopes)["result_code"] == "SKIPPED_DUE_TO_ERROR"
        assert upgraded.row()["Name"] == "Plum"
        return
    assert upgraded.ann.call("PATCH", "user/undo/", scopes)["result_code"] == "SUCCESS"
    assert upgraded.row()["Name"] == "Pear"
    assert upgraded.ann.call("PATCH", "user/redo/", scopes)["result_code"] == "SUCCESS"
    assert upgraded.row()["Name"] == "Plum"


def test_what_is_computed_follows_changes(upgraded: Upgraded) -> None:
    if "orders" not in upgraded.ids:
        pytest.skip("that version had no links")
    first = upgraded.rows("orders")[0]
    price = sum(float(one["value"]) for one in first["Prices"])
    assert float(first["Sum"]) == price and int(first["Count"]) == len(first["Products"])
    before = float(upgraded.row()["Price"])
    upgraded.ann.call("PATCH", upgraded.row_path(), {"Price": before + 100})
    changed = upgraded.rows("orders")[0]
    assert float(changed["Sum"]) == price + 100
    assert changed["Label"].startswith("First: ") and changed["Label"] != first["Label"]
    upgraded.ann.call("PATCH", upgraded.row_path(), {"Price": before})
    assert upgraded.rows("orders")[0] == first


def test_the_trash_gives_back_what_was_in_it(upgraded: Upgraded) -> None:
    ids, call = upgraded.ids, upgraded.ann.call
    if "gone row" not in ids:
        pytest.skip("that version had no trash")
    call("PATCH", "trash/restore/", {"trash_item_type": "field", "trash_item_id": ids["gone field"]})
    assert upgraded.row()["Gone"] == "kept"
    row = {"trash_item_type": "row", "parent_trash_item_id": ids["products"], "trash_item_id": ids["gone row"]}
    call("PATCH", "trash/restore/", row)
    assert ids["gone row"] in [one["id"] for one in upgraded.rows("products")]
    for kind in ("table", "application"):
        item = ids["gone table" if kind == "table" else "gone database"]
        call("PATCH", "trash/restore/", {"trash_item_type": kind, "trash_item_id": item})
    names = [one["name"] for one in call("GET", f"applications/workspace/{ids['workspace']}/")]
    assert names == ["Stock", "Gone"]


def test_tables_can_be_changed_and_jobs_run(upgraded: Upgraded) -> None:
    ids, call = upgraded.ids, upgraded.ann.call
    fields = f"database/fields/table/{ids['products']}/"
    made = call("POST", fields, {"name": "Twice", "type": "formula", "formula": "field('Price') * 2"})
    call("PATCH", f"database/fields/{ids['Stars']}/", {"type": "text"})
    assert float(upgraded.row()["Twice"]) == 2 * float(upgraded.row()["Price"])
    call("DELETE", f"database/fields/{made['id']}/")
    before = upgraded.rows("products")
    job = call("POST", f"applications/{ids['database']}/duplicate/async/")["id"]
    done = wait_until(lambda: call("GET", f"jobs/{job}/")["state"] in ("finished", "failed"), 60)
    copy = call("GET", f"jobs/{job}/")
    assert done and copy["state"] == "finished", copy
    table = copy["duplicated_application"]["tables"][0]["id"]
    rows = call("GET", f"database/rows/table/{table}/?user_field_names=true")["results"]
    assert [one["Name"] for one in rows] == [one["Name"] for one in before]


def test_the_token_of_then_reads_and_writes(upgraded: Upgraded) -> None:
    key = next(one["key"] for one in upgraded.ann.call("GET", "database/tokens/") if one["name"] == "Till")
    path = f"{upgraded.product.url}/api/database/rows/table/{upgraded.ids['products']}/?user_field_names=true"
    answer = httpx.post(path, json={"Name": "By token"}, headers={"Authorization": f"Token {key}"}, timeout=40)
    assert answer.status_code == 200 and answer.json()["Name"] == "By token"


def test_health_is_good_and_events_of_then_were_told(upgraded: Upgraded) -> None:
    """What waited in the outbox during the upgrade is told by the worker that comes up."""
    ready = httpx.get(f"{upgraded.product.url}/api/_health/ready/", timeout=40)
    assert ready.status_code == 200, ready.text
    health = upgraded.ann.call("GET", "_health/full/")["checks"]
    assert wait_until(lambda: _waiting(upgraded.url) == 0, 60), health
    assert "Traceback" not in upgraded.product.output


def _waiting(url: str) -> int:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM core.outbox").fetchone()
    return int(found[0]) if found else -1
