"""The row a listing's statement answers: whoever asks the database, what is answered and raised is the same."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from plugin_api.db import UnitsOfWork
from plugin_api.platform import service
from plugins.database.engine.read import _first

MODES = pytest.mark.parametrize("reading", [True, False])


@MODES
@pytest.mark.parametrize("listening", [True, False])
def test_answers(app: Any, reading: bool, listening: bool) -> None:
    engine, heard = service(UnitsOfWork).engine, []  # type: ignore[attr-defined]

    def note(*statement: Any) -> None:
        heard.append(statement[2])

    if listening:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        sql = """SELECT %(n)s::int AS "order", '{"a": [1]}'::json AS page, NULL AS total, '5%%' AS share"""
        row = service(UnitsOfWork).run(lambda: _first(sql, {"n": 4}), reading=reading)
        assert (row.order, row.page, row.total, row.share) == (4, {"a": [1]}, None, "5%")
        assert service(UnitsOfWork).run(lambda: _first("SELECT 1 WHERE false", {}), reading=reading) is None
    finally:
        if listening:
            sa.event.remove(engine, "before_cursor_execute", note)
    assert len(heard) == 2 * listening


@MODES
def test_errors(app: Any, reading: bool) -> None:
    with pytest.raises(ProgrammingError):
        service(UnitsOfWork).run(lambda: _first("SELECT 1 FROM nowhere", {}), reading=reading)
    assert service(UnitsOfWork).run(lambda: _first("SELECT 1 AS n", {}), reading=reading).n == 1
