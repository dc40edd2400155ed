"""The default roles: for each operation the lowest one that may do it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from plugin_api.permissions import NO_ROLE, NOBODY, ROLES, Operation


@cache
def announced() -> Mapping[str, str]:
    """Lowest roles of all operations of the API, those of parts that are not installed too: clients ask for them."""
    lines = files(__package__).joinpath("operations.tsv").read_text("utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)


def lowest_roles(registered: Mapping[str, Operation]) -> dict[str, str]:
    """The lowest role of every operation; where one is registered, what its provider says counts."""
    return {**announced(), **{name: operation.role for name, operation in registered.items()}}


def allowed(lowest: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """What each role may do. A role nobody knows as the lowest one lets only admins in."""
    ranks = {role: rank for rank, role in enumerate(ROLES)}
    nobody, highest = len(ROLES), len(ROLES) - 1
    needed = {name: nobody if role == NOBODY else ranks.get(role, highest) for name, role in lowest.items()}
    found = {role: frozenset(name for name in needed if needed[name] <= ranks[role]) for role in ROLES[1:]}
    return {**found, ROLES[0]: frozenset(), NO_ROLE: frozenset()}
