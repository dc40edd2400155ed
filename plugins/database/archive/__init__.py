"""Databases in archives: how tables, fields and rows are written there, and read again."""
