"""The formulas' revisions: functions only, no tables."""

from plugin_api.db import schema_metadata

metadata = schema_metadata("formulas")
