"""Frozen registries: what plugins registered at start-up, and which plugin each entry came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class RegistrySpec:
    """A registry to fill at start-up: its name, the hook that yields its entries, and an entry's key.

    of: the class entries are of, as `plugin_api.fields:FieldType`; others are refused. Empty for Protocols, whose
        entries are of any class. By name, so that nothing is imported for a registry that stays empty.
    """

    name: str
    hook: str
    key: Callable[[Any], str] = lambda entry: str(entry.type)
    of: str = ""

    def entry_class(self) -> type[Any] | None:
        """The class entries are of."""
        module, _, name = self.of.partition(":")
        found: type[Any] | None = getattr(import_module(module), name) if name else None
        return found


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One registered value and the name of the plugin that provided it."""

    value: T
    plugin: str


class DuplicateEntry(ValueError):
    """Two plugins registered the same key; `plugin` is the one that came second, `other` the first."""

    def __init__(self, plugin: str, message: str, other: str = "") -> None:
        super().__init__(message)
        self.plugin = plugin
        self.other = other


class Registry(Generic[T]):
    """A read-only mapping of key to value that also knows each entry's provider."""

    def __init__(self, name: str, entries: Mapping[str, Entry[T]]) -> None:
        self.name = name
        self._entries = MappingProxyType(dict(entries))

    def get(self, key: str) -> T | None:
        """The value under `key`, or None."""
        entry = self._entries.get(key)
        return entry.value if entry else None

    def __getitem__(self, key: str) -> T:
        return self._entries[key].value

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def values(self) -> list[T]:
        """All values, in the order their plugins were loaded."""
        return [entry.value for entry in self._entries.values()]

    def provider(self, key: str) -> str:
        """Name of the plugin that registered `key`; KeyError when nobody did."""
        return self._entries[key].plugin


def build(spec: RegistrySpec, provided: Iterable[tuple[str, Any]]) -> Registry[Any]:
    """Freeze (plugin name, value) pairs into a registry. Raises DuplicateEntry on a key given twice."""
    entries: dict[str, Entry[Any]] = {}
    for plugin, value in provided:
        key = spec.key(value)
        if key in entries:
            other = entries[key].plugin
            raise DuplicateEntry(plugin, f"{spec.name}: {key!r} is already provided by {other}", other)
        entries[key] = Entry(value, plugin)
    return Registry(spec.name, entries)
