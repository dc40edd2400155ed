"""The settings of templates."""

from __future__ import annotations

from dataclasses import dataclass

from core.settings_checks import one_of as _one_of
from core.settings_declared import PREFIX, setting


@dataclass(frozen=True, kw_only=True)
class TemplateSettings:
    """Where an instance has templates of its own, and who sees which."""

    templates_dir: str = setting(
        PREFIX + "TEMPLATES_DIR",
        "Folder with templates of your own: archives with descriptions beside them. Empty: only those of plugins.",
        "",
    )
    templates_shown_to: str = setting(
        PREFIX + "TEMPLATES_SHOWN_TO",
        "Who may list the templates: users for all who are signed in, everybody for visitors too.",
        "users",
        _one_of("users", "everybody"),
    )
    default_template: str = setting(
        PREFIX + "DEFAULT_TEMPLATE", "The name of the template to offer first.", "project-tracker"
    )
