"""`limit_linked_items`: at most so many linked rows in each cell, in every kind of listing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.plans import VIEWS, Planning

MARCH = "from_timestamp=2020-03-01T00:00:00Z&to_timestamp=2020-04-01T00:00:00Z"


class Linked(Planning):
    """Projects of which the first one is linked to three towns."""

    def __init__(self, api: Any) -> None:
        super().__init__(api)
        self.towns = self.table("Towns", [["Town"], ["Bern"], ["Oslo"], ["Bonn"]])
        self.link = self.add_field(self.sheet, "Towns", "link_row", link_row_table_id=self.towns)
        self.put(1, Starts="2020-03-01", Ends="2020-03-02", State="Todo", Towns=[3, 1, 2])
        self.views = {
            "grid": self.view("grid"),
            "gallery": self.view("gallery"),
            "kanban": self.view("kanban", single_select_field=self.ids["State"]),
            "calendar": self.view("calendar", date_field=self.ids["Starts"]),
            "timeline": self.view("timeline", start_date_field=self.ids["Starts"], end_date_field=self.ids["Ends"]),
        }

    def towns_of_first(self, path: str, query: str) -> list[str]:
        """The towns a listing shows of the first project."""
        answer = self.ok(*self.api.get(f"{path}?{MARCH}&{query}"))
        (found,) = [row for row in _rows(answer) if row["id"] == 1]
        return [one["value"] for one in found[f"field_{self.link}"]]


def _rows(answer: Any) -> Iterator[dict[str, Any]]:
    if "rows" in answer:
        for bucket in answer["rows"].values():
            yield from bucket["results"]
    else:
        yield from answer["results"]


@pytest.mark.parametrize("kind", ["grid", "gallery", "kanban", "calendar", "timeline"])
def test_linked_rows_are_limited(api: Any, kind: str) -> None:
    made = Linked(api)
    view = made.views[kind]
    slug = made.share(view)
    options = {"field_options": {str(made.link): {"hidden": False}}}
    made.ok(*api.patch(f"{VIEWS}/{view}/field-options/", options))
    for path in (f"{VIEWS}/{kind}/{view}/", f"{VIEWS}/{kind}/{slug}/public/rows/"):
        whole = ["Bern", "Oslo", "Bonn"]
        assert [made.towns_of_first(path, f"limit_linked_items={n}") for n in (1, 2, 3, 9)] == [
            whole[:1],
            whole[:2],
            whole,
            whole,
        ]
        for nothing in ("", "limit_linked_items=", "limit_linked_items=x", "limit_linked_items=-1"):
            assert made.towns_of_first(path, nothing) == whole
