"""The view type `checklist`: its settings, the rows it lists, how far one is, and what visitors see."""

from __future__ import annotations

from typing import Any

from tablewright_checklist import ChecklistView

from plugin_api.testing import Bench, Instance, check_view_type


class Checklist:
    """A checklist of three rows, of which the second is done."""

    def __init__(self, instance: Instance) -> None:
        self.bench = Bench(instance)
        self.table = self.bench.table(["Think", "Do", "Rest"])
        self.done = self.bench.field(self.table, "Done", "boolean")["id"]
        self.bench.write(self.table, [{"id": 2, "Done": True}])
        body = {"name": "List", "type": "checklist", "done_field": self.done}
        self.view = self.bench.done("POST", f"/api/database/views/table/{self.table}/", body)
        self.path = f"/api/database/views/checklist/{self.view['id']}/"

    def change(self, **settings: Any) -> dict[str, Any]:
        """Change the view."""
        self.view = self.bench.done("PATCH", f"/api/database/views/{self.view['id']}/", settings)
        return dict(self.view)

    def ids(self, path: str = "") -> list[int]:
        """The rows that are listed."""
        return [row["id"] for row in self.bench.done("GET", path or self.path)["results"]]


def test_it_keeps_the_promises_of_every_view_type(instance: Instance, visitor: Instance) -> None:
    database = Bench(instance).database_id
    changes, refused = [{"hide_done": True}], [({"hide_done": "perhaps"}, "invalid")]
    check_view_type(ChecklistView(), instance.call, visitor.call, database, changes, refused)


def test_done_rows_can_be_hidden(instance: Instance) -> None:
    found = Checklist(instance)
    assert found.ids() == [1, 2, 3]
    found.change(hide_done=True)
    assert found.ids() == [1, 3]
    assert found.bench.done("GET", f"{found.path}progress/") == {"total": 3, "done": 1}
    found.bench.undo()
    assert found.ids() == [1, 2, 3]


def test_without_its_field_nothing_is_done(instance: Instance) -> None:
    found = Checklist(instance)
    found.change(hide_done=True)
    found.bench.done("DELETE", f"/api/database/fields/{found.done}/")
    assert found.ids() == [1, 2, 3]
    assert found.bench.done("GET", f"{found.path}progress/") == {"total": 3, "done": 0}
    found.bench.undo()
    assert found.ids() == [1, 3]


def test_only_a_boolean_can_be_ticked(instance: Instance) -> None:
    found = Checklist(instance)
    name = found.bench.done("GET", f"/api/database/fields/table/{found.table}/")[0]["id"]
    path = f"/api/database/views/{found.view['id']}/"
    status, answer = found.bench.ask("PATCH", path, {"done_field": name})
    assert (status, answer["error"]) == (400, "ERROR_INCOMPATIBLE_FIELD")
    assert found.bench.ask("PATCH", path, {"hide_done": "perhaps"})[0] == 400


def test_filters_and_sharing(instance: Instance) -> None:
    found = Checklist(instance)
    name = found.bench.done("GET", f"/api/database/fields/table/{found.table}/")[0]["id"]
    conf = {"field": name, "type": "contains", "value": "o"}
    found.bench.done("POST", f"/api/database/views/{found.view['id']}/filters/", conf)
    assert found.ids() == [2]
    slug = found.change(public=True, hide_done=True)["slug"]
    assert found.ids(f"/api/database/views/checklist/{slug}/public/rows/") == []
    assert found.bench.done("GET", f"/api/database/views/checklist/{slug}/public/progress/") == {"total": 1, "done": 1}


def test_another_type_s_views_are_no_checklists(instance: Instance) -> None:
    found = Checklist(instance)
    grid = found.bench.done("POST", f"/api/database/views/table/{found.table}/", {"name": "Grid", "type": "grid"})
    status, answer = found.bench.ask("GET", f"/api/database/views/checklist/{grid['id']}/progress/")
    assert (status, answer["error"]) == (404, "ERROR_CHECKLIST_DOES_NOT_EXIST")
