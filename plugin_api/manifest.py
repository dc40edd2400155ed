"""The manifest: what a plugin says about itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import ModuleType

from plugin_api.registry import RegistrySpec

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TAKEN = re.compile(r"core|public|information_schema|pg_.*|ws_\d+")
"""Schemas of the platform, of workspaces and of PostgreSQL."""


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A plugin's manifest, kept in the variable `plugin` of the module its entry point names.

    name: unique, also the PostgreSQL schema of its tables; lower case letters, digits, underscores.
    api: the plugin API version (major, minor) the plugin was written for.
    requires: names of the plugins that must be loaded before this one; without them it is not loaded.
    wants: names of plugins it works better with: loaded before this one when they are there. See `states.is_active`.
    before: names of plugins that are loaded after this one when they are there.
    feature: the licensed feature this plugin belongs to, or None when it is free of licences.
    can_disable: whether an administrator may switch it off at run time.
    hookspecs: a module of hook specifications other plugins may implement.
    registries: the registries this plugin opens for entries of other plugins.
    migrations: dotted name of the package with the plugin's Alembic migrations, or None.
    """

    name: str
    version: str
    title: str
    api: tuple[int, int]
    description: str = ""
    requires: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    feature: str | None = None
    can_disable: bool = True
    hookspecs: ModuleType | None = None
    registries: tuple[RegistrySpec, ...] = field(default=())
    migrations: str | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"plugin name {self.name!r} must be lower case letters, digits and underscores")
        if not (isinstance(self.api, tuple) and [type(number) for number in self.api] == [int, int]):
            raise ValueError(f"api must be a pair of numbers such as (1, 0), not {self.api!r}")
        if _TAKEN.fullmatch(self.name):
            raise ValueError(f"plugin name {self.name!r} must be another one: a schema of that name is not a plugin's")
        for name in ("requires", "wants", "before", "registries"):
            if not isinstance(getattr(self, name), tuple):
                raise ValueError(f'{name} must be a tuple, such as ("database",), not {getattr(self, name)!r}')
