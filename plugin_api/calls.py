"""Calls from one plugin into another, so that one that fails or is slow is named and takes nobody along.

A plugin that calls what others registered asks for it here:

    values = calls.attempt("star_catalogues", key, lambda: catalogue.stars(ids), {})
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from plugin_api.platform import registry, service

T = TypeVar("T")


class Calls(Protocol):
    """The service that knows which plugins failed and which were slow."""

    def watched(self, plugin: str, what: str) -> AbstractContextManager[None]:
        """Note that the block failed, and raise its error on, or that it was slow."""

    def attempt(self, plugin: str, what: str, work: Callable[[], T], otherwise: T) -> T:
        """What `work` answers; when it fails, which is noted and undone, `otherwise`.

        Refusals (`ApiError`) and what is not its fault, as a database that does not answer, are raised on.
        """


def attempt(registry_name: str, key: str, work: Callable[[], T], otherwise: T) -> T:
    """Do what an entry of a registry is for; when it fails its plugin is named, and the answer is `otherwise`."""
    return service(Calls).attempt(registry(registry_name).provider(key), f"{registry_name} {key}", work, otherwise)


def watched(registry_name: str, key: str) -> AbstractContextManager[None]:
    """Do what an entry of a registry is for; its plugin is named when that fails, which is raised on, or is slow."""
    return service(Calls).watched(registry(registry_name).provider(key), f"{registry_name} {key}")
