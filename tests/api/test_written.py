"""How far the primary's log was: noted after each commit and before events are told, and doubted when that fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from flask import Flask

from core.actions.outbox import Drainer
from core.db.replicas import Replicas, name_of
from core.db.unit_of_work import SqlUnitsOfWork
from core.db.written import Written
from plugin_api.db import UnitsOfWork
from plugin_api.events import emit
from plugin_api.platform import service


class Flaky:
    """Redis, unless it is told to fail."""

    def __init__(self) -> None:
        self.fails = False

    def __getattr__(self, name: str) -> Any:
        if self.fails:
            raise redis.ConnectionError("gone")
        return getattr(service(redis.Redis), name)


@pytest.fixture
def cache(app: Flask) -> Flaky:
    """A Redis that can fail."""
    return Flaky()


@pytest.fixture
def written(cache: Flaky) -> Written:
    """Nothing was noted yet."""
    return Written(cache, uuid.uuid4().hex)  # type: ignore[arg-type]


@pytest.fixture
def units(written: Written) -> Iterator[SqlUnitsOfWork]:
    """Units of work of an instance whose one replica is never well."""
    engine = service(UnitsOfWork).engine  # type: ignore[attr-defined]
    yield SqlUnitsOfWork(engine, Replicas([], 1, written, 0))


def write(units: SqlUnitsOfWork) -> None:
    """Commit something."""
    with units.begin() as unit:
        unit.connection.execute(sa.text("CREATE TABLE IF NOT EXISTS public.written (id int)"))
        unit.connection.execute(sa.text("INSERT INTO public.written VALUES (1)"))


def place(units: SqlUnitsOfWork) -> int:
    """Where the primary is."""
    with units.begin(reading=True) as unit:
        sql = "SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint"
        return int(unit.connection.exec_driver_sql(sql).scalar_one())


def test_a_commit_is_noted_before_anybody_is_answered(units: SqlUnitsOfWork, written: Written) -> None:
    assert written.furthest() is None
    before = place(units)
    write(units)
    noted = written.furthest()
    assert noted is not None and before < noted <= place(units)


def test_a_later_place_counts_whoever_notes_it(units: SqlUnitsOfWork, written: Written) -> None:
    write(units)
    first = written.furthest()
    written._tell(1)
    assert written.furthest() == first
    write(units)
    assert (written.furthest() or 0) > (first or 0)


def test_a_commit_that_could_not_be_told_is_not_read_elsewhere(
    units: SqlUnitsOfWork, written: Written, cache: Flaky
) -> None:
    write(units)
    cache.fails = True
    write(units)
    cache.fails = False
    assert written.furthest() is None
    with units.begin(reading=True) as unit:
        written.renew(unit.connection)
    assert (written.furthest() or 0) > 0


def test_nobody_knows_when_redis_lost_it(units: SqlUnitsOfWork, written: Written) -> None:
    write(units)
    service(redis.Redis).delete(written._key)
    assert written.furthest() is None


def test_what_only_read_is_not_noted(units: SqlUnitsOfWork, written: Written) -> None:
    place(units)
    with units.begin():
        pass
    assert written.furthest() is None


def test_a_place_is_noted_before_events_are_told(units: SqlUnitsOfWork, written: Written) -> None:
    with service(UnitsOfWork).begin():
        emit("test_written", {}, None)
    noted: list[int | None] = []
    told = SimpleNamespace(type="t", types=(), urgent=True, handle=lambda events: noted.append(written.furthest()))
    Drainer(units, [told], before_telling=units.note).drain()  # type: ignore[list-item]
    assert noted and noted[0] is not None


def test_nothing_is_told_that_could_not_be_noted(units: SqlUnitsOfWork, cache: Flaky) -> None:
    with service(UnitsOfWork).begin():
        emit("test_written", {}, None)
    told: list[Any] = []
    handler = SimpleNamespace(type="t", types=(), urgent=True, handle=told.extend)
    cache.fails = True
    with pytest.raises(redis.ConnectionError):
        Drainer(units, [handler], before_telling=units.note).drain()  # type: ignore[list-item]
    assert told == []
    cache.fails = False
    Drainer(units, [handler], before_telling=units.note).drain()  # type: ignore[list-item]
    assert told


def test_replicas_are_called_by_host_and_port() -> None:
    assert name_of("postgres://user:secret@replica.example.org:5433/name") == "replica.example.org:5433"
    assert name_of("postgresql://user@/name?host=/run/sockets") == "/run/sockets"
