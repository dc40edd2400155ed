"""A workspace in which roles are given at databases and tables."""

from __future__ import annotations

from typing import Any

from plugin_api.db import begin, connection
from tests.sessions import Session

ROLE = "/api/role/"
TEAM, USER = "baserow_enterprise.Team", "auth.User"


class Ground(Session):
    """A database of `api`, the workspace's admin, in which others are given roles."""

    def __init__(self, api: Any, make_user: Any) -> None:
        super().__init__(api)
        self.make_user = make_user
        self.role_path = f"{ROLE}{self.workspace_id}/"

    def member(self, name: str, role: str = "BUILDER") -> Any:
        """Another member."""
        user = self.make_user(name)
        with begin():
            sql = "INSERT INTO core.membership (workspace_id, user_id, permissions) VALUES (%s, %s, %s)"
            connection().exec_driver_sql(sql, (self.workspace_id, user.user["id"], role))
        return user

    def team(self, name: str, *users: Any, **more: Any) -> int:
        """Make a team."""
        subjects = [{"subject_id": user.user["id"], "subject_type": USER} for user in users]
        body = {"name": name, "subjects": subjects, **more}
        return int(self.ok(*self.api.post(f"/api/teams/workspace/{self.workspace_id}/", body))["id"])

    def another(self, name: str = "Other") -> int:
        """Another database of the workspace."""
        body = {"name": name, "type": "database"}
        return int(self.ok(*self.api.post(f"/api/applications/workspace/{self.workspace_id}/", body))["id"])

    def grant(self, whom: Any, role: str | None, kind: str = "workspace", number: int | None = None) -> Any:
        """Give a role to a user, or to a team by its id; answers the assignment."""
        status, answer = self.api.post(self.role_path, self.assignment(whom, role, kind, number))
        assert status == (204 if role is None else 200), answer
        return answer

    def assignment(self, whom: Any, role: Any, kind: str = "workspace", number: int | None = None) -> dict[str, Any]:
        """The body of that."""
        subject = (TEAM, whom) if isinstance(whom, int) else (USER, whom.user["id"])
        scope_id = self.workspace_id if kind == "workspace" else number
        named = {"subject_type": subject[0], "subject_id": subject[1]}
        return {**named, "role": role, "scope_type": kind, "scope_id": scope_id}

    def batch(self, *items: dict[str, Any]) -> tuple[int, Any]:
        """Give several roles."""
        answer: tuple[int, Any] = self.api.post(f"{self.role_path}batch/", {"items": list(items)})
        return answer

    def given(self, kind: str, number: int) -> list[tuple[str, int, str]]:
        """Who was given which role at a place."""
        listed = self.ok(*self.api.get(f"{self.role_path}?scope_type={kind}&scope_id={number}"))
        return [(one["subject_type"], one["subject_id"], one["role"]) for one in listed]
