"""The commands of pages do what the pages say, pasted in order into one shell."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.docs.conftest import Product
from tests.docs.pages import blocks

pytestmark = pytest.mark.slow

# They begin what the tests are in already.
NOT_RUN = ("./tablewright serve", "./tablewright test")
_MARK = "-- end of a block --"
_ANY = "…"
_PAGES = (
    "README.md",
    "docs/first-table.md",
    "docs/views.md",
    "docs/forms.md",
    "docs/snapshots.md",
    "docs/templates.md",
    "docs/moving.md",
    "docs/calendars-kanbans-timelines.md",
)


def _script(page: str, url: str) -> str:
    """The page's shell blocks as one script that says where each block's output ends."""
    parts = [block.text for block in blocks(page) if block.language in ("sh", "bash")]
    parts = [f"echo; echo '{_MARK}'" if text.strip() in NOT_RUN else f"{text}echo; echo '{_MARK}'" for text in parts]
    return "\n".join(["set -eu", *parts]).replace("http://127.0.0.1:8000", url)


def _outputs(page: str, url: str, folder: Path) -> list[str]:
    done = subprocess.run(["sh", "-c", _script(page, url)], cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and not done.stderr, f"{done.stdout}\n{done.stderr}"
    return done.stdout.split(f"{_MARK}\n")[:-1]


def _shown(page: str) -> dict[int, Any]:
    """What the page says the last command of its n-th shell block answers."""
    found, number = {}, -1
    for block in blocks(page):
        if block.language in ("sh", "bash"):
            number += 1
        elif block.language == "json":
            found[number] = json.loads(block.text)
    return found


def _contained(shown: Any, real: Any, where: str = "") -> list[str]:
    """Where the real answer is not as shown. Pages leave keys out; an ellipsis is any value."""
    if shown == _ANY:
        return []
    if isinstance(shown, dict) and isinstance(real, dict):
        return [p for key in shown for p in _contained(shown[key], real.get(key), f"{where}.{key}")]
    if isinstance(shown, list) and isinstance(real, list) and len(shown) == len(real):
        return [p for n, item in enumerate(shown) for p in _contained(item, real[n], f"{where}[{n}]")]
    return [] if shown == real else [f"{where}: {real!r}, shown is {shown!r}"]


@pytest.mark.parametrize("page", _PAGES)
def test_commands_answer_what_the_page_shows(page: str, product: Product, tmp_path: Path) -> None:
    outputs = _outputs(page, product.url, tmp_path)
    shown = _shown(page)
    assert shown and outputs
    for number, answer in shown.items():
        last = [line for line in outputs[number].splitlines() if line][-1]
        assert not _contained(answer, json.loads(last)), f"after block {number + 1}: {last}"


def test_no_command_answers_an_error_the_page_does_not_show(product: Product, tmp_path: Path) -> None:
    for page in _PAGES:
        script = _script(page, product.url).replace("@example.com", "@again.example.com")
        done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        shown = sum("error" in answer for answer in _shown(page).values() if isinstance(answer, dict))
        assert done.stdout.count('"error":"ERROR_') == shown, done.stdout


def test_the_page_on_exports_ends_with_the_file(product: Product, tmp_path: Path) -> None:
    script = "".join(f"{_script(page, product.url)}\n" for page in ("README.md", "docs/exports.md"))
    script = script.replace("@example.com", "@export.example.com")
    done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and not done.stderr, done
    lines = done.stdout.split(f"{_MARK}\n")[-2].splitlines()
    assert lines[0] == "\ufeffid,Title,Author" and lines[1] == "1,Emma,Jane Austen" and len(lines) >= 4


def test_the_comparison_sees_differences() -> None:
    assert _contained({"a": [1, {"b": "…"}]}, {"a": [1, {"b": 5}], "c": 2}) == []
    assert _contained({"a": [1]}, {"a": [1, 2]}) and _contained({"a": 1}, {}) and _contained([{"a": 1}], [{"a": 2}])
