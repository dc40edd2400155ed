"""What the operations take and answer."""

from __future__ import annotations

from plugin_api.schemas import Int, List, Nested, Schema, Str, Url

MAX_TITLE, MAX_URL, MAX_NOTE, MAX_FILE = 255, 2000, 2000, 1_000_000


class NewBookmark(Schema):
    """A new bookmark."""

    title = Str(required=True, max_length=MAX_TITLE, metadata={"description": "What it is called."})
    url = Url(required=True, max_length=MAX_URL, metadata={"description": "Where it leads."})
    note = Str(load_default="", allow_blank=True, max_length=MAX_NOTE, metadata={"description": "More about it."})


class ChangedBookmark(Schema):
    """What to change; keys that are not given stay as they are."""

    title = Str(max_length=MAX_TITLE, metadata={"description": "What it is called."})
    url = Url(max_length=MAX_URL, metadata={"description": "Where it leads."})
    note = Str(allow_blank=True, max_length=MAX_NOTE, metadata={"description": "More about it."})


class BookmarkAnswer(Schema):
    """A bookmark."""

    id = Int()
    application_id = Int()
    title = Str()
    url = Str()
    note = Str()


class BookmarkQuery(Schema):
    """Which bookmarks to list."""

    search = Str(load_default="", allow_blank=True, max_length=200, metadata={"description": "A part of the title."})
    limit = Str(metadata={"description": "How many, at most 100."})
    offset = Str(metadata={"description": "How many to pass over."})


class BookmarkPage(Schema):
    """A window of bookmarks."""

    count = Int()
    next = Str(allow_none=True)
    previous = Str(allow_none=True)
    results = List(Nested(BookmarkAnswer))


class ImportBody(Schema):
    """The file that a browser exports its bookmarks to."""

    application_id = Int(required=True, metadata={"description": "Where to add them."})
    html = Str(required=True, max_length=MAX_FILE, metadata={"description": "The content of the file."})
