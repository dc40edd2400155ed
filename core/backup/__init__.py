"""Backups: the database and the files as of one moment in one archive, and an instance made of it."""
