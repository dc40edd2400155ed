"""Pages hold together: links lead somewhere, commands and settings exist, dependencies are explained."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

import app as composition
from core.cli.program import Program
from core.settings import Settings, env_name
from plugin_api import fields
from plugin_api.fields import FieldType
from tests.docs.pages import ROOT, pages

PAGES = [str(page.relative_to(ROOT)) for page in pages()]
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$|^    .*?$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def _text(page: str) -> str:
    return (ROOT / page).read_text()


def _anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_all_pages_are_looked_at() -> None:
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md", "docs/plugins/index.md"} < set(
        PAGES
    )


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    broken = []
    for link in _LINK.findall(_text(page)):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert not broken


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page not in reached:
            reached.add(page)
            links = (link.partition("#")[0] for link in _LINK.findall(page.read_text()))
            waiting += [page.parent / link for link in links if link.endswith(".md") and ":" not in link]
    assert {page.resolve() for page in pages()} <= reached


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page: str) -> None:
    program = Program(composition.Composition())
    unknown = []
    for code in _CODE.findall(_text(page)):
        for name, option in re.findall(r"(?:^|[\s/`])tablewright ([a-z][a-z-]+)(?: ([a-z][a-z-]+))?", code):
            command = program.commands.get(name) or program.get_command(None, name)  # type: ignore[arg-type]
            group = getattr(command, "commands", None)
            if command is None or (group is not None and option not in group):
                unknown.append(f"{name} {option}".strip())
    assert not unknown


@pytest.mark.parametrize("page", PAGES)
def test_settings_exist(page: str) -> None:
    known = {env_name(field) for field in Settings.__dataclass_fields__.values()} | {"TABLEWRIGHT_VENV"}
    named = set(re.findall(r"\b(?:TABLEWRIGHT_[A-Z_]+|DATABASE_URL|REDIS_URL|LICENSE_MODE)\b", _text(page)))
    assert {name for name in named if not name.endswith("_")} <= known


def test_dependencies_are_explained() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    wanted = config["options"]["install_requires"] + config["options.extras_require"]["dev"]
    names = {re.split(r"[^\w.-]", line.strip())[0] for line in wanted.splitlines() if line.strip()}
    explained = re.findall(r"^\| `([\w.-]+)` \|", _text("docs/dependencies.md"), re.MULTILINE)
    assert sorted(explained) == sorted(names)


def test_files_named_in_the_architecture_exist() -> None:
    """Either by their whole path or by the end of it, where the text says which folder it is about."""
    named = set(re.findall(r"`([\w/]+(?:\.py|\.cfg|/))`", _text("docs/architecture.md"))) - {"migrations/", "plugins/"}
    assert len(named) > 20
    there = [f"/{path.relative_to(ROOT)}" for path in ROOT.rglob("*") if path.suffix in (".py", ".cfg")]
    there += [f"/{path.relative_to(ROOT)}/" for path in (ROOT / "plugin_api", ROOT / "core")]
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in there)] == []


def test_every_ability_of_field_types_is_explained() -> None:
    page = _text("docs/plugins/field-types.md")
    abilities = [name for name in vars(fields) if name.endswith("Mixin")]
    methods = [name for name, found in vars(FieldType).items() if callable(found) and not name.startswith("_")]
    assert [name for name in (*abilities, *methods) if f"`{name}" not in page] == []


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_about_the_product_alone(page: str) -> None:
    assert not re.search(r"/work/|/tmp/twdev|shared/|localhost:\d", _text(page))
    long = [line for line in _text(page).splitlines() if len(line) > 120 and not line.startswith(("|", "    "))]
    assert not long
