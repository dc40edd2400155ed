"""Which role counts: random roles, and what may be done with them, against the rules written out in Python."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa

from core.db.models import Membership
from core.workspaces.role_kinds import Kinds
from core.workspaces.roles import role_of
from plugin_api.db import begin, connection
from plugin_api.permissions import NO_ROLE, ROLES, Access, Permissions, Standing, role_uid
from plugin_api.platform import service
from plugin_api.realtime import Members
from plugin_api.roles import RoleKinds
from plugins.realtime.recipients import Recipients
from plugins.roles.defaults import allowed, lowest_roles
from tests.roles import USER, Ground


class Model:
    """Who was given what, and what follows. A place is ("workspace",), ("application", id) or a table's."""

    def __init__(self) -> None:
        self.own: dict[tuple[int, tuple[Any, ...]], str] = {}
        self.teams: dict[tuple[int, tuple[Any, ...]], str] = {}
        self.inside: dict[int, set[int]] = {}
        """The teams of each user."""

    def at(self, user: int, place: tuple[Any, ...]) -> str | None:
        """What somebody was given at one place."""
        mine = self.own.get((user, place), NO_ROLE)
        if mine != NO_ROLE:
            return mine
        theirs = [self.teams.get((team, place), NO_ROLE) for team in self.inside[user]]
        ranked = [role for role in ROLES if role in theirs]
        return ranked[-1] if ranked else None

    def plain(self, user: int, places: Iterable[tuple[Any, ...]]) -> str:
        """The role of the closest of some places, the last of which is the workspace."""
        if self.at(user, ("workspace",)) == "ADMIN":
            return "ADMIN"
        found = (self.at(user, place) for place in places)
        return next((role for role in found if role is not None), NO_ROLE)


class Country:
    """Two databases with two tables each, four members, three teams, and random roles."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.random, self.model = ground, random.Random(seed), Model()
        self.users = [ground.member(f"U{n}") for n in range(4)]
        self.tables: dict[int, list[int]] = {}
        for database in (ground.id, ground.another()):
            path = f"/api/database/tables/database/{database}/"
            self.tables[database] = [int(ground.ok(*ground.api.post(path, {"name": f"T{n}"}))["id"]) for n in range(2)]
        self.teams = {}
        for n in range(3):
            inside = self.random.sample(self.users, self.random.randint(0, 3))
            self.teams[ground.team(f"Team {n}", *inside)] = {user.user["id"] for user in inside}
        for user in self.users:
            number = user.user["id"]
            self.model.inside[number] = {team for team, inside in self.teams.items() if number in inside}

    def places(self) -> list[tuple[str, int]]:
        """Where roles can be given within the workspace."""
        applications = [("application", number) for number in self.tables]
        return [*applications, *(("database_table", one) for tables in self.tables.values() for one in tables)]

    def give(self) -> None:
        """Random roles to everybody in the workspace, then to some at some places; replacing what they had."""
        everybody = (*self.users, *self.teams)
        admins = [whom for whom in everybody if self._to_workspace(whom) == "ADMIN"]
        items = []
        for place in self.places():
            for whom in everybody:
                role = self.random.choice([None, None, None, NO_ROLE, *ROLES]) if whom not in admins else None
                items.append(self.ground.assignment(whom, role, *place))
                self._note(whom, place, role)
        status, answer = self.ground.batch(*items)
        assert status == 200, answer

    def _to_workspace(self, whom: Any) -> str:
        role = self.random.choices([*ROLES, NO_ROLE], weights=[2, 1, 1, 1, 1, 1, 3])[0]
        self.ground.grant(whom, role)
        self._note(whom, ("workspace",), role)
        return role

    def _note(self, whom: Any, place: tuple[Any, ...], role: str | None) -> None:
        is_team = isinstance(whom, int)
        known, number = (self.model.teams, whom) if is_team else (self.model.own, whom.user["id"])
        known[number, place] = role or NO_ROLE


def _gives(role: str) -> bool:
    return role not in ("NO_ACCESS", NO_ROLE)


def _seen(role: str, inside: Iterable[str]) -> str:
    return "VIEWER" if not _gives(role) and any(_gives(one) for one in inside) else role


def _expected(country: Country, user: int) -> dict[Any, str]:
    """The role somebody has at each place, by the rules."""
    model, found = country.model, dict[Any, str]()
    for database, tables in country.tables.items():
        up = [("application", database), ("workspace",)]
        for table in tables:
            found["database_table", table] = model.plain(user, [("database_table", table), *up])
        given = [model.at(user, ("database_table", table)) for table in tables]
        found["application", database] = _seen(model.plain(user, up), [role for role in given if role])
    here = model.plain(user, [("workspace",)])
    given = [model.at(user, place) for place in country.places()]
    found[("workspace",)] = _seen(here, [role for role in given if role])
    return found


def _may(role: str, lowest: str) -> bool:
    return role in ROLES and ROLES.index(role) >= ROLES.index(lowest)


@pytest.mark.parametrize("seed", range(4))
def test_random_roles_follow_the_rules(api: Any, make_user: Any, seed: int) -> None:
    country = Country(Ground(api, make_user), seed)
    for _ in range(3):
        country.give()
        for user in country.users:
            _check(country, user, _expected(country, user.user["id"]))


def _check(country: Country, user: Any, expected: dict[Any, str]) -> None:
    workspace, ground = expected[("workspace",)], country.ground
    listing = user.get(f"/api/applications/workspace/{ground.workspace_id}/")
    assert listing[0] == (200 if _may(workspace, "VIEWER") else 401)
    shown = {one["id"]: [table["id"] for table in one["tables"]] for one in listing[1]} if listing[0] == 200 else {}
    assert shown == {
        database: [table for table in tables if _may(expected["database_table", table], "VIEWER")]
        for database, tables in country.tables.items()
        if _may(expected["application", database], "VIEWER")
    }
    for database, tables in country.tables.items():
        role = expected["application", database]
        path = f"/api/database/tables/database/{database}/"
        assert user.get(path)[0] == (200 if _may(role, "VIEWER") else 401), role
        renamed = user.patch(f"/api/applications/{database}/", {"name": "Renamed"})
        assert renamed[0] == (200 if _may(role, "BUILDER") else 401), role
        for table in tables:
            _check_table(ground, user, table, expected["database_table", table])
    _check_told(user, ground, country, expected)
    _check_messages(user, ground, country, expected)


def _check_table(ground: Ground, user: Any, table: int, role: str) -> None:
    rows = ground.rows_path(table)
    listing = f"{ground.role_path}?scope_type=database_table&scope_id={table}"
    assert user.get(rows)[0] == (200 if _may(role, "VIEWER") else 401), role
    assert user.post(rows, {})[0] == (200 if _may(role, "EDITOR") else 401), role
    renamed = user.patch(f"/api/database/tables/{table}/", {"name": "Renamed"})
    assert renamed[0] == (200 if _may(role, "BUILDER") else 401), role
    assert user.get(listing)[0] == (200 if _may(role, "ADMIN") else 401), role


def _check_told(user: Any, ground: Ground, country: Country, expected: dict[Any, str]) -> None:
    """The permissions object says of each place what a check there says."""
    managers = user.get(f"/api/workspaces/{ground.workspace_id}/permissions/")[1]
    told = next(one["permissions"] for one in managers if one["name"] == "role")
    may = allowed(lowest_roles(service(Permissions).operations()))

    def says(operation: str, number: int) -> bool:
        return bool(told[operation]["default"] != (number in told[operation]["exceptions"]))

    for place, role in expected.items():
        names = {"application": "application.update", "database_table": "database.table.create_row"}
        for name in (names[place[0]], f"{names[place[0]].rpartition('.')[0]}.read") if len(place) == 2 else ():
            assert says(name, place[1]) == (name in may[role]), (name, place, role)
    for name in ("workspace.read", "workspace.create_application", "enterprise.teams.list_teams"):
        assert told[name] == {"default": name in may[expected[("workspace",)]], "exceptions": []}


def _check_messages(user: Any, ground: Ground, country: Country, expected: dict[Any, str]) -> None:
    """Messages go to those who may read what they are about."""
    for database, tables in country.tables.items():
        for table in tables:
            scopes = (("database_table", table), ("application", database))
            with begin():
                told = Recipients().ids(Members(ground.workspace_id, "database.table.read", scopes))
            assert (user.user["id"] in told) == _may(expected["database_table", table], "VIEWER")


def test_what_is_told_of_fields_views_and_their_parts_follows_their_table(api: Any, make_user: Any) -> None:
    ground = Ground(api, make_user)
    bob, first, second = ground.member("Bob", "VIEWER"), ground.table("First"), ground.table("Second")
    ground.grant(bob, "BUILDER", "database_table", second)
    views = ground.ok(*ground.api.get(f"/api/database/views/table/{second}/"))
    ids = {"field": ground.first_field(second), "view": views[0]["id"]}
    sort = ground.ok(*ground.api.post(f"/api/database/views/{ids['view']}/sortings/", {"field": ids["field"]}))
    managers = bob.get(f"/api/workspaces/{ground.workspace_id}/permissions/")[1]
    told = next(one["permissions"] for one in managers if one["name"] == "role")
    fields = [field["id"] for field in ground.fields(second)]
    assert told["database.table.field.update"] == {"default": False, "exceptions": sorted(fields)}
    assert told["database.table.view.update"] == {"default": False, "exceptions": [ids["view"]]}
    assert told["database.table.view.sort.update"] == {"default": False, "exceptions": [sort["id"]]}
    assert told["database.table.create_field"] == {"default": False, "exceptions": [second]}
    assert told["database.table.read"] == {"default": True, "exceptions": []} and first not in fields


def test_a_standing_is_read_as_statements_write_it() -> None:
    text = "NO_ACCESS|database_table:5:2:EDITOR:0|database_table:5:2:VIEWER:1|database_table:5:2:BUILDER:0"
    table, application = ("database_table", 5), ("application", 2)
    assert Access(1, text, (table, application)).role == "VIEWER"
    assert Access(1, text, (application,)).role == "VIEWER"
    assert Access(1, text).role == "VIEWER"
    assert Access(1, text, (("database_table", 6), application)).role == "NO_ACCESS"
    inside = Access(1, text, (table, application))
    assert Access(1, inside.role, (("application", 3),)).role == "NO_ACCESS"
    assert Standing.parse("MEMBER").role((table,)) == "MEMBER" and role_uid("MEMBER") == "BUILDER"
    none = Access(1, "VIEWER|database_table:5:2:NO_ROLE_LOW_PRIORITY:1|application:2:2:COMMENTER:0", inside.scopes)
    assert none.role == "COMMENTER"
    assert Access(1, "ADMIN|database_table:5:2:VIEWER:1", inside.scopes).role == "ADMIN"


def test_without_teams_their_roles_count_for_nobody(api: Any, make_user: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Ground(api, make_user)
    bob, table_id = ground.member("Bob", "VIEWER"), ground.table()
    crew = ground.team("Crew", bob)
    ground.grant(crew, "EDITOR", "database_table", table_id)
    mine = sa.and_(Membership.workspace_id == ground.workspace_id, Membership.user_id == bob.user["id"])

    def standing() -> str:
        with begin():
            return str(connection().scalar(sa.select(role_of()).where(mine)))

    assert standing() == f"VIEWER|database_table:{table_id}:{ground.id}:EDITOR:0"
    left = {USER: service(RoleKinds).subject_types()[USER]}
    monkeypatch.setattr(Kinds, "subject_types", lambda self: left)
    assert standing() == "VIEWER"
