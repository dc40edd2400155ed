"""The files of exports."""

from __future__ import annotations

from plugin_api.export_files import ExportFiles

files = ExportFiles("export_files")
