"""What the platform's settings say about searches."""

from __future__ import annotations

from dataclasses import dataclass

from plugin_api.platform import service


@dataclass(frozen=True)
class SearchSettings:
    """index_rows: tables with at least so many rows get a search index; None for no indexes at all."""

    index_rows: int | None


def settings() -> SearchSettings:
    """The settings."""
    return service(SearchSettings)
