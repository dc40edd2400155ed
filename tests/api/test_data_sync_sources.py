"""Data sync from GitLab, GitHub, Jira, HubSpot and calendars, each played by a server on this machine."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest

from core.outbound.addresses import AddressPolicy
from core.outbound.client import GuardedClient
from plugin_api.outbound import Outbound
from plugin_api.platform import provide, registry, service
from tests.synced import SYNC, Asked, Reply, Source, Synced
from tests.tables import Database


@pytest.fixture
def base(api: Any) -> Database:
    """A database of the user."""
    return Database(api)


@pytest.fixture
def serve() -> Iterator[Any]:
    """Starts servers that stop with the test."""
    started: list[Source] = []

    def start(reply: Any) -> Source:
        started.append(Source(reply))
        return started[-1]

    yield start
    for source in started:
        source.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody really waits; the seconds somebody wanted to."""
    waited: list[float] = []
    monkeypatch.setattr("plugins.data_sync.requests.sleep", waited.append)
    return waited


def gitlab_issue(number: int) -> dict[str, Any]:
    return {
        "id": 100 + number,
        "iid": number,
        "title": f"Issue {number}",
        "labels": ["bug", "ui"],
        "author": {"name": "Ann"},
        "due_date": "2024-02-29",
        "created_at": "2024-01-02T03:04:05.678+02:00",
    }


GITLAB_KEYS = ["id", "title", "labels", "author", "due_date", "created_at", "milestone"]


def gitlab(url: str) -> dict[str, str]:
    return {
        "type": "gitlab_issues",
        "gitlab_url": url,
        "gitlab_project_id": "group/project",
        "gitlab_access_token": "glpat-secret",
    }


def test_gitlab(api: Any, base: Database, serve: Any) -> None:
    def reply(asked: Asked) -> Reply:
        if asked.path != "/gitlab/api/v4/projects/group%2Fproject/issues":
            return 404, {"message": "404 Project Not Found"}
        first = (int(asked.query["page"]) - 1) * 50
        issues = [gitlab_issue(number) for number in range(first, min(first + 50, 70))]
        return 200, issues, {"X-Next-Page": "2" if first == 0 else ""}

    server = serve(reply)
    synced = Synced(api, base, GITLAB_KEYS, **gitlab(f"{server.url}/gitlab/"))
    synced.done()
    assert len(synced.rows()) == 70 and [asked.query["page"] for asked in server.asked] == ["1", "2"]
    assert {asked.headers["private-token"] for asked in server.asked} == {"glpat-secret"}
    assert synced.values()[7] == [
        "107", "Issue 7", "2024-01-02T01:04:05.678000Z", "bug, ui", "Ann", "2024-02-29T00:00:00Z", None
    ]  # fmt: skip
    assert "glpat" not in str(synced.shown())
    synced.change(gitlab_project_id="other")
    assert "check the project's id" in synced.failed()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((401, {"message": "401 Unauthorized"}), "check the access token"),
        ((403, {}), "check the access token"),
        ((404, {}), "check the project's id"),
        ((500, {}), "answers with status 500. Sync again when it works"),
        ((400, {"message": "bad page"}), "says: bad page"),
        ((200, b"<html>"), "no JSON"),
        ((200, {"issues": []}), "something else than a list"),
        ((302, {}, {"Location": "http://127.0.0.1:9/"}), "redirects"),
    ],
)
def test_what_servers_refuse_is_said_in_words(
    api: Any, base: Database, serve: Any, quick: list[float], answer: Reply, reason: str
) -> None:
    server = serve(lambda asked: answer)
    synced = Synced(api, base, ["title"], **gitlab(server.url))
    assert reason in synced.failed()
    assert synced.rows() == []


def test_a_server_that_is_down_and_private_addresses(api: Any, base: Database) -> None:
    synced = Synced(api, base, ["title"], **gitlab("http://127.0.0.1:9"))
    assert "GitLab cannot be reached" in synced.failed()
    synced.change(gitlab_url="http://10.1.2.3:8080")
    assert "private network" in synced.failed()
    ical = Synced(api, base, ["uid"], type="ical_calendar", ical_url="http://127.0.0.1:9/x.ics")
    assert "private network" in ical.failed()
    assert ical.shown()["last_error"] is None


def test_rate_limits_are_waited_for(api: Any, base: Database, serve: Any, quick: list[float]) -> None:
    answers: list[Reply] = [(429, {}, {"Retry-After": "3"}), (503, {}), (200, [gitlab_issue(1)]), (200, [])]
    server = serve(lambda asked: answers.pop(0))
    synced = Synced(api, base, ["title"], **gitlab(server.url))
    synced.done()
    assert len(synced.rows()) == 1 and sum(quick) >= 3
    answers[:] = [(429, {}, {"Retry-After": "3600"})]
    assert "Sync again in about 60 minutes" in synced.failed()
    assert len(synced.rows()) == 1


def test_github(api: Any, base: Database, serve: Any, quick: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    limited = [True]

    def reply(asked: Asked) -> Reply:
        if asked.headers["authorization"] != "Bearer good":
            return 401, {"message": "Bad credentials"}
        if asked.path != "/repos/octo/cat/issues" or asked.query["state"] != "all":
            return 404, {"message": "Not Found"}
        if limited.pop() if limited else False:
            return 403, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 5)}
        size = 100 if asked.query["page"] == "1" else 3
        return 200, [_github_issue(int(asked.query["page"]) * 1000 + n) for n in range(size)]

    server = serve(reply)
    monkeypatch.setattr(registry("data_sync_types")["github_issues"], "api_url", server.url)
    settings = {"type": "github_issues", "github_issues_owner": "octo", "github_issues_repo": "cat"}
    keys = ["title", "user", "assignees", "labels", "closed_by", "url", "created_at"]
    synced = Synced(api, base, keys, **settings, github_issues_api_token="good")
    synced.done()
    assert len(synced.rows()) == 102 and quick
    assert synced.values()[0] == [
        "1001", "Issue 1001", "ann", "ann, bob", "bug", "2024-01-02T03:04:05Z", None, "https://github.com/1001"
    ]  # fmt: skip
    synced.change(github_issues_api_token="bad")
    assert "check the token" in synced.failed()
    assert len(synced.rows()) == 102


def _github_issue(number: int) -> dict[str, Any]:
    issue = {
        "id": number * 7,
        "number": number,
        "title": f"Issue {number}",
        "user": {"login": "ann"},
        "assignees": [{"login": "ann"}, {"login": "bob"}],
        "labels": [{"name": "bug"}],
        "created_at": "2024-01-02T03:04:05Z",
        "closed_by": None,
        "html_url": f"https://github.com/{number}",
    }
    return {**issue, "pull_request": {}} if number == 1000 else issue


def _jira_issue(number: int) -> dict[str, Any]:
    fields = {
        "summary": f"Issue {number}",
        "assignee": {"displayName": "Ann"},
        "labels": ["a", "b"],
        "created": "2024-01-02T03:04:05.000+0100",
        "duedate": "2024-02-29",
        "status": {"name": "To Do"},
        "project": {"name": "Work"},
    }
    return {"id": str(number), "key": f"WORK-{number}", "fields": fields}


JIRA_KEYS = ["summary", "assignee", "labels", "created", "due", "status", "project", "url"]


def test_jira_cloud(api: Any, base: Database, serve: Any) -> None:
    def reply(asked: Asked) -> Reply:
        expected = base64.b64encode(b"ann@example.com:token").decode()
        if asked.headers["authorization"] != f"Basic {expected}":
            return 401, {}
        if asked.path != "/rest/api/2/search/jql" or 'project = "WORK"' not in asked.query["jql"]:
            return 404, {}
        if "nextPageToken" not in asked.query:
            return 200, {"issues": [_jira_issue(1), _jira_issue(2)], "nextPageToken": "more"}
        return 200, {"issues": [_jira_issue(3)], "isLast": True}

    server = serve(reply)
    settings = {"type": "jira_issues", "jira_url": f"{server.url}/", "jira_project_key": "WORK"}
    synced = Synced(api, base, JIRA_KEYS, **settings, jira_username="ann@example.com", jira_api_token="token")
    synced.done()
    assert len(synced.rows()) == 3 and len(server.asked) == 2
    assert "summary" in server.asked[0].query["fields"].split(",")
    assert synced.values()[0] == [
        "1", "Issue 1", "Ann", "a, b", "2024-01-02T02:04:05Z", "2024-02-29T00:00:00Z", "To Do", "Work",
        f"{server.url}/browse/WORK-1",
    ]  # fmt: skip
    synced.change(jira_api_token="wrong")
    assert "check the user name and the token" in synced.failed()


def test_jira_data_center(api: Any, base: Database, serve: Any) -> None:
    def reply(asked: Asked) -> Reply:
        assert asked.headers["authorization"] == "Bearer personal"
        start = int(asked.query["startAt"])
        return 200, {"issues": [_jira_issue(n) for n in range(start, min(start + 2, 5))], "total": 5}

    server = serve(reply)
    settings = {"jira_url": server.url, "jira_authentication": "PERSONAL_ACCESS_TOKEN", "jira_api_token": "personal"}
    synced = Synced(api, base, ["summary"], type="jira_issues", **settings)
    synced.done()
    assert len(synced.rows()) == 5 and [asked.query["startAt"] for asked in server.asked] == ["0", "2", "4"]


def test_hubspot(api: Any, base: Database, serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    properties = [
        {"name": "email", "label": "Email", "type": "string", "fieldType": "text"},
        {"name": "notes", "label": "Notes", "type": "string", "fieldType": "textarea"},
        {"name": "score", "label": "Score", "type": "number", "fieldType": "number"},
        {"name": "born", "label": "Born", "type": "date", "fieldType": "date"},
        {"name": "seen", "label": "Seen", "type": "datetime", "fieldType": "date"},
        {"name": "vip", "label": "VIP", "type": "bool", "fieldType": "booleancheckbox"},
        {"name": "secret", "label": "Secret", "type": "string", "hidden": True},
    ]
    values = {
        "email": "a@x.org",
        "score": "1.5",
        "born": "2000-02-29",
        "seen": "2024-01-02T03:04:05.678Z",
        "vip": "true",
    }

    def reply(asked: Asked) -> Reply:
        if asked.headers["authorization"] != "Bearer pat":
            return 401, {"message": "no"}
        if asked.path == "/crm/v3/properties/contacts":
            return 200, {"results": properties}
        if asked.path == "/crm/v3/objects/contacts/batch/read":
            known = {name: values.get(name) for name in asked.body["properties"]}
            return 200, {"results": [{"id": one["id"], "properties": known} for one in asked.body["inputs"]]}
        if "after" in asked.query:
            return 200, {"results": [{"id": "3"}]}
        return 200, {"results": [{"id": "1"}, {"id": "2"}], "paging": {"next": {"after": "2"}}}

    server = serve(reply)
    monkeypatch.setattr(registry("data_sync_types")["hubspot_contacts"], "api_url", server.url)
    settings = {"type": "hubspot_contacts", "hubspot_access_token": "pat"}
    found = api.post(f"{SYNC}/properties/", settings)[1]
    assert [one["name"] for one in found] == ["Contact ID", "Email", "Born", "Notes", "Score", "Seen", "VIP"]
    synced = Synced(api, base, [one["key"] for one in found], **settings)
    synced.done()
    assert synced.rows()[2] == {
        "id": 3, "Contact ID": "3", "Email": "a@x.org", "Born": "2000-02-29", "Notes": None,
        "Score": "1.5000000000", "Seen": "2024-01-02T03:04:05.678000Z", "VIP": True,
    }  # fmt: skip
    status, answer = api.post(f"{SYNC}/properties/", {**settings, "hubspot_access_token": "bad"})
    assert (status, answer["error"]) == (400, "ERROR_SYNC_ERROR")
    assert "check the access token" in answer["detail"]


CALENDAR = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Test//EN\r
BEGIN:VEVENT\r
UID:whole-day\r
DTSTART;VALUE=DATE:20240229\r
DTEND;VALUE=DATE:20240301\r
SUMMARY:Leap\\, day\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:zoned\r
DTSTART;TZID=Europe/Amsterdam:20240702T100000\r
DURATION:PT1H30M\r
SUMMARY:Long\r
 er than a line\r
RRULE:FREQ=WEEKLY\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:zoned\r
RECURRENCE-ID;TZID=Europe/Amsterdam:20240709T100000\r
DTSTART;TZID=Europe/Amsterdam:20240709T110000\r
SUMMARY:Moved\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:floating\r
DTSTART:20240101T000000\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def feeds_here(app: Any) -> Iterator[None]:
    """Requests may reach this machine."""
    before = service(Outbound)
    provide(Outbound, GuardedClient(AddressPolicy(("127.0.0.0/8",))))
    yield
    provide(Outbound, before)


def test_ical(api: Any, base: Database, serve: Any, feeds_here: None) -> None:
    body = [CALENDAR]
    server = serve(lambda asked: (200, body[0]) if asked.path == "/cal.ics" else (404, {}))
    keys = ["uid", "dtstart", "dtend", "summary"]
    synced = Synced(api, base, keys, type="ical_calendar", ical_url=f"{server.url}/cal.ics")
    synced.done()
    assert synced.values() == [
        ["whole-day", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z", "Leap, day"],
        ["zoned", "2024-07-02T08:00:00Z", "2024-07-02T09:30:00Z", "Longer than a line"],
        ["floating", "2024-01-01T00:00:00Z", None, None],
    ]
    path = f"/api/database/fields/{synced.fields()['Start date']['id']}/"
    assert api.patch(path, {"date_include_time": True, "date_format": "EU"})[0] == 200
    body[0] = CALENDAR.replace(b"Leap", b"Jump")
    synced.done()
    assert synced.fields()["Start date"]["date_format"] == "EU"
    assert synced.values()[0][3] == "Jump, day"
    body[0] = b"<html>not a calendar</html>"
    assert "is no calendar" in synced.failed()
    synced.change(ical_url=f"{server.url}/gone.ics")
    assert "status 404" in synced.failed()
    assert len(synced.rows()) == 3
