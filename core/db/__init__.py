"""The database mechanism: engine, units of work, models of the core, migrations."""
