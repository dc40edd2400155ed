"""Core and database without any other plugin: the product starts and works, and nothing else is even imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.runtime.embedded import temporary_servers

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


_TESTS = (
    "accounts_account",
    "accounts_deletion",
    "accounts_sign_up",
    "settings",
    "tables",
    "trash",
    "undo",
    "workspaces",
)
_NEED_OTHERS = (
    "each_role_may_do_what_those_below_it_may",  # roles
    "only_builders_restore_fields",
    "a_table_without_data_has_the_usual_fields_and_two_empty_rows",  # long texts and booleans
    "a_table_without_data_does_without_types_that_are_off",
    "emptying_removes_rows_columns_and_tables",  # links
    "what_is_in_the_trash_of_a_removed_database_goes_with_it",
    "a_value_is_not_undone_into_a_field_of_another_type",  # numbers
)
"""What is about other plugins in tests of core and database."""


def run(command: list[str], **more: str) -> str:
    """What a process prints that is on servers of its own and ends well."""
    with temporary_servers() as servers:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TABLEWRIGHT_", "PYTEST_"))}
        urls = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        env = {**kept, **urls, "PYTHONPATH": path, **more}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def imported(*plugins: str) -> set[str]:
    """The packages of plugins that were imported while everything of alone.py was done."""
    told = run([sys.executable, "-m", "tests.runtime.alone", *plugins])
    modules: list[str] = json.loads(told.splitlines()[-1])
    return {name.split(".")[1] for name in modules}


def test_the_core_needs_no_plugin() -> None:
    assert imported() == set()


def test_the_database_needs_no_plugin_but_a_type_of_fields() -> None:
    assert imported("database", "text_field") == {"database", "text_field"}


def test_tests_of_core_and_database_pass_without_the_others() -> None:
    """Theirs about fields and rows are about the types of other plugins, and so not among them."""
    files = [f"tests/api/test_{name}.py" for name in _TESTS]
    left_out = " and ".join(f"not {name}" for name in _NEED_OTHERS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *files, "-k", left_out]
    assert " passed" in run(command, TESTED_PLUGINS="database text_field")
