"""Rows of tables: the service and HTTP operations."""
