"""A client session for tests: what is done in it can be undone and redone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from tests.tables import Database

DONE, FAILED, NOTHING = "SUCCESS", "SKIPPED_DUE_TO_ERROR", "NOTHING_TO_DO"


class Session(Database):
    """A database that is changed by `api` in one client session."""

    def __init__(self, api: Any) -> None:
        api.headers = {**api.headers, "ClientSessionId": str(uuid4())}
        super().__init__(api)

    def undo(self) -> str:
        """Undo the last action on the database; answers the result code."""
        return self._replay("undo")

    def redo(self) -> str:
        """Redo what was undone last."""
        return self._replay("redo")

    def _replay(self, way: str) -> str:
        status, answer = self.api.patch(f"/api/user/{way}/", {"scopes": {}})
        assert status == 200, answer
        return str(answer["result_code"])

    @contextmanager
    def another_session(self) -> Iterator[None]:
        """What is done in the block is not done in this session."""
        kept = self.api.headers
        self.api.headers = {name: value for name, value in kept.items() if name != "ClientSessionId"}
        try:
            yield
        finally:
            self.api.headers = kept

    def row(self, table_id: int, **values: Any) -> int:
        """Create a row by field names; answers its id."""
        return int(self.ok(*self.api.post(self.rows_path(table_id), values))["id"])

    def write(self, table_id: int, row_id: int, **values: Any) -> None:
        """Change a row by field names."""
        self.ok(*self.api.patch(self.rows_path(table_id, f"{row_id}/"), values))

    def change(self, field_id: int, **settings: Any) -> dict[str, Any]:
        """Change a field."""
        return dict(self.ok(*self.api.patch(f"/api/database/fields/{field_id}/", settings)))

    def column(self, table_id: int, name: str) -> list[Any]:
        """The values of a field in row order; of links and selects only what is shown."""
        return [_shown(row[name]) for row in self.rows(table_id)]

    def names(self, table_id: int) -> list[str]:
        """The names of a table's fields."""
        return [field["name"] for field in self.fields(table_id)]

    def first_field(self, table_id: int) -> int:
        """The id of the primary field."""
        return int(self.fields(table_id)[0]["id"])

    @staticmethod
    def rows_path(table_id: int, rest: str = "") -> str:
        """The path of a table's rows."""
        return f"/api/database/rows/table/{table_id}/{rest}?user_field_names=true"

    @staticmethod
    def ok(status: int, answer: Any) -> Any:
        """The answer of a request that must succeed."""
        assert status < 300, answer
        return answer


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return value["value"] if isinstance(value, dict) and "value" in value else value
