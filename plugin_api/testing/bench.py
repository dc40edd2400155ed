"""A table on a running instance, for suites that try things over HTTP as clients do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from plugin_api.testing.talking import Talk

Json = dict[str, Any]


class Instance(Protocol):
    """A running instance as one of its users sees it."""

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """Send a request with a JSON body; answers the status and the JSON of the answer, None when it has none."""

    def run_job(self, job_id: int) -> None:
        """Do a job to its end, or wait until a worker did."""


class Bench(Talk):
    """A workspace with a database whose tables are changed in a client session: what is done there can be undone."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(instance.call)
        self._instance = instance
        self.workspace_id = int(self.done("POST", "/api/workspaces/", {"name": "Bench"})["id"])
        made = {"name": "Bench", "type": "database"}
        self.database_id = int(self.done("POST", f"/api/applications/workspace/{self.workspace_id}/", made)["id"])

    def job(self, path: str, body: Any) -> Any:
        """Start a job and do it; answers it as it ended."""
        started = self.done("POST", path, body)
        self._instance.run_job(started["id"])
        ended = self.done("GET", f"/api/jobs/{started['id']}/")
        assert ended["state"] == "finished", f"the job of {path} ended as {ended}"
        return ended

    def table(self, names: Sequence[str]) -> int:
        """A table with a text field Name and a row for each name; answers its id."""
        body = {"name": "Sheet", "data": [["Name"], *([name] for name in names)], "first_row_header": True}
        return int(self.done("POST", f"/api/database/tables/database/{self.database_id}/", body)["id"])

    def field(self, table_id: int, name: str, type_name: str, **settings: Any) -> Json:
        """A field."""
        body = {"name": name, "type": type_name, **settings}
        return dict(self.done("POST", f"/api/database/fields/table/{table_id}/", body))

    def field_names(self, table_id: int) -> list[str]:
        """The names of a table's fields."""
        return [str(found["name"]) for found in self.done("GET", f"/api/database/fields/table/{table_id}/")]

    def rows(self, table_id: int, query: str = "") -> list[Json]:
        """The rows of a table by field names, at most 200."""
        path = f"/api/database/rows/table/{table_id}/?user_field_names=true&size=200{query}"
        return list(self.done("GET", path)["results"])

    def ids(self, table_id: int, query: str) -> list[int]:
        """The ids of the rows a query finds, in its order."""
        return [int(row["id"]) for row in self.rows(table_id, query)]

    def column(self, table_id: int, name: str) -> list[Any]:
        """The values of a field in row order."""
        return [row[name] for row in self.rows(table_id)]

    def write(self, table_id: int, items: Sequence[Json]) -> tuple[int, Any]:
        """Update rows, given with their ids, as one batch."""
        path = f"/api/database/rows/table/{table_id}/batch/?user_field_names=true"
        return self.ask("PATCH", path, {"items": list(items)})
