"""A table of people and views of it, for tests of what views show to members and to visitors."""

from __future__ import annotations

from typing import Any

from tests.sessions import Session

VIEWS = "/api/database/views"
PEOPLE = [
    ["Name", "City", "Secret"],
    ["Ann", "Paris", "alpha"],
    ["Bob", "Rome", "beta"],
    ["Cid", "Paris", "gamma"],
    ["Dee", "", "alpha"],
]


class People(Session):
    """Four people with cities and secrets, and a grid of them."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.sheet = self.table("People", PEOPLE)
        self.grid = int(self.ok(*self.api.get(f"{VIEWS}/table/{self.sheet}/"))[0]["id"])

    @property
    def ids(self) -> dict[str, int]:
        """The fields by their names."""
        return {field["name"]: field["id"] for field in self.fields(self.sheet)}

    def view(self, kind: str, **settings: Any) -> int:
        """Create a view."""
        body = {"name": kind, "type": kind, **settings}
        return int(self.ok(*self.api.post(f"{VIEWS}/table/{self.sheet}/", body))["id"])

    def add(self, path: str, body: dict[str, Any], view: int | None = None) -> dict[str, Any]:
        """Add a part to a view."""
        return dict(self.ok(*self.api.post(f"{VIEWS}/{view or self.grid}/{path}/", body)))

    def settings(self, view: int, **by_name: dict[str, Any]) -> None:
        """Set what a view keeps for fields."""
        options = {str(self.ids[name]): found for name, found in by_name.items()}
        self.ok(*self.api.patch(f"{VIEWS}/{view}/field-options/", {"field_options": options}))

    def share(self, view: int, *hidden: str) -> str:
        """Share a view without some fields; answers its address."""
        self.ok(*self.api.get(f"{VIEWS}/{view}/field-options/"))
        self.settings(view, **{name: {"hidden": name in hidden} for name in self.ids})
        return str(self.ok(*self.api.patch(f"{VIEWS}/{view}/", {"public": True}))["slug"])

    def listed(self, query: str = "", kind: str = "grid", view: int | None = None) -> dict[str, Any]:
        """The rows of a view as members list them."""
        return dict(self.ok(*self.api.get(f"{VIEWS}/{kind}/{view or self.grid}/?{query}")))

    def names(self, query: str = "") -> list[str]:
        """The names of the people the grid lists."""
        key = f"field_{self.ids['Name']}"
        return [row[key] for row in self.listed(query)["results"]]
