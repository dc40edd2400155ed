"""The job that copies a page with all that is on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin_api import jobs
from plugin_api.db import session
from plugin_api.jobs import JobRun, JobType
from plugins.builder import operations
from plugins.builder.context import PageContext, lock, page_context
from plugins.builder.copying import PAGE, exported_pages, make_pages
from plugins.builder.models import Page
from plugins.builder.pages import paths, service, store
from plugins.builder.parts import Ids


class DuplicatePageJob(JobType):
    """Copies a page, at the end of its builder."""

    type = "duplicate_page"

    def run(self, job: JobRun) -> None:
        """Copy it; the permission is checked again, since time has passed."""
        found = page_context(job.params["page_id"], operations.DUPLICATE_PAGE)
        service.refuse_shared(found)
        lock(found.builder_id)
        job.progress(10)
        copy = session().get_one(Page, _copy(found))
        job.progress(90)
        original = {"original_page_id": found.id, "original_page_name": found.page.name}
        service.announce_created(copy, found.workspace_id, service.DUPLICATED, original)
        job.result({"duplicated_page": store.page_json(copy)})

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """The original as it was at the start, the copy as it was at the end."""
        return {"original_page": params.get("original_page"), "duplicated_page": result.get("duplicated_page")}


def _copy(found: PageContext) -> int:
    names, routes = store.others(found.builder_id)
    name, path = store.unused_name(found.page.name, names), paths.unused(found.page.path, routes)
    page = {**exported_pages([found.id])[0], "name": name, "path": path, "order": store.last(found.builder_id) + 1}
    ids = Ids(keep_unknown=True)
    make_pages(found.builder_id, [page], ids)
    return ids.new(PAGE, found.id) or 0


def start(page_id: int) -> dict[str, Any]:
    """Start copying a page; answers the job's JSON."""
    found = page_context(page_id, operations.DUPLICATE_PAGE)
    return jobs.start(DuplicatePageJob.type, page_id=page_id, original_page=store.page_json(found.page))
