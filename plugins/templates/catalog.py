"""All templates there are: those of plugins, and those in the folder of the instance, which win."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import structlog

from plugin_api.errors import does_not_exist
from plugin_api.settings import setting
from plugin_api.states import active
from plugins.templates.types import Template, number_of, templates_in

log = structlog.get_logger(__name__)


def templates() -> list[Template]:
    """Every template, by name. The folder is looked at each time: what is put into it is there at once."""
    folder = str(setting("templates_dir"))
    own = templates_in(Path(folder)) if folder else []
    by_slug = {one.slug: one for one in [*active("templates"), *own]}
    return sorted(_distinct(by_slug.values()), key=lambda one: (one.name.casefold(), one.slug))


def _distinct(found: Iterable[Template]) -> list[Template]:
    """Without those whose number is another one's already, which hardly ever happens."""
    by_id: dict[int, Template] = {}
    for one in found:
        if by_id.setdefault(one.id, one) is not one:
            log.warning("a template is left out", template=one.slug, reason=f"its id is that of {by_id[one.id].slug}")
    return list(by_id.values())


def find(template_id: int) -> Template:
    """A template; 404 when there is none of this id."""
    found = next((one for one in templates() if one.id == template_id), None)
    if found is None:
        raise does_not_exist("template")
    return found


def by_slug(slug: str) -> Template:
    """A template by its slug; 404 when it is gone."""
    found = next((one for one in templates() if one.slug == slug), None)
    if found is None:
        raise does_not_exist("template")
    return found


def categories() -> list[dict[str, Any]]:
    """The categories by name, with their templates, as the API shows them."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for one in templates():
        for name in one.categories:
            by_name.setdefault(name, []).append(template_json(one))
    ordered = sorted(by_name, key=str.casefold)
    return [{"id": number_of(f"category {name}"), "name": name, "templates": by_name[name]} for name in ordered]


def template_json(template: Template) -> dict[str, Any]:
    """A template as the API shows it."""
    return {
        "id": template.id,
        "name": template.name,
        "slug": template.slug,
        "icon": template.icon,
        "keywords": ",".join(template.keywords),
        "workspace_id": None,
        "is_default": template.slug == setting("default_template"),
        "open_application": None,
        "description": template.description,
    }
