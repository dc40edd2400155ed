"""What goes with the next major version of this API: it works until then, and says which plugin uses it.

    @deprecated(since="1.1", instead="plugin_api.stars.shine", gone="2.0")
    def glow(): ...

For hooks: `@hookspec(warn_on_impl=outdated("register_suns", since="1.1", instead="register_stars", gone="2.0"))`.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

import structlog

from plugin_api.platform import plugin_of

log = structlog.get_logger(__name__)

Thing = TypeVar("Thing", bound=Callable[..., Any])

_told: dict[tuple[str, str], str] = {}


class PluginDeprecationWarning(DeprecationWarning):
    """A plugin uses something that goes with the next major version; the text names both."""


def outdated(name: str, *, since: str, instead: str, gone: str) -> PluginDeprecationWarning:
    """The warning about something, without a plugin's name."""
    return PluginDeprecationWarning(
        f"{name} is deprecated since plugin API {since} and goes with {gone}; use {instead}"
    )


def deprecated(*, since: str, instead: str, gone: str) -> Callable[[Thing], Thing]:
    """Mark a function, or a class that is made or derived from: whoever uses it is told, and named in the log."""

    def mark(thing: Thing) -> Thing:
        warning = outdated(f"{thing.__module__}.{thing.__qualname__}", since=since, instead=instead, gone=gone)
        return cast(Thing, _class(thing, warning) if isinstance(thing, type) else _function(thing, warning))

    return mark


def _function(thing: Callable[..., Any], warning: PluginDeprecationWarning) -> Callable[..., Any]:
    @wraps(thing)
    def told(*args: Any, **kwargs: Any) -> Any:
        tell(_using_plugin(), warning)
        return thing(*args, **kwargs)

    return told


def _class(thing: type[Any], warning: PluginDeprecationWarning) -> type[Any]:
    begin, derive = thing.__init__, thing.__init_subclass__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        if type(self) is thing:
            tell(_using_plugin(), warning)
        begin(self, *args, **kwargs)

    def init_subclass(cls: type[Any], /, **kwargs: Any) -> None:
        tell(_using_plugin(), warning)
        derive(**kwargs)

    thing.__init__ = init
    thing.__init_subclass__ = classmethod(init_subclass)  # type: ignore[assignment]
    return thing


def _using_plugin() -> str:
    """The plugin nearest in the running calls; empty when there is none, as in a plugin's own tests."""
    frame = sys._getframe(2)
    while frame is not None:
        plugin = plugin_of(frame.f_globals.get("__name__", ""))
        if plugin:
            return plugin
        frame = frame.f_back  # type: ignore[assignment]
    return ""


def tell(plugin: str, warning: PluginDeprecationWarning) -> None:
    """Warn, and log it once for each plugin and thing."""
    text = str(warning)
    warnings.warn(f"{plugin}: {text}" if plugin else text, PluginDeprecationWarning, stacklevel=3)
    if plugin and (plugin, text) not in _told:
        _told[plugin, text] = text
        log.warning("a plugin uses something deprecated", plugin=plugin, problem=text)


def told() -> Mapping[str, list[str]]:
    """What plugins were told about in this process, by plugin."""
    found: dict[str, list[str]] = {}
    for plugin, text in _told:
        found.setdefault(plugin, []).append(text)
    return found
