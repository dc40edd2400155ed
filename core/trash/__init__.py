"""The trash: what users deleted, until they restore it or it is removed for good."""
