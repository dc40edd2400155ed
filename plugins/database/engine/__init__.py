"""The row engine: DDL, reads and writes of rows, compiled from what the field types say."""
