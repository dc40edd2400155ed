"""Jobs: long work run by Celery workers, with progress, cancel and clean failure."""
