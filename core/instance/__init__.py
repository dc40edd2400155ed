"""Settings of the whole instance that staff change at run time."""
