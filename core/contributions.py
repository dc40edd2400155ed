"""What the core itself adds to what plugins add: its operations, kinds of things, and commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.actions.types import ON_ACCOUNTS
from core.actions.types import ON_THE_INSTANCE as ACTIONS_ON_THE_INSTANCE
from core.applications.actions import ACTION_TYPES as ACTIONS_ON_APPLICATIONS
from core.applications.duplicate import DuplicateApplicationJob
from core.applications.operations import OPERATIONS as ON_APPLICATIONS
from core.health.checks import OWN as HEALTH_CHECKS
from core.jobs.periodic import PERIODIC
from core.permissions.managers import MANAGERS
from core.permissions.operations import OPERATIONS as ON_THE_INSTANCE
from core.plugin_system import clashes
from core.trash.actions import ACTION_TYPES as ACTIONS_ON_TRASH
from core.trash.types import OWN as TRASH_ITEM_TYPES
from core.workspaces.actions import ACTION_TYPES as ACTIONS_ON_WORKSPACES
from core.workspaces.operations import OPERATIONS as ON_WORKSPACES
from core.workspaces.role_kinds import OWN_SCOPES, OWN_SUBJECT_TYPES
from plugin_api.http import Blueprint

if TYPE_CHECKING:
    import click

ACTION_TYPES = (
    *ON_ACCOUNTS,
    *ACTIONS_ON_THE_INSTANCE,
    *ACTIONS_ON_WORKSPACES,
    *ACTIONS_ON_APPLICATIONS,
    *ACTIONS_ON_TRASH,
)
OPERATIONS = (*ON_THE_INSTANCE, *ON_WORKSPACES, *ON_APPLICATIONS)
JOB_TYPES = (DuplicateApplicationJob(),)


def blueprints() -> list[Blueprint]:
    """The operations of the core."""
    from core.accounts.routes import blueprints as accounts
    from core.actions.routes import blueprints as undo
    from core.applications.routes import blueprints as applications
    from core.http.health import blueprints as health
    from core.instance.routes import blueprints as instance
    from core.jobs.routes import blueprints as jobs
    from core.plugin_system.routes import blueprints as plugin_admin
    from core.sign_in.routes import blueprints as providers
    from core.trash.routes import blueprints as trash_can
    from core.workspaces.routes import blueprints as workspaces

    return [
        *accounts,
        *instance,
        *health,
        *workspaces,
        *applications,
        *jobs,
        *plugin_admin,
        *providers,
        *undo,
        *trash_can,
    ]


def taken() -> clashes.Taken:
    """What plugins cannot provide because the core does."""
    from core.cli import commands as program
    from core.cli import maintenance

    keys = {
        "operations": [operation.name for operation in OPERATIONS],
        "action_types": [found.type for found in ACTION_TYPES],
        "job_types": [found.type for found in JOB_TYPES],
        "role_scopes": OWN_SCOPES,
        "role_subject_types": OWN_SUBJECT_TYPES,
        "trash_item_types": [found.type for found in TRASH_ITEM_TYPES],
        "permission_managers": [manager.type for manager in MANAGERS],
        "health_checks": [check.name for check in HEALTH_CHECKS],
        "periodic_tasks": [task.name for task in PERIODIC],
        "authenticators": ["JWT"],
        "commands": [str(command.name) for command in (*program.COMMANDS, *maintenance.COMMANDS, *commands())],
    }
    return clashes.taken(keys, blueprints())


def commands() -> Sequence[click.Command]:
    """Commands beyond those that run the product."""
    from core.accounts.commands import COMMANDS as accounts
    from core.backup.commands import COMMANDS as backups
    from core.plugin_system.commands import COMMANDS as plugin_system

    return [*accounts, *backups, *plugin_system]
