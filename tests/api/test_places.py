"""Pages far down in a large table: found by blocks of order values, whatever was written before."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from plugin_api.db import begin, connection
from plugins.database.engine import places, read

ROWS = 300


@pytest.fixture
def rows(sheet: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A table of 300 rows, in which every page but the first is far down and blocks are small."""
    monkeypatch.setattr(places, "BLOCK", 16)
    monkeypatch.setattr(read, "_DEEP", 1)
    path = f"/api/database/rows/table/{sheet.id}/"
    for start in range(0, ROWS, 100):
        sheet.api.post(f"{path}batch/", {"items": [{} for _ in range(start, start + 100)]})
    yield path
    with begin():  # blocks of another size mean nothing to others
        connection().exec_driver_sql(f"DELETE FROM database.row_count WHERE table_id = {sheet.id:d}")


def _pages(api: Any, rows: str) -> list[int]:
    """The ids of all rows, page by page."""
    listed: list[int] = []
    while True:
        answer = api.get(f"{rows}?size=7&page={len(listed) // 7 + 1}")[1]
        listed += [row["id"] for row in answer["results"]]
        if answer["next"] is None:
            assert answer["count"] == len(listed)
            return listed


def _true_order(sheet: Any) -> list[int]:
    with begin(), sheet.shape() as shape:
        query = f'SELECT id FROM {shape.full_name} WHERE trashed_on IS NULL ORDER BY "order", id'
        return list(connection().exec_driver_sql(query).scalars())


def _blocks(sheet: Any) -> dict[int | None, int]:
    query = f"SELECT block, sum(change) FROM database.row_count WHERE table_id = {sheet.id:d} GROUP BY block"
    with begin():
        return {block: int(change) for block, change in connection().exec_driver_sql(query) if change}


def _true_blocks(sheet: Any) -> dict[int, int]:
    with begin(), sheet.shape() as shape:
        found = (
            f'SELECT floor("order" / 16)::bigint, count(*) FROM {shape.full_name} WHERE trashed_on IS NULL GROUP BY 1'
        )
        return {block: int(count) for block, count in connection().exec_driver_sql(found)}


def test_every_kind_of_writing_keeps_the_blocks(api: Any, rows: str, sheet: Any) -> None:
    chance = random.Random(7)
    for _ in range(60):
        ids = _true_order(sheet)
        first, second = chance.sample(ids, 2)
        match chance.choice(("add", "before", "move", "end", "delete", "batch")):
            case "add":
                assert api.post(rows, {})[0] == 200
            case "before":
                assert api.post(f"{rows}batch/?before={first}", {"items": [{}, {}, {}]})[0] == 200
            case "move":
                assert api.patch(f"{rows}{first}/move/?before_id={second}")[0] == 200
            case "end":
                assert api.patch(f"{rows}{first}/move/")[0] == 200
            case "delete":
                assert api.delete(f"{rows}{first}/")[0] == 204
            case "batch":
                assert api.post(f"{rows}batch-delete/", {"items": [first, second]})[0] == 204
    assert _blocks(sheet) == _true_blocks(sheet)
    places.join_changes()
    assert _blocks(sheet) == _true_blocks(sheet)
    assert _pages(api, rows) == _true_order(sheet)


def test_undo_keeps_the_blocks(api: Any, rows: str, sheet: Any) -> None:
    api.headers = {**api.headers, "ClientSessionId": "places"}
    assert api.patch(f"{rows}250/move/?before_id=3")[0] == 200
    assert api.post(f"{rows}batch-delete/", {"items": [1, 40, 299]})[0] == 204
    for way in ("undo", "undo", "redo", "redo", "undo"):
        assert api.patch(f"/api/user/{way}/", {"scopes": {}})[1]["result_code"] == "SUCCESS"
        assert _blocks(sheet) == _true_blocks(sheet)
    assert _pages(api, rows) == _true_order(sheet)


def test_where_blocks_are_not_known_pages_are_right_and_they_are_found_out(api: Any, rows: str, sheet: Any) -> None:
    with begin():
        places.note(sheet.id, 0)
    assert None in _raw_blocks(sheet)
    assert _pages(api, rows) == _true_order(sheet)
    places.count_anew()
    assert None not in _raw_blocks(sheet)
    assert _blocks(sheet) == _true_blocks(sheet)
    assert _pages(api, rows) == _true_order(sheet)


def _raw_blocks(sheet: Any) -> set[int | None]:
    query = f"SELECT block FROM database.row_count WHERE table_id = {sheet.id:d}"
    with begin():
        return set(connection().exec_driver_sql(query).scalars())


@pytest.mark.parametrize("offset", [273, 286])
def test_a_page_far_down_reads_the_nearer_half_of_one_block(rows: str, sheet: Any, offset: int) -> None:
    with begin(), sheet.shape() as shape:
        run = connection().exec_driver_sql
        run("SET LOCAL enable_seqscan = off")
        found = f"SELECT t.id FROM {shape.full_name} t WHERE t.trashed_on IS NULL AND "
        page = f'{found}{places.from_offset(shape, str(offset))} ORDER BY t."order", t.id LIMIT 10'
        plan = run(f"EXPLAIN (ANALYZE, COSTS OFF) {page}").scalars().all()
        assert run(page).scalars().all() == _true_order(sheet)[offset : offset + 10]
    scans = (re.search(rf"table_{sheet.id} r(?:_1)? \(actual .* rows=([0-9.]+)", line) for line in plan)
    read_rows = [float(scan[1]) for scan in scans if scan]
    assert read_rows and sum(read_rows) <= places.BLOCK / 2 + 1, "\n".join(plan)
