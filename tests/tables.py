"""Databases for tests of tables: made and read over HTTP or through the row engine, with jobs run in the test."""

from __future__ import annotations

import json
from typing import Any

from core.accounts.state import UserStates
from core.db.engine import make_engine
from core.jobs.claims import Claims
from core.jobs.live import LiveJobs
from core.jobs.runner import Runner
from core.jobs.types import JobTypes
from core.settings import Settings
from plugin_api.db import UnitsOfWork, begin, connection
from plugin_api.platform import service
from plugins.database.engine import read
from plugins.database.shape import TableShape, latest_shape

TABLES = "/api/database/tables/"
SMALL_MODEL = {"ai_generative_ai_type": "ollama", "ai_generative_ai_model": "small"}


def run_job(job_id: int) -> None:
    """Do what a worker does with a job."""
    settings = service(Settings)
    engine = make_engine(settings.database_url, 1)
    types, live, users, claims = service(JobTypes), service(LiveJobs), service(UserStates), Claims(engine)
    try:
        Runner(service(UnitsOfWork), types, live, claims, users, 3).run(job_id)
    finally:
        claims.close()
        engine.dispose()


class Database:
    """A database in a workspace of its own whose admin is `api`."""

    def __init__(self, api: Any) -> None:
        self.api = api
        self.workspace_id = new_workspace(api.user["id"])
        body = {"name": "Database", "type": "database"}
        self.id = _ok(api.post(f"/api/applications/workspace/{self.workspace_id}/", body))["id"]
        self.path = f"{TABLES}database/{self.id}/"

    def allow_ai(self, host: str = "http://127.0.0.1:9") -> None:
        """Let the workspace use the model `small` of an Ollama server; by default one that nobody runs."""
        settings = {"ollama": {"host": host, "models": ["small"]}}
        _ok(self.api.patch(f"/api/workspaces/{self.workspace_id}/settings/generative-ai/", settings))

    def table(self, name: str = "Table", data: list[Any] | None = None, header: bool = True) -> int:
        """Create a table; answers its id."""
        body = {"name": name} if data is None else {"name": name, "data": data, "first_row_header": header}
        return int(_ok(self.api.post(self.path, body))["id"])

    def add_field(self, table_id: int, name: str, type_name: str, **options: Any) -> int:
        """Create a field; answers its id."""
        body = {"name": name, "type": type_name, **options}
        return int(_ok(self.api.post(f"/api/database/fields/table/{table_id}/", body))["id"])

    def fields(self, table_id: int) -> list[dict[str, Any]]:
        """The fields of a table."""
        return list(_ok(self.api.get(f"/api/database/fields/table/{table_id}/")))

    def tables(self) -> list[dict[str, Any]]:
        """The tables of the database."""
        return list(_ok(self.api.get(self.path)))

    def shape(self, table_id: int) -> TableShape:
        """A table's shape; to be asked for inside a unit of work."""
        return latest_shape(table_id)

    def rows(self, table_id: int) -> list[dict[str, Any]]:
        """All rows of a table as the API shows them, by field names."""
        with begin():
            shape = self.shape(table_id)
            return list(json.loads(read.page(read.RowQuery(shape, shape.fields, True), 100_000, 0)))

    def values(self, table_id: int) -> list[list[Any]]:
        """The values of all rows of a table."""
        return [list(row.values())[2:] for row in self.rows(table_id)]

    def counted(self, table_id: int) -> int:
        """The kept number of rows."""
        with begin():
            shape = self.shape(table_id)
            return read.count(read.RowQuery(shape, shape.fields))

    def run(self, job: tuple[int, Any]) -> dict[str, Any]:
        """Run the job a request started; answers how it ended."""
        run_job(_ok(job)["id"])
        return self.job(job)

    def job(self, job: tuple[int, Any]) -> dict[str, Any]:
        """The job a request started as it is now."""
        return dict(_ok(self.api.get(f"/api/jobs/{_ok(job)['id']}/")))

    def import_rows(self, table_id: int, data: Any, **configuration: Any) -> dict[str, Any]:
        """Import rows with a job; answers how it ended."""
        body = {"data": data, **({"configuration": configuration} if configuration else {})}
        return self.run(self.api.post(f"{TABLES}{table_id}/import/async/", body))


def _ok(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 202), answer
    return answer[1]


def new_workspace(user_id: int) -> int:
    """A workspace whose admin is the user; its id."""
    with begin():
        made = connection().exec_driver_sql("INSERT INTO core.workspace (name) VALUES ('Workspace') RETURNING id")
        workspace_id = int(made.scalar_one())
        member = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, 'ADMIN')"
        connection().exec_driver_sql(member, (workspace_id, user_id))
    return workspace_id


def scalar(sql: str, **parameters: Any) -> Any:
    """The single value a statement answers."""
    with begin():
        return connection().exec_driver_sql(sql, parameters).scalar_one()


def recorded(table: str, user: Any, column: str) -> list[dict[str, Any]]:
    """The params of a user's actions or the payloads of their events, oldest first, with their type."""
    with begin():
        sql = f"SELECT type, {column} FROM core.{table} WHERE user_id = %(user)s ORDER BY id"
        return [{"type": row[0], **row[1]} for row in connection().exec_driver_sql(sql, {"user": user.user["id"]})]
