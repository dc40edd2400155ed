"""The formula language: parsed once, typed with messages that help, compiled to SQL."""

from __future__ import annotations

from plugin_api import Plugin

plugin = Plugin(
    name="formulas",
    version="1.0",
    title="Formulas",
    description="The language of formula, lookup, rollup and count fields.",
    api=(1, 0),
    requires=("database",),
    migrations="plugins.formulas.migrations",
)
