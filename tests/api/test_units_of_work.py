"""Units of work: what commits, what a savepoint undoes, what is run again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from core.db.models import Job
from plugin_api.db import UnitsOfWork, after_commit, begin, connection, savepoint, session
from plugin_api.errors import ApiError, TryAgain
from plugin_api.platform import service


@pytest.fixture
def numbers(app: Any) -> Iterator[None]:
    """A table of numbers."""
    with begin():
        connection().exec_driver_sql("CREATE TABLE number (n int PRIMARY KEY)")
    yield
    with begin():
        connection().exec_driver_sql("DROP TABLE number")


def add(n: int) -> None:
    """Add a number over the connection."""
    connection().execute(sa.text("INSERT INTO number VALUES (:n)"), {"n": n})


def add_by_session(n: int) -> None:
    """Add a number over the session."""
    session().execute(sa.text("INSERT INTO number VALUES (:n)"), {"n": n})


def kept() -> list[int]:
    """The numbers that were committed."""
    with begin():
        return list(connection().execute(sa.text("SELECT n FROM number ORDER BY n")).scalars())


@pytest.mark.parametrize(("first", "inside"), [(add, add), (add, add_by_session), (add_by_session, add)])
@pytest.mark.usefixtures("numbers")
def test_a_savepoint_undoes_the_block_alone(first: Any, inside: Any) -> None:
    with begin():
        first(1)
        with pytest.raises(DBAPIError), savepoint():
            inside(2)
            add(1)
        with savepoint():
            inside(3)
        first(4)
    assert kept() == [1, 3, 4]


@pytest.mark.usefixtures("numbers")
def test_what_fails_leaves_nothing() -> None:
    told: list[str] = []
    with pytest.raises(RuntimeError), begin():
        add(1)
        add_by_session(2)
        after_commit(lambda: told.append("committed"))
        raise RuntimeError
    assert (kept(), told) == ([], [])


def test_objects_of_an_undone_savepoint_are_forgotten(app: Any) -> None:
    with begin():
        with pytest.raises(RuntimeError), savepoint():
            lost = Job(type="lab", user_id=None, params={})
            session().add(lost)
            session().flush()
            raise RuntimeError
        assert lost not in session()
        assert session().scalar(sa.select(Job.id).where(Job.id == lost.id)) is None


@pytest.mark.usefixtures("numbers")
def test_work_whose_ground_was_changed_runs_again() -> None:
    runs: list[int] = []

    def work() -> str:
        runs.append(len(runs))
        add(len(runs))
        if len(runs) < 3:
            raise TryAgain("changed")
        return "done"

    assert service(UnitsOfWork).run(work) == "done"
    assert (len(runs), kept()) == (3, [3])


def test_work_that_never_gets_through_is_a_conflict(app: Any) -> None:
    def work() -> None:
        raise TryAgain("changed again")

    with pytest.raises(ApiError) as refused:
        service(UnitsOfWork).run(work)
    assert (refused.value.status, refused.value.code) == (409, "ERROR_CONFLICT")


@pytest.mark.usefixtures("numbers")
def test_reading_takes_no_transaction(count_sql: Any) -> None:
    def work() -> bool:
        return bool(connection().execute(sa.text("SELECT pg_current_xact_id_if_assigned() IS NULL")).scalar())

    assert service(UnitsOfWork).run(work, reading=True)
    with begin():
        state = connection().connection.driver_connection
        assert state is not None
        assert state.autocommit is False


def test_statements_made_for_a_table_as_it_was_run_again(app: Any) -> None:
    """A request that waited for a change of a table's columns begins again with the new ones."""
    tries = []

    def work() -> int:
        tries.append(1)
        column = "id" if len(tries) > 1 else "gone"
        return int(connection().exec_driver_sql(f"SELECT count({column}) FROM core.workspace").scalar_one())

    assert service(UnitsOfWork).run(work) >= 0
    assert len(tries) == 2
    with pytest.raises(sa.exc.ProgrammingError):
        service(UnitsOfWork).run(lambda: connection().exec_driver_sql("SELECT gone FROM core.workspace"))


def test_connections_are_in_the_mode_their_unit_of_work_needs(app: Any, numbers: None) -> None:
    def times() -> set[Any]:
        return {connection().exec_driver_sql("SELECT now()").scalar_one() for _ in range(2)}

    for _ in range(3):
        assert len(service(UnitsOfWork).run(times, reading=True)) == 2
        with begin():
            assert len(times()) == 1
        with pytest.raises(TryAgain), begin():
            add(1)
            raise TryAgain("no")
        assert service(UnitsOfWork).run(lambda: connection().exec_driver_sql("SELECT 1 FROM number").all(), True) == []
