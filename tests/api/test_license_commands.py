"""`tablewright licence ...`: keys and licences are made without a database, and the licence is then registered."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.installed import run_program

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A function that runs the program where there is no server."""
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return lambda *arguments: run_program(tmp_path, "licence", *arguments, **nowhere)


@pytest.fixture
def registered_here(instance: Any, tmp_path: Path, staff: Any) -> Iterator[None]:
    """The instance believes the key that was made; its licence is removed afterwards."""
    instance(license_public_keys=(str(tmp_path / "seller.pub"),))
    yield
    for one in staff.get("/api/licenses/")[1]:
        staff.delete(f"/api/licenses/{one['id']}/")


@pytest.mark.usefixtures("registered_here")
def test_whoever_sells_a_plugin_issues_licences(run: Run, tmp_path: Path, staff: Any) -> None:
    made = run("keys", "seller")
    assert made.returncode == 0, made.stderr
    assert stat.S_IMODE((tmp_path / "seller").stat().st_mode) == 0o600
    assert run("keys", "seller").returncode != 0, "a key is never overwritten"

    instance_id = staff.get("/api/settings/instance-id/")[1]["instance_id"]
    given = ("--product", "premium", "--instance", instance_id, "--seats", "3", "--through", "2099-12-31")
    issued = run("issue", "seller", *given, "--name", "Buyer", "--email", "buyer@example.com")
    assert issued.returncode == 0, issued.stderr
    status, answer = staff.post("/api/licenses/", {"license": issued.stdout})
    assert status == 200, answer
    assert (answer["seats"], answer["valid_through"]) == (3, "2099-12-31T23:59:59Z")

    (tmp_path / "licence.txt").write_text(issued.stdout)
    shown = run("show", "licence.txt", "--key", "seller.pub")
    assert "Buyer" in shown.stdout and "signature is good" in shown.stdout, shown
    run("keys", "other")
    assert run("show", "licence.txt", "--key", "other.pub").returncode == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"--product": "Not A Code"}, "lower case"),
        ({"--from": "2099-01-01", "--through": "2098-01-01"}, "before it begins"),
        ({"--through": "soon"}, "soon"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, changed: dict[str, str], told: str) -> None:
    run("keys", "seller")
    options = {"--product": "premium", "--instance": "1", "--through": "2099-12-31", "--name": "B", "--email": "b@c.de"}
    refused = run("issue", "seller", *(part for pair in {**options, **changed}.items() for part in pair))
    assert refused.returncode != 0 and told in refused.stderr
    bad = run("issue", "seller.pub", *(part for pair in options.items() for part in pair))
    assert bad.returncode == 1 and "private key" in bad.stderr
