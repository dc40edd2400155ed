"""Where somebody has another role than in the workspace: the places of each kind that operations happen at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plugin_api.permissions import Standing, role_uid
from plugin_api.platform import service
from plugin_api.roles import WORKSPACE, RoleKinds

Places = Mapping[str, Sequence[int]]
"""The ids of places by the role somebody has there."""


def places_of(standing: Standing) -> dict[str, Places]:
    """The places in all applications that give another role, by how operations at them begin: a query for each kind.

    What begins in no such way happens in the workspace itself.
    """
    applications, found = standing.applications(), dict[str, Places]()
    for kind in service(RoleKinds).scopes().values():
        by_role: dict[str, list[int]] = {}
        for number, scopes in kind.inside(applications).items():
            by_role.setdefault(role_uid(standing.role(scopes)), []).append(number)
        found.update(dict.fromkeys(kind.prefixes, by_role) if kind.type != WORKSPACE else {})
    return found
