"""Fills an instance through its API, as far as its version goes, and remembers what was answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

Json = dict[str, Any]
Call = Callable[..., Any]
"""`call(method, path, body)`: the answer to a request of Ann that must succeed."""

ANN = {"name": "Ann", "email": "ann@example.com", "password": "a long password"}
BOB = {"name": "Bob", "email": "bob@example.com", "password": "another password"}
SECRET_KEY = "the secret key of all older versions"
SESSION = "10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10"
"""Ann's client session: what she did last can be undone after the upgrade."""

HEADER = "Bearer of the webhook"
_OPTIONS = [{"value": "Fruit", "color": "green"}, {"value": "Nuts", "color": "brown"}]
_FIELDS: tuple[Json, ...] = (
    {"name": "Notes", "type": "long_text"},
    {"name": "Price", "type": "number", "number_decimal_places": 2, "number_negative": True},
    {"name": "In stock", "type": "boolean"},
    {"name": "Added", "type": "date", "date_format": "ISO", "date_include_time": True},
    {"name": "Mail", "type": "email"},
    {"name": "Site", "type": "url"},
    {"name": "Phone", "type": "phone_number"},
    {"name": "Stars", "type": "rating", "max_value": 5},
    {"name": "Kind", "type": "single_select", "select_options": _OPTIONS},
    {"name": "Tags", "type": "multiple_select", "select_options": _OPTIONS},
    {"name": "Number", "type": "autonumber"},
    {"name": "Id", "type": "uuid"},
    {"name": "Made", "type": "created_on"},
    {"name": "Changed", "type": "last_modified"},
)
ROWS = 25


class Filling:
    """What was made, by names, and the answers that must be the same after an upgrade."""

    def __init__(self, call: Call, plugins: Collection[str], has_trash: bool) -> None:
        self._call, self._plugins, self._has_trash = call, plugins, has_trash
        self.ids: dict[str, int] = {}
        self.facts: list[tuple[str, Any]] = []

    def fill(self) -> None:
        """Everything, in an order that leaves something to undo at the end."""
        self._places()
        self._products()
        self._tokens()
        if "link_row_field" in self._plugins:
            self._orders()
        if "grid_view" in self._plugins:
            self._views()
        if "webhooks" in self._plugins:
            self._webhook()
        if "row_comments" in self._plugins:
            self._comments()
        if "notifications" in self._plugins:
            self._invitation()
        if self._has_trash:
            self._trash()
        self._last_change()
        self._remember()

    def _places(self) -> None:
        workspace = self._made("workspace", "workspaces/", name="Shop")
        self._made("database", f"applications/workspace/{workspace}/", name="Stock", type="database")
        body = {"name": "Products", "data": [["Name"], ["Apple"]], "first_row_header": True}
        self._made("products", f"database/tables/database/{self.ids['database']}/", **body)

    def _products(self) -> None:
        table = self.ids["products"]
        for field in _FIELDS:
            self._made(field["name"], f"database/fields/table/{table}/", **field)
        items = [_product(number) for number in range(ROWS)]
        made = self._call("POST", f"{self._rows(table)}batch/?user_field_names=true", {"items": items})["items"]
        self.ids["row"] = made[3]["id"]
        self._call("PATCH", self._row(), {"Name": "Pear", "Price": "-1.25"})

    def _tokens(self) -> None:
        self._made("token", "database/tokens/", name="Till", workspace=self.ids["workspace"])

    def _orders(self) -> None:
        body = {"name": "Orders", "data": [["Name"], ["First"], ["Second"]], "first_row_header": True}
        table = self._made("orders", f"database/tables/database/{self.ids['database']}/", **body)
        link = self._made(
            "Products", f"database/fields/table/{table}/", name="Products", type="link_row", **self._link("products")
        )
        through = {"through_field_id": link, "target_field_id": self.ids["Price"]}
        for field in (
            {"name": "Prices", "type": "lookup", **through},
            {"name": "Sum", "type": "rollup", "rollup_function": "sum", **through},
            {"name": "Count", "type": "count", "through_field_id": link},
            {"name": "Label", "type": "formula", "formula": "concat(field('Name'), ': ', totext(field('Sum')))"},
        ):
            self._made(field["name"], f"database/fields/table/{table}/", **field)
        for order in self._call("GET", self._rows(table))["results"]:
            body = {"Products": [self.ids["row"], self.ids["row"] + order["id"]]}
            self._call("PATCH", f"{self._rows(table)}{order['id']}/?user_field_names=true", body)

    def _link(self, table: str) -> Json:
        return {"link_row_table_id": self.ids[table], "has_related_field": True}

    def _views(self) -> None:
        path = f"database/views/table/{self.ids['products']}/"
        view = self._made("view", path, name="Dear ones", type="grid", public=True)
        self._made("filter", f"database/views/{view}/filters/", field=self.ids["Price"], type="higher_than", value="3")
        self._made("sort", f"database/views/{view}/sortings/", field=self.ids["Added"], order="DESC")
        self._made("group_by", f"database/views/{view}/group_bys/", field=self.ids["Kind"], order="ASC")
        options = {str(self.ids["Notes"]): {"hidden": True, "width": 123}}
        self._call("PATCH", f"database/views/{view}/field-options/", {"field_options": options})
        for kind in ("gallery", "form", "kanban"):
            if f"{kind}_view" in self._plugins:
                extra = {"single_select_field": self.ids["Kind"]} if kind == "kanban" else {}
                self._made(kind, path, name=f"The {kind}", type=kind, **extra)

    def _webhook(self) -> None:
        body = {
            "name": "Told",
            "url": "https://receiver.example.com/",
            "request_method": "POST",
            "use_user_field_names": True,
            "include_all_events": False,
            "events": ["rows.created"],
            "headers": {"Authorization": HEADER},
        }
        self._made("webhook", f"database/webhooks/table/{self.ids['products']}/", **body)

    def _comments(self) -> None:
        text = [{"type": "paragraph", "content": [{"type": "text", "text": "Look!"}]}]
        path = f"row_comments/{self.ids['products']}/{self.ids['row']}/"
        self._made("comment", path, message={"type": "doc", "content": text})

    def _invitation(self) -> None:
        body = {"email": BOB["email"], "permissions": "MEMBER", "base_url": "http://127.0.0.1:8000/invited"}
        self._made("invitation", f"workspaces/invitations/workspace/{self.ids['workspace']}/", **body)

    def _trash(self) -> None:
        """A row, a field with values, a table and a database, and a view where there are such."""
        workspace, table = self.ids["workspace"], self.ids["products"]
        gone = self._made("gone field", f"database/fields/table/{table}/", name="Gone", type="text")
        self._call("PATCH", self._row(), {"Gone": "kept"})
        other = self._made("gone database", f"applications/workspace/{workspace}/", name="Gone", type="database")
        old = self._made("gone table", f"database/tables/database/{self.ids['database']}/", name="Gone")
        self.ids["gone row"] = self.ids["row"] + 5
        for path in (f"database/fields/{gone}/", f"database/tables/{old}/", f"applications/{other}/"):
            self._call("DELETE", path)
        self._call("DELETE", f"{self._rows(table)}{self.ids['gone row']}/")

    def _last_change(self) -> None:
        self._call("PATCH", self._row(), {"Name": "Plum"})

    def _remember(self) -> None:
        for path in self._paths():
            self.facts.append((path, self._call("GET", path)))

    def _paths(self) -> Iterator[str]:
        workspace, ids = self.ids["workspace"], self.ids
        yield from ("workspaces/", f"applications/workspace/{workspace}/", "database/tokens/")
        yield f"database/tables/database/{ids['database']}/"
        for table in ("products", "orders"):
            if table in ids:
                yield f"database/fields/table/{ids[table]}/"
                yield f"{self._rows(ids[table])}?user_field_names=true"
        yield f"{self._rows(ids['products'])}{ids['row']}/history/"
        yield f"{self._rows(ids['products'])}?search=plum&user_field_names=true"
        if self._has_trash:
            yield f"trash/workspace/{workspace}/"
        if "view" in ids:
            yield f"database/views/table/{ids['products']}/"
            yield f"database/views/{ids['view']}/filters/"
            yield f"database/views/{ids['view']}/sortings/"
            yield f"database/views/{ids['view']}/field-options/"
            yield f"database/views/grid/{ids['view']}/"
        if "webhook" in ids:
            yield f"database/webhooks/table/{ids['products']}/"
        if "comment" in ids:
            yield f"row_comments/{ids['products']}/{ids['row']}/"
        if "invitation" in ids:
            yield f"workspaces/invitations/workspace/{workspace}/"

    def _made(self, what: str, path: str, **body: Any) -> int:
        self.ids[what] = self._call("POST", path, body)["id"]
        return self.ids[what]

    def _row(self) -> str:
        return f"{self._rows(self.ids['products'])}{self.ids['row']}/?user_field_names=true"

    @staticmethod
    def _rows(table: int) -> str:
        return f"database/rows/table/{table}/"


def _product(number: int) -> Json:
    return {
        "Name": f"Product {number:02}",
        "Notes": "a note\nof two lines" * (number % 3),
        "Price": f"{number}.50",
        "In stock": number % 2 == 0,
        "Added": f"2026-05-{number + 1:02}T12:00:00Z",
        "Mail": f"p{number}@example.com",
        "Site": "https://example.com/",
        "Phone": "+31 10 123",
        "Stars": number % 6,
        "Kind": ("Fruit", "Nuts", None)[number % 3],
        "Tags": ["Fruit", "Nuts"][: number % 3],
    }
