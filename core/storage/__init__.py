"""File storage: the local folder."""
