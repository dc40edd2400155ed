"""What two plugins, or a plugin and the platform, cannot both have: keys of registries and routes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from plugin_api.http import Blueprint

PLATFORM = "the platform"

Taken = Mapping[str, Collection[str]]
"""The platform's own keys by registry, and under `routes` what it serves."""

_PARAMETER = re.compile(r"<(?:[^:<>]+:)?[^<>]+>")


def routes(blueprint: Blueprint) -> list[str]:
    """What a blueprint serves, each as method and address; the names of the address's parameters do not matter."""
    prefix = blueprint.url_prefix or ""
    return [f"{method} {_PARAMETER.sub('<>', prefix + rule)}" for method, rule in blueprint.served]


def taken(keys: Mapping[str, Collection[Any]], blueprints: Collection[Blueprint]) -> Taken:
    """The platform's own keys and what its blueprints serve."""
    served = [route for blueprint in blueprints for route in routes(blueprint)]
    return {**keys, "blueprints": [blueprint.name for blueprint in blueprints], "routes": served}
