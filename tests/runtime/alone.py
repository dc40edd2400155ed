"""Core and database alone, in a process of their own: what people do first, and what was imported for it.

Prints the imported modules of plugins as JSON, after everything worked.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

import app as composition
from core.plugin_system.discovery import installed
from core.settings import Settings


class Visit:
    """A client that must succeed in all it does."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self._headers = {"ClientSessionId": "alone"}

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._client.open(f"/api/{path}", method=method, json=body, headers=self._headers)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.get_json(silent=True)

    def sign_up(self) -> None:
        """Make the first account."""
        body = {"name": "Ann", "email": "ann@example.com", "password": "a long password", "authenticate": True}
        self._headers["Authorization"] = f"JWT {self('POST', 'user/', body)['access_token']}"


def use_core(visit: Visit) -> int:
    """Accounts and workspaces; answers a workspace."""
    visit.sign_up()
    assert visit("GET", "settings/")["allow_new_signups"] is True
    assert visit("GET", "auth-provider/login-options/")["password"]
    lost = visit("POST", "workspaces/", {"name": "Lost"})["id"]
    visit("DELETE", f"workspaces/{lost}/")
    visit("PATCH", "trash/restore/", {"trash_item_type": "workspace", "trash_item_id": lost})
    visit("PATCH", f"workspaces/{lost}/", {"name": "Found"})
    assert visit("PATCH", "user/undo/", {"scopes": {"root": True, "workspace": lost}})["result_code"] == "SUCCESS"
    found = {one["id"]: one["name"] for one in visit("GET", "workspaces/")}
    assert found[lost] == "Lost", found
    assert visit("GET", "admin/plugins/")["problems"] == []
    assert visit("GET", "_health/full/")["checks"]
    return int(lost)


def use_database(visit: Visit, workspace: int) -> None:
    """A table from its making to the trash and back."""
    base = visit("POST", f"applications/workspace/{workspace}/", {"name": "D", "type": "database"})["id"]
    body = {"name": "T", "data": [["Name"], ["one"]], "first_row_header": True}
    table = visit("POST", f"database/tables/database/{base}/", body)["id"]
    bare = visit("POST", f"database/tables/database/{base}/", {"name": "Bare"})["id"]
    assert [one["type"] for one in visit("GET", f"database/fields/table/{bare}/")] == ["text"]
    field = visit("POST", f"database/fields/table/{table}/", {"name": "Note", "type": "text"})["id"]
    rows = f"database/rows/table/{table}/"
    made = visit("POST", f"{rows}batch/", {"items": [{f"field_{field}": text} for text in ("a", "b")]})["items"]
    visit("PATCH", f"{rows}{made[0]['id']}/", {f"field_{field}": "changed"})
    assert _values(visit, rows, field) == [None, "changed", "b"], _values(visit, rows, field)
    assert visit("PATCH", "user/undo/", {"scopes": {}})["result_code"] == "SUCCESS"
    assert _values(visit, rows, field) == [None, "a", "b"]
    assert visit("PATCH", "user/redo/", {"scopes": {}})["result_code"] == "SUCCESS"
    visit("DELETE", f"{rows}{made[1]['id']}/")
    visit("DELETE", f"database/tables/{table}/")
    there = visit("GET", f"trash/workspace/{workspace}/")["results"]
    assert {"table", "row"} <= {one["trash_item_type"] for one in there}, there
    visit("PATCH", "trash/restore/", {"trash_item_type": "table", "trash_item_id": table})
    assert _values(visit, rows, field) == [None, "changed"]
    assert visit("GET", f"{rows}?search=chang")["count"] == 1


def _values(visit: Visit, rows: str, field: int) -> list[Any]:
    return [row[f"field_{field}"] for row in visit("GET", rows)["results"]]


def main(plugins: list[str]) -> None:
    """Run it with these plugins alone on the servers of the environment."""
    others = [found.name for found in installed() if found.name not in plugins]
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.load(dict(os.environ), data_dir=Path(folder), disabled_plugins=tuple(others))
        composition.migrate(settings)
        visit = Visit(composition.create_app(settings).test_client())
        workspace = use_core(visit)
        if "database" in plugins:
            use_database(visit, workspace)
        composition.create_worker(settings)
    print(json.dumps(sorted(name for name in sys.modules if name.startswith("plugins."))))


if __name__ == "__main__":
    main(sys.argv[1:])
