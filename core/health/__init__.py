"""Health checks that really check."""
