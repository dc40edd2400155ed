"""Fixtures: the whole product as a newcomer runs it, in an empty data folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.runtime.embedded import temporary_folder
from tests.reliability.conftest import Served, assert_gone


class Product(Served):
    """A running `tablewright serve`."""

    program = (str(Path(sys.executable).with_name("tablewright")),)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The product on embedded servers: web, worker, PostgreSQL, Valkey."""
    with temporary_folder() as folder:
        running = Product(folder / "data")
        try:
            yield running.wait_ready()
        finally:
            below = running.descendants()
            running.stop()
            assert_gone(below)
