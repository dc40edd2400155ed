"""Jobs of fields."""

from __future__ import annotations

from plugin_api.jobs import JobType

job_types: list[JobType] = []
