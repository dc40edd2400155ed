"""The data sync type `github_issues`: the issues of a GitHub repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from plugin_api import Plugin, hookimpl
from plugin_api.schemas import Schema, Str
from plugins.data_sync.kinds import DataSyncType, Progress, Property, ReadsMixin, Settings
from plugins.data_sync.properties import long_text, moment, number, text, url
from plugins.data_sync.requests import Client, inner, joined, listed
from plugins.data_sync.requests import moment as as_moment

plugin = Plugin(
    name="github_data_sync",
    version="1.0",
    title="Sync of GitHub issues",
    description="Tables of the issues of a GitHub repository.",
    api=(1, 0),
    requires=("data_sync",),
    feature="data_sync",
)

_PAGE = 100

Issue = dict[str, Any]

_PROPERTIES: list[tuple[Property, Callable[[Issue], Any]]] = [
    (number("id", "GitHub Issue ID", unique=True), lambda issue: issue.get("number")),
    (text("title", "Title"), lambda issue: issue.get("title")),
    (long_text("body", "Body"), lambda issue: issue.get("body")),
    (text("user", "User"), lambda issue: inner(issue, "user", "login")),
    (text("assignee", "Assignee"), lambda issue: inner(issue, "assignee", "login")),
    (text("assignees", "Assignees"), lambda issue: joined(issue.get("assignees"), "login")),
    (text("labels", "Labels"), lambda issue: joined(issue.get("labels"), "name")),
    (text("state", "State"), lambda issue: issue.get("state")),
    (moment("created_at", "Created At"), lambda issue: as_moment(issue.get("created_at"))),
    (moment("updated_at", "Updated At"), lambda issue: as_moment(issue.get("updated_at"))),
    (moment("closed_at", "Closed At"), lambda issue: as_moment(issue.get("closed_at"))),
    (text("closed_by", "Closed By"), lambda issue: inner(issue, "closed_by", "login")),
    (text("milestone", "Milestone"), lambda issue: inner(issue, "milestone", "title")),
    (url("url", "URL to Issue"), lambda issue: issue.get("html_url")),
]


class GitHubSettings(Schema):
    """Which repository, and a token that may read it."""

    github_issues_owner = Str(required=True, max_length=255, metadata={"description": "The user or organisation."})
    github_issues_repo = Str(required=True, max_length=255, metadata={"description": "The repository."})
    github_issues_api_token = Str(
        required=True, load_only=True, max_length=255, metadata={"description": "A token that may read issues."}
    )


class GitHubIssues(DataSyncType, ReadsMixin):
    """The issues of a repository, open and closed, without pull requests."""

    type = "github_issues"
    settings_schema = GitHubSettings
    secrets: ClassVar = {"github_issues_api_token": ()}
    api_url = "https://api.github.com"

    def properties(self, settings: Settings) -> list[Property]:
        """The same for all repositories."""
        return [found for found, _ in _PROPERTIES]

    def rows(self, settings: Settings, keys: Sequence[str], progress: Progress) -> Iterator[list[Any]]:
        """Page by page, until one is not full."""
        read = {found.key: value for found, value in _PROPERTIES}
        values = [read[key] for key in keys]
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {settings.get('github_issues_api_token', '')}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        client = Client("GitHub", headers, "the token", "the owner and the repository", progress)
        owner, repository = (quote(settings[f"github_issues_{name}"], safe="") for name in ("owner", "repo"))
        page, last = 1, False
        while not last:
            address = f"{self.api_url}/repos/{owner}/{repository}/issues"
            found, _ = client.get(address, state="all", per_page=_PAGE, page=page)
            issues = listed(found, "GitHub")
            for issue in issues:
                if "pull_request" not in issue:
                    yield [value(issue) for value in values]
            last = len(issues) < _PAGE
            page += 1
            progress(0.0)


@hookimpl
def register_data_sync_types() -> list[DataSyncType]:
    """Provide `github_issues`."""
    return [GitHubIssues()]
