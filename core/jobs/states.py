"""The states of a job: the words clients filter by, and what counts as ended."""

from __future__ import annotations

PENDING, STARTED, FINISHED, FAILED, CANCELLED = "pending", "started", "finished", "failed", "cancelled"

ENDED = (FINISHED, FAILED, CANCELLED)
"""A job in one of these is over. Between `pending` and these a job type may use words of its own."""

FILTERS = (PENDING, *ENDED)
"""What a list of jobs may be filtered by."""

GENERIC_ERROR = "Something went wrong on our side. The server's log has more under the number of this job."
