"""The data sync type `jira_issues`: the issues of a Jira site, or of one of its projects."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from plugin_api import Plugin, hookimpl
from plugin_api.schemas import Choice, Schema, Str, Url
from plugins.data_sync.kinds import DataSyncType, Progress, Property, ReadsMixin, Settings, SyncError
from plugins.data_sync.properties import long_text, moment, text, url
from plugins.data_sync.requests import Client, inner, joined, listed
from plugins.data_sync.requests import moment as as_moment

plugin = Plugin(
    name="jira_data_sync",
    version="1.0",
    title="Sync of Jira issues",
    description="Tables of the issues of a Jira site.",
    api=(1, 0),
    requires=("data_sync",),
    feature="data_sync",
)

API_TOKEN, PERSONAL_ACCESS_TOKEN = "API_TOKEN", "PERSONAL_ACCESS_TOKEN"
_PAGE = 100

Issue = dict[str, Any]


def _field(*keys: str) -> Callable[[Issue], Any]:
    return lambda issue: inner(issue, "fields", *keys)


def _moment(name: str) -> Callable[[Issue], Any]:
    return lambda issue: as_moment(inner(issue, "fields", name))


_PROPERTIES: list[tuple[Property, str, Callable[[Issue], Any]]] = [
    (text("jira_id", "Jira Issue ID", unique=True), "", lambda issue: issue.get("id")),
    (text("summary", "Summary"), "summary", _field("summary")),
    (long_text("description", "Description"), "description", _field("description")),
    (text("assignee", "Assignee"), "assignee", _field("assignee", "displayName")),
    (text("reporter", "Reporter"), "reporter", _field("reporter", "displayName")),
    (text("labels", "Labels"), "labels", lambda issue: joined(inner(issue, "fields", "labels"))),
    (moment("created", "Created Date"), "created", _moment("created")),
    (moment("updated", "Updated Date"), "updated", _moment("updated")),
    (moment("resolved", "Resolved Date"), "resolutiondate", _moment("resolutiondate")),
    (moment("due", "Due Date"), "duedate", _moment("duedate")),
    (text("status", "State"), "status", _field("status", "name")),
    (text("project", "Project"), "project", _field("project", "name")),
    (url("url", "Issue URL"), "", lambda issue: f"{issue['base']}/browse/{issue.get('key')}"),
]


class JiraSettings(Schema):
    """Which site, as whom, and which project."""

    jira_url = Url(required=True, max_length=2000, metadata={"description": "The site's address."})
    jira_authentication = Choice(
        [API_TOKEN, PERSONAL_ACCESS_TOKEN],
        load_default=API_TOKEN,
        metadata={"description": "API_TOKEN for Jira Cloud, PERSONAL_ACCESS_TOKEN for Jira Data Center."},
    )
    jira_username = Str(
        load_default="", allow_blank=True, max_length=255, metadata={"description": "The e-mail address, in the cloud."}
    )
    jira_project_key = Str(
        load_default="", allow_blank=True, max_length=255, metadata={"description": "A project, instead of all."}
    )
    jira_api_token = Str(
        required=True, load_only=True, max_length=255, metadata={"description": "The token of the chosen kind."}
    )


class JiraIssues(DataSyncType, ReadsMixin):
    """The issues a user can see. Jira Cloud gives pages by token, Jira Data Center by offset."""

    type = "jira_issues"
    settings_schema = JiraSettings
    secrets = {"jira_api_token": ("jira_url",)}

    def properties(self, settings: Settings) -> list[Property]:
        """The same for all sites."""
        return [found for found, _, _ in _PROPERTIES]

    def rows(self, settings: Settings, keys: Sequence[str], progress: Progress) -> Iterator[list[Any]]:
        """Page by page."""
        read = {found.key: (name, value) for found, name, value in _PROPERTIES}
        values = [read[key][1] for key in keys]
        query = {"jql": _jql(settings), "maxResults": _PAGE, "fields": ",".join(sorted({read[k][0] for k in keys}))}
        base = settings["jira_url"].rstrip("/")
        client = Client(
            "Jira", _headers(settings), "the user name and the token", "the address and the project", progress
        )
        pages = _by_token if settings["jira_authentication"] == API_TOKEN else _by_offset
        for issues in pages(client, base, query, progress):
            for issue in issues:
                yield [value({**issue, "base": base}) for value in values]


def _headers(settings: Settings) -> dict[str, str]:
    token = settings.get("jira_api_token", "")
    if settings["jira_authentication"] == PERSONAL_ACCESS_TOKEN:
        return {"Authorization": f"Bearer {token}"}
    pair = base64.b64encode(f"{settings['jira_username']}:{token}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _jql(settings: Settings) -> str:
    """The search. Jira Cloud refuses one without any condition."""
    project = settings["jira_project_key"].replace("\\", "\\\\").replace('"', '\\"')
    condition = f'project = "{project}"' if project else 'created >= "1970-01-01"'
    return f"{condition} ORDER BY created ASC, id ASC"


def _by_token(client: Client, base: str, query: dict[str, Any], progress: Progress) -> Iterator[list[Issue]]:
    token: dict[str, str] = {}
    while True:
        found, _ = client.get(f"{base}/rest/api/2/search/jql", **query, **token)
        yield _issues(found)
        following = found.get("nextPageToken")
        if not following or found.get("isLast"):
            return
        token = {"nextPageToken": str(following)}
        progress(0.0)


def _by_offset(client: Client, base: str, query: dict[str, Any], progress: Progress) -> Iterator[list[Issue]]:
    start, total = 0, 1
    while start < total:
        found, _ = client.get(f"{base}/rest/api/2/search", **query, startAt=start)
        issues = _issues(found)
        yield issues
        total = found.get("total") if isinstance(found.get("total"), int) else 0
        start += len(issues) or total
        progress(start / total if total else 1.0)


def _issues(found: Any) -> list[Issue]:
    if not isinstance(found, dict):
        raise SyncError("Jira answers with something else than issues: check the address.")
    return listed(found.get("issues"), "Jira")


@hookimpl
def register_data_sync_types() -> list[DataSyncType]:
    """Provide `jira_issues`."""
    return [JiraIssues()]
