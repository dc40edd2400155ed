"""The audit log: who did what, where and when, for admins of workspaces and for staff."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionListener, ActionType
from plugin_api.administration import AdminSection
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation

plugin = Plugin(
    name="audit_log",
    version="1.0",
    title="Audit log",
    description="Who did what, where and when.",
    api=(1, 1),
    feature="audit_log",
    migrations="plugins.audit_log.migrations",
)


@hookimpl
def register_action_listeners() -> list[ActionListener]:
    """Writing entries."""
    from plugins.audit_log.recording import Recorder

    return [Recorder()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Reading and exporting the log."""
    from plugins.audit_log.files import exported
    from plugins.audit_log.routes import BLUEPRINTS

    return [*BLUEPRINTS, exported]


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    from plugins.audit_log.operations import OPERATIONS

    return OPERATIONS


@hookimpl
def register_job_types() -> list[JobType]:
    """Exports."""
    from plugins.audit_log.jobs import job_types

    return job_types


@hookimpl
def register_action_types() -> list[ActionType]:
    """That the log was exported is in the log."""
    from plugins.audit_log.jobs import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Forgetting what is old."""
    from plugins.audit_log.files import files
    from plugins.audit_log.upkeep import forget_old

    return [
        PeriodicTask("forget-audit-log-entries", 3600.0, forget_old),
        PeriodicTask("forget-audit-log-exports", 60.0, files.forget),
    ]


@hookimpl
def register_admin_sections() -> list[AdminSection]:
    """A page among those of administrators."""
    from plugins.audit_log.section import SECTION

    return [SECTION]
