"""The job that reads the file to which browsers export bookmarks: links in HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from marshmallow import ValidationError

from plugin_api.jobs import JobFailed, JobRun, JobType
from tablewright_bookmarks import service
from tablewright_bookmarks.schemas import MAX_TITLE, ImportBody, NewBookmark

MOST = 5000


class _Links(HTMLParser):
    """Collects the links of a page with their texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str]] = []
        self._url: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link begins."""
        if tag == "a":
            self._url, self._text = dict(attrs).get("href"), ""

    def handle_data(self, data: str) -> None:
        """A part of its text."""
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        """It ends; without a text it is called after its address."""
        if tag == "a" and self._url:
            self.found.append({"title": (self._text.strip() or self._url)[:MAX_TITLE], "url": self._url})
            self._url = None


def links(html: str) -> tuple[list[dict[str, Any]], int]:
    """The bookmarks in a file, and the number of links that are none, such as those to scripts."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    good: list[dict[str, Any]] = []
    for link in parser.found:
        try:
            good.append(NewBookmark().load(link))
        except ValidationError:
            continue
    return good, len(parser.found) - len(good)


class ImportBookmarksJob(JobType):
    """Adds the links of a file, all or none."""

    type = "import_bookmarks"
    body = ImportBody

    def requested(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Refuse what the user may not do before anything is queued."""
        service.application(values["application_id"], service.WRITE)
        return dict(values)

    def run(self, job: JobRun) -> None:
        """As the user who started it; `add_all` checks the permission again, since time has passed."""
        good, refused = links(job.params["html"])
        if not good:
            raise JobFailed("There are no links in the file.")
        if len(good) > MOST:
            raise JobFailed(f"There are {len(good)} links in the file; {MOST} can be imported at once.")
        job.progress(50, "adding")
        made = service.add_all(job.params["application_id"], good)
        job.result({"imported": len(made), "refused": refused})

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """How many were added, and how many links were no bookmarks."""
        return {"imported": result.get("imported"), "refused": result.get("refused")}
