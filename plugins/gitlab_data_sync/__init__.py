"""The data sync type `gitlab_issues`: the issues of a GitLab project."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from plugin_api import Plugin, hookimpl
from plugin_api.schemas import Schema, Str, Url
from plugins.data_sync.kinds import DataSyncType, Progress, Property, ReadsMixin, Settings
from plugins.data_sync.properties import long_text, moment, number, text, url
from plugins.data_sync.requests import Client, inner, joined, listed
from plugins.data_sync.requests import moment as as_moment

plugin = Plugin(
    name="gitlab_data_sync",
    version="1.0",
    title="Sync of GitLab issues",
    description="Tables of the issues of a GitLab project.",
    api=(1, 0),
    requires=("data_sync",),
    feature="data_sync",
)

_PAGE = 50

Issue = dict[str, Any]

_PROPERTIES: list[tuple[Property, Callable[[Issue], Any]]] = [
    (number("id", "Internal unique ID", unique=True), lambda issue: issue.get("id")),
    (number("iid", "Issue ID"), lambda issue: issue.get("iid")),
    (number("project_id", "Project ID"), lambda issue: issue.get("project_id")),
    (text("title", "Title"), lambda issue: issue.get("title")),
    (long_text("description", "Description"), lambda issue: issue.get("description")),
    (text("state", "State"), lambda issue: issue.get("state")),
    (moment("created_at", "Created At"), lambda issue: as_moment(issue.get("created_at"))),
    (moment("updated_at", "Updated At"), lambda issue: as_moment(issue.get("updated_at"))),
    (moment("closed_at", "Closed At"), lambda issue: as_moment(issue.get("closed_at"))),
    (text("closed_by", "Closed By"), lambda issue: inner(issue, "closed_by", "name")),
    (text("labels", "Labels"), lambda issue: joined(issue.get("labels"))),
    (text("assignees", "Assignees"), lambda issue: joined(issue.get("assignees"), "name")),
    (text("author", "Author"), lambda issue: inner(issue, "author", "name")),
    (number("upvotes", "Upvotes"), lambda issue: issue.get("upvotes")),
    (number("downvotes", "Downvotes"), lambda issue: issue.get("downvotes")),
    (moment("due_date", "Due date"), lambda issue: as_moment(issue.get("due_date"))),
    (text("milestone", "Milestone"), lambda issue: inner(issue, "milestone", "title")),
    (url("url", "URL to Issue"), lambda issue: issue.get("web_url")),
]


class GitLabSettings(Schema):
    """Which project, and a token that may read it."""

    gitlab_url = Url(
        load_default="https://gitlab.com", max_length=2000, metadata={"description": "Where GitLab is served."}
    )
    gitlab_project_id = Str(required=True, max_length=255, metadata={"description": "The project's id or its path."})
    gitlab_access_token = Str(
        required=True, load_only=True, max_length=255, metadata={"description": "A token with the scope read_api."}
    )


class GitLabIssues(DataSyncType, ReadsMixin):
    """The issues of a project, open and closed."""

    type = "gitlab_issues"
    settings_schema = GitLabSettings
    secrets = {"gitlab_access_token": ("gitlab_url",)}

    def properties(self, settings: Settings) -> list[Property]:
        """The same for all projects."""
        return [found for found, _ in _PROPERTIES]

    def rows(self, settings: Settings, keys: Sequence[str], progress: Progress) -> Iterator[list[Any]]:
        """Page by page, until one is empty."""
        read = {found.key: value for found, value in _PROPERTIES}
        values = [read[key] for key in keys]
        token = settings.get("gitlab_access_token", "")
        headers = {"PRIVATE-TOKEN": token} if token else {}
        client = Client("GitLab", headers, "the access token", "the project's id", progress)
        base = f"{settings['gitlab_url'].rstrip('/')}/api/v4/projects/{quote(settings['gitlab_project_id'], safe='')}"
        page, last = 1, False
        while not last:
            found, headers = client.get(f"{base}/issues", page=page, per_page=_PAGE, state="all")  # type: ignore[assignment]
            issues = listed(found, "GitLab")
            for issue in issues:
                yield [value(issue) for value in values]
            last = not issues or headers.get("x-next-page") == ""
            page += 1
            progress(0.0)


@hookimpl
def register_data_sync_types() -> list[DataSyncType]:
    """Provide `gitlab_issues`."""
    return [GitLabIssues()]
