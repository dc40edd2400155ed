"""A running instance for tests of plugins: the whole product in this process, on a database that is thrown away."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from importlib import import_module
from typing import Any, Protocol, cast

import pytest

from plugin_api.testing.bench import Instance

_PRODUCT = "app"
"""The module that puts the product together; by name, since this package knows nobody."""


class SentMail(Protocol):
    """A mail to one address."""

    @property
    def to(self) -> str:
        """The address."""

    @property
    def subject(self) -> str:
        """Its subject."""

    @property
    def text(self) -> str:
        """What it says, as plain text."""

    @property
    def html(self) -> str:
        """The same as HTML."""


class Listening(Protocol):
    """A socket on which a user, or a visitor, is told what happens."""

    def open_page(self, page: str, **parameters: Any) -> None:
        """Open a page: from now on what happens there is told. AssertionError when that is refused."""

    def next(self, type_name: str) -> dict[str, Any]:
        """The next message of a type, passing over others; AssertionError when none comes within ten seconds."""


class AdminPage(Protocol):
    """The page at `/admin/`, as the browser of an administrator shows it."""

    def open(self, path: str) -> str:
        """The HTML of a page."""

    def send(self, path: str, **form: str) -> str:
        """Send a form of the page that was opened last; answers the HTML of the page that comes then."""


class Running(Protocol):
    """The product with all plugins that are installed."""

    def administrator(self) -> Instance:
        """The instance as its first user sees it, who is staff."""

    def new_user(self) -> Instance:
        """The instance as a user sees it who has just signed up."""

    def visitor(self) -> Instance:
        """The instance as somebody sees it who is not signed in."""

    def admin_page(self) -> AdminPage:
        """The page for administrators, signed in."""

    def deliver(self) -> None:
        """Hand all events that were committed to the handlers of plugins, as a worker does."""

    def mails(self) -> Sequence[SentMail]:
        """The mails that were sent since this was asked the last time."""

    def listen(self, instance: Any) -> AbstractContextManager[Listening]:
        """A socket of whoever `instance` is, for a block; `instance` comes from here."""


@pytest.fixture(scope="session")
def running_instance() -> Iterator[Running]:
    """The product, on a database of its own: on the servers of DATABASE_URL and REDIS_URL, or embedded ones."""
    with ExitStack() as stack:
        with _starting():
            run = cast("Callable[[], AbstractContextManager[Running]]", import_module(_PRODUCT).running)
            running = stack.enter_context(run())
        yield running


@contextmanager
def _starting() -> Iterator[None]:
    """Hardly anything of what a start makes is ever garbage: looking for some takes a third of it."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if wanted:
            gc.enable()


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


@pytest.fixture
def admin_page(running_instance: Running) -> AdminPage:
    """The page for administrators, signed in."""
    return running_instance.admin_page()


@pytest.fixture
def deliver(running_instance: Running) -> Callable[[], None]:
    """Hands events to their handlers: each call hands over those that were committed until then."""
    running_instance.deliver()
    return running_instance.deliver


@pytest.fixture
def mails(running_instance: Running) -> Callable[[], Sequence[SentMail]]:
    """Answers the mails that were sent since the test began, or since it was called the last time."""
    running_instance.mails()
    return running_instance.mails


@pytest.fixture
def listen(running_instance: Running) -> Callable[[Any], AbstractContextManager[Listening]]:
    """Opens sockets: `with listen(instance) as socket` is told what that user is told."""
    return running_instance.listen
