"""A running instance for tests of plugins: the whole product in this process, on a database that is thrown away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Protocol, cast

import pytest

from plugin_api.testing.bench import Instance

_PRODUCT = "app"
"""The module that puts the product together; by name, since this package knows nobody."""


class Running(Protocol):
    """The product with all plugins that are installed."""

    def administrator(self) -> Instance:
        """The instance as its first user sees it, who is staff."""

    def new_user(self) -> Instance:
        """The instance as a user sees it who has just signed up."""

    def visitor(self) -> Instance:
        """The instance as somebody sees it who is not signed in."""


@pytest.fixture(scope="session")
def running_instance() -> Iterator[Running]:
    """The product, on a database of its own: on the servers of DATABASE_URL and REDIS_URL, or embedded ones."""
    run = cast("Callable[[], AbstractContextManager[Running]]", import_module(_PRODUCT).running)
    with run() as running:
        yield running


@pytest.fixture
def instance(running_instance: Running) -> Instance:
    """The instance as a new user sees it."""
    return running_instance.new_user()


@pytest.fixture
def administrator(running_instance: Running) -> Instance:
    """The instance as its administrator sees it."""
    return running_instance.administrator()


@pytest.fixture
def visitor(running_instance: Running) -> Instance:
    """The instance as visitors see it, who are not signed in."""
    return running_instance.visitor()


@pytest.fixture
def new_user(running_instance: Running) -> Callable[[], Instance]:
    """Makes users: each call answers the instance as another one sees it."""
    return running_instance.new_user
