"""The plugin's operations with the lowest role that may do each."""

from __future__ import annotations

from plugin_api.permissions import Operation

LIST = "enterprise.teams.list_teams"
READ = "enterprise.teams.team.read"
CREATE = "enterprise.teams.create_team"
UPDATE = "enterprise.teams.team.update"
DELETE = "enterprise.teams.team.delete"
RESTORE = "enterprise.teams.team.restore"
LIST_SUBJECTS = "enterprise.teams.list_subjects"
READ_SUBJECT = "enterprise.teams.read_subject"
CREATE_SUBJECT = "enterprise.teams.create_subject"
DELETE_SUBJECT = "enterprise.teams.delete_subject"

OPERATIONS = [
    *(Operation(name, "VIEWER") for name in (LIST, READ)),
    *(Operation(name, "EDITOR") for name in (LIST_SUBJECTS, READ_SUBJECT)),
    *(Operation(name, "ADMIN") for name in (CREATE, UPDATE, DELETE, RESTORE, CREATE_SUBJECT, DELETE_SUBJECT)),
]
