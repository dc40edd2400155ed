"""The audit log on the page for administrators: filters, going on, what is shown, exports."""

from __future__ import annotations

import re
from typing import Any

import pytest

from plugin_api import context
from plugin_api.context import Actor
from plugin_api.db import begin, connection
from plugins.audit_log import section
from plugins.audit_log.jobs import own_exports
from tests.api.test_admin_page import Browser, browser, inside
from tests.exports import csv_rows, download
from tests.tables import Database, run_job

__all__ = ["browser", "inside"]

PAGE = "/admin/sections/audit_log/"


@pytest.fixture
def base(api: Any) -> Database:
    """A database in a workspace."""
    return Database(api)


def rows(page: Browser) -> list[str]:
    """The descriptions on the page."""
    return re.findall(r'<p class="quiet">(.*?)</p></th>', page.text)


def link(page: Browser, name: str) -> str:
    """Where a link of the page leads."""
    found = re.search(rf'href="([^"]+)">{name}</a>', page.text)
    assert found, page.text
    return found[1]


def test_entries_are_filtered(inside: Browser, api: Any, base: Database) -> None:
    base.table("<b>Bold</b>", [["Name"]])
    query = f"{PAGE}?workspace={base.workspace_id}"
    assert len(rows(inside.open(query))) == 2 and "<b>Bold</b>" in inside.text
    assert "<b>" not in inside.client.get(query).get_data(as_text=True)
    assert len(rows(inside.open(f"{query}&action_type=create_table"))) == 1
    assert len(rows(inside.open(f"{query}&user={api.user['username'].upper()}&from=2020-01-01&to=2090-01-01"))) == 2
    assert rows(inside.open(f"{query}&user={api.user['id']}&to=2020-01-01")) == []
    assert "No entry is as asked for." in inside.text


def test_filters_that_make_no_sense_are_told(inside: Browser, base: Database) -> None:
    inside.open(f"{PAGE}?user=nobody@example.com&workspace=no such&action_type=fly&from=yesterday&to=9999-12-31")
    assert inside.status == 200 and rows(inside) == []
    for text in ("had, this address", "No workspace is", "no such kind", "a day such as"):
        assert text in inside.text
    assert inside.text.count('aria-invalid="true"') == 5
    inside.open(f"{PAGE}?workspace=Workspace")
    assert base.workspace_id and re.search(r"There are several, with the numbers \d+|was, called so", inside.text)
    for place in ("x", "_", "2020-01-01_x", f"{'9' * 40}_1", "2020-01-01T00:00:00+00:00_99999999999999999999"):
        assert inside.open(f"{PAGE}?before={place}").status == inside.open(f"{PAGE}?after={place}").status == 200


def test_the_list_goes_on_and_back(inside: Browser, base: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(section, "SIZE", 3)
    with begin():  # all at the same moment, so that ids decide
        connection().exec_driver_sql(
            "INSERT INTO audit_log.entry (action_type, command, user_email, workspace_id, description) SELECT"
            " 'update_rows', 'DO', '', %(workspace)s, 'Number ' || n FROM generate_series(1, 7) n",
            {"workspace": base.workspace_id},
        )
        same = "UPDATE audit_log.entry SET created_on = '2001-01-01' WHERE workspace_id = %s AND user_email = ''"
        connection().exec_driver_sql(same, (base.workspace_id,))
    page = inside.open(f"{PAGE}?workspace={base.workspace_id}&action_type=update_rows")
    seen = [rows(page)]
    for _ in range(2):
        seen.append(rows(page.open(PAGE + link(page, "Older"))))
    assert seen == [["Number 7", "Number 6", "Number 5"], ["Number 4", "Number 3", "Number 2"], ["Number 1"]]
    assert ">Older<" not in page.text
    back = [rows(page.open(PAGE + link(page, "Newer"))) for _ in range(2)]
    assert back == [seen[1], seen[0]] and ">Newer<" not in page.text and ">Older<" in page.text


def finish_exports() -> None:
    """Run the exports that wait: a user has one at a time."""
    with begin():
        sql = "SELECT id FROM core.job WHERE type = 'audit_log_export' AND state = 'pending'"
        waiting = list(connection().exec_driver_sql(sql).scalars())
    for job_id in waiting:
        run_job(job_id)


def test_what_is_shown_is_exported(inside: Browser, staff: Any, base: Database) -> None:
    finish_exports()
    inside.open(f"{PAGE}?workspace={base.workspace_id}")
    assert f'name="workspace" value="{base.workspace_id}"' in inside.text
    inside.send(f"{PAGE}export", workspace=str(base.workspace_id))
    assert "The export is begun" in inside.text
    finish_exports()
    url = link(inside.open(PAGE), r'Export of <time datetime="[^"]+">[^<]+</time>')
    assert csv_rows(download(staff, url))[1][4] == "create_application"
    with begin(), context.acting_as(Actor("user", staff.user["id"])):
        assert own_exports()[0]["url"] == url
    assert inside.send(f"{PAGE}export", user="nobody@example.com").status == 400
    assert "had, this address" in inside.text
