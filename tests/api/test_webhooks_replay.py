"""Whatever is done with the rows of a table: who applies the deliveries of a webhook in order has the same table."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.api.test_webhooks import Table, receiver, table
from tests.receiver import Received, Receiver, deliver, drain, send_due, time_goes_by

__all__ = ["receiver", "table"]

Rows = dict[int, dict[str, Any]]
DEEDS = ("create", "batch", "update", "batch_update", "delete", "batch_delete", "restore", "move", "undo")


class Doer:
    """Does random things with rows, as a user."""

    def __init__(self, table: Table, seed: int) -> None:
        self.table, self.chance = table, random.Random(seed)
        self.gone: list[list[int]] = []
        self.session = {"ClientSessionId": f"session-{seed}"}

    def ids(self) -> list[int]:
        """The rows that are there."""
        return [row["id"] for row in self.table.database.rows(self.table.id)]

    def some(self) -> list[int]:
        """Some of the rows that are there."""
        there = self.ids()
        return self.chance.sample(there, min(len(there), self.chance.randint(1, 3)))

    def values(self) -> dict[str, Any]:
        """Values of a row."""
        return {"City": self.chance.choice(["Rome", "Oslo", None]), "Name": str(self.chance.randint(0, 99))}

    def call(self, method: str, path: str, body: Any = None) -> None:
        """A request that must succeed."""
        path = f"{self.table.rows}{path}?user_field_names=true"
        status, answer = self.table.api.call(method, path, body, headers=self.session)
        assert status in (200, 204), answer

    def do(self, deed: str) -> None:
        """One of DEEDS, unless there is nothing to do it with."""
        some = self.some()
        if deed == "create":
            self.call("POST", "", self.values())
        elif deed == "batch":
            self.call("POST", "batch/", {"items": [self.values() for _ in range(3)]})
        elif deed == "undo":
            self.table.api.patch("/api/user/undo/", {"scopes": {"table": self.table.id}}, headers=self.session)
        elif deed == "restore":
            self.restore()
        elif some:
            self.change(deed, some)

    def change(self, deed: str, some: list[int]) -> None:
        """Change or delete rows."""
        if deed == "update":
            self.call("PATCH", f"{some[0]}/", self.values())
        elif deed == "batch_update":
            self.call("PATCH", "batch/", {"items": [{"id": row_id, **self.values()} for row_id in some]})
        elif deed == "move":
            self.call("PATCH", f"{some[0]}/move/")
        elif deed == "delete":
            self.call("DELETE", f"{some[0]}/")
            self.gone.append(some[:1])
        else:
            self.call("POST", "batch-delete/", {"items": some})
            self.gone.append(some)

    def restore(self) -> None:
        """Take back what went into the trash last, unless undoing did."""
        if self.gone:
            ids = self.gone.pop()
            kind = "row" if len(ids) == 1 else "rows"
            body = {"trash_item_type": kind, "trash_item_id": ids[0], "parent_trash_item_id": self.table.id}
            self.table.api.patch("/api/trash/restore/", body)


def _named(row: dict[str, Any]) -> list[Any]:
    return [row["Name"], row["City"]]


def apply(rows: Rows, came: Received) -> None:
    """Do with a copy of the rows what a delivery tells; it must fit."""
    body = came.body
    if body["event_type"] == "rows.created":
        for row in body["items"]:
            assert row["id"] not in rows
            rows[row["id"]] = row
    elif body["event_type"] == "rows.updated":
        before = {row["id"]: row for row in body["old_items"]}
        for row in body["items"]:
            assert _named(rows[row["id"]]) == _named(before[row["id"]])
            rows[row["id"]] = row
    else:
        for row_id in body["row_ids"]:
            del rows[row_id]


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deeds=st.lists(st.sampled_from(DEEDS), min_size=1, max_size=12), seed=st.integers(0, 10**6))
def test_the_deliveries_make_the_same_table(table: Table, receiver: Receiver, deeds: list[str], seed: int) -> None:
    rows: Rows = {row["id"]: row for row in table.database.rows(table.id)}
    hook = table.hook(receiver.url, "rows.created", "rows.updated", "rows.deleted")
    receiver.received.clear()
    doer, seen = Doer(table, seed), set[str]()
    receiver.reply = lambda came: (random.Random(len(receiver.received) + seed).choice([200, 200, 500]), {}, b"")
    for deed in deeds:
        doer.do(deed)
        if doer.chance.random() < 0.5:
            drain()
        if doer.chance.random() < 0.3:
            send_due()
    for _ in range(40):
        deliver()
        time_goes_by()
    for came in receiver.received:
        if came.headers["webhook-id"] not in seen:
            seen.add(came.headers["webhook-id"])
            apply(rows, came)
    assert rows == {row["id"]: row for row in table.database.rows(table.id)}
    assert table.api.delete(f"/api/database/webhooks/{hook['id']}/")[0] == 204
