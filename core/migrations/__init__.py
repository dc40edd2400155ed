"""Alembic's environment for the core and all plugins."""
