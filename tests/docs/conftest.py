"""Fixtures: the whole product as a newcomer runs it, in an empty data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.runtime.embedded import temporary_folder
from tests.installed import PROGRAM
from tests.reliability.conftest import Served, assert_gone


class Product(Served):
    """A running `tablewright serve`: web, worker, PostgreSQL and Valkey."""

    program = (PROGRAM,)


@contextmanager
def running_product(**env: str) -> Iterator[Product]:
    """The product on embedded servers and data of its own."""
    with temporary_folder() as folder:
        running = Product(folder / "data", **env)
        try:
            yield running.wait_ready()
        finally:
            below = running.descendants()
            running.stop()
            assert_gone(below)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The product as it comes."""
    with running_product() as running:
        yield running
