"""Which revisions follow from which, of the core and of all plugins that are there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from alembic.script import ScriptDirectory
from alembic.util import CommandError, to_tuple

from core.db.branches import newer_than


def newer_here(script: ScriptDirectory, current: Iterable[str]) -> list[str]:
    """The listed revisions that a newer version of what is here has made."""
    return newer_than({found.revision for found in script.walk_revisions()}, current)


def revision_of(script: ScriptDirectory, name: str) -> Any:
    """A revision; None when its plugin is not installed or left out by the settings."""
    try:
        return script.get_revision(name)
    except CommandError:
        return None


def reached_from(script: ScriptDirectory, current: Iterable[str]) -> set[str]:
    """The revisions that are listed, and all that those follow from."""
    reached, waiting = set[str](), list(current)
    while waiting:
        revision = revision_of(script, waiting.pop())
        if revision is not None and revision.revision not in reached:
            reached.add(revision.revision)
            waiting += _below(revision)
    return reached


def _below(revision: Any) -> list[str]:
    return [*to_tuple(revision.down_revision, ()), *to_tuple(revision.dependencies, ())]


def without_ancestors(script: ScriptDirectory, current: Iterable[str]) -> list[str]:
    """The listed revisions that no other one of them follows from, which is all that Alembic expects to be listed."""
    known = [found for found in map(partial(revision_of, script), current) if found is not None]
    followed = reached_from(script, [name for revision in known for name in _below(revision)])
    return [revision.revision for revision in known if revision.revision not in followed]
