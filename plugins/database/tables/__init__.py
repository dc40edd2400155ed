"""Tables of databases: the service, jobs and HTTP operations."""
