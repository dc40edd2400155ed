"""Where plugins find the running platform: its services, by interface, and its frozen registries."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from plugin_api.registry import Registry

T = TypeVar("T")

_services: dict[type[Any], object] = {}
_registries: dict[str, Registry[Any]] = {}
_plugins: dict[str, str] = {}


class NotRunning(LookupError):
    """A service or registry was asked for before the platform provided it."""


def provide(interface: type[T], implementation: T) -> None:
    """Make `implementation` the one `service(interface)` answers. The composition root and plugins call this."""
    _services[interface] = implementation


def provided() -> dict[type[Any], object]:
    """The services as they are now, to go back to with `restore` when a plugin fails half-way."""
    return dict(_services)


def restore(services: dict[type[Any], object]) -> None:
    """Provide exactly these services."""
    _services.clear()
    _services.update(services)


def service(interface: type[T]) -> T:
    """The running implementation of `interface`, a Protocol or class of plugin_api or of a required plugin."""
    try:
        return cast(T, _services[interface])
    except KeyError:
        raise NotRunning(f"no service provides {interface.__name__}; is its plugin loaded?") from None


def provide_registries(registries: dict[str, Registry[Any]]) -> None:
    """Set the frozen registries of this process, once, after all plugins are loaded."""
    _registries.clear()
    _registries.update(registries)


def registry(name: str) -> Registry[Any]:
    """The frozen registry called `name`."""
    try:
        return _registries[name]
    except KeyError:
        raise NotRunning(f"there is no registry {name!r}") from None


def name_modules(plugin: str, module: str) -> None:
    """Say that a module, and all in it if it is a package, are of a plugin. Whoever imports plugins calls this."""
    _plugins[module] = plugin


def plugin_of(module: str) -> str | None:
    """The name of the plugin a module is of; None for the platform's and for libraries."""
    while module:
        if module in _plugins:
            return _plugins[module]
        module = module.rpartition(".")[0]
    return None
