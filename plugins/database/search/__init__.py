"""The search index of large tables: what is in it, building it, and keeping up with writes."""
