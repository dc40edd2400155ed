"""Projects with states and dates, for tests of kanbans, calendars and timelines."""

from __future__ import annotations

from typing import Any

from tests.sessions import Session

VIEWS = "/api/database/views"
STATES = [{"value": "Todo", "color": "red"}, {"value": "Done", "color": "green"}]


class Planning(Session):
    """A table of projects with a state and dates, and another one with a field of each of these types."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.sheet = self.table("Projects", [["Name", "Note"], ["One", "first"], ["Two", "second"]])
        self.other = self.table("Other", [["Name"], ["x"]])
        self.ids = {field["name"]: field["id"] for field in self.fields(self.sheet)}
        self.foreign: dict[str, int] = {}
        for name, kind, options in (
            ("State", "single_select", {"select_options": STATES}),
            ("Starts", "date", {"date_format": "ISO"}),
            ("Ends", "date", {"date_format": "ISO"}),
            ("Moment", "date", {"date_include_time": True}),
            ("Made", "created_on", {"date_include_time": True}),
            ("Pictures", "file", {}),
        ):
            self.ids[name] = self.add_field(self.sheet, name, kind, **options)
            self.foreign[name] = self.add_field(self.other, name, kind, **options)

    def view(self, kind: str, **settings: Any) -> int:
        """Make a view."""
        body = {"name": kind.title(), "type": kind, **settings}
        return int(self.ok(*self.api.post(f"{VIEWS}/table/{self.sheet}/", body))["id"])

    def put(self, row_id: int, **values: Any) -> None:
        """Change a project."""
        self.write(self.sheet, row_id, **values)

    def options(self) -> dict[str, int]:
        """The ids of the states by name."""
        field = self.ok(*self.api.get(f"/api/database/fields/{self.ids['State']}/"))
        return {option["value"]: option["id"] for option in field["select_options"]}

    def show(self, view: int, *names: str) -> None:
        """Show these fields on the cards, hide all others."""
        options = {str(field): {"hidden": name not in names} for name, field in self.ids.items()}
        self.ok(*self.api.patch(f"{VIEWS}/{view}/field-options/", {"field_options": options}))

    def share(self, view: int) -> str:
        """Share a view; answers its slug."""
        return str(self.set(view, public=True)["slug"])

    def read(self, view: int) -> dict[str, Any]:
        """A view as it is."""
        return dict(self.ok(*self.api.get(f"{VIEWS}/{view}/")))

    def set(self, view: int, **settings: Any) -> dict[str, Any]:
        """Change settings."""
        return dict(self.ok(*self.api.patch(f"{VIEWS}/{view}/", settings)))

    def refused(self, view: int, **settings: Any) -> tuple[str, Any]:
        """The code settings are refused with, and that of the problem with the only one; nothing changes."""
        before = self.read(view)
        status, answer = self.api.patch(f"{VIEWS}/{view}/", settings)
        assert status == 400, answer
        assert self.read(view) == before
        detail = answer["detail"]
        return answer["error"], detail if isinstance(detail, str) else next(iter(detail.values()))[0]["code"]
