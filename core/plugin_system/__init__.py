"""The plugin system: discovery, checks, order, frozen registries, switching at run time."""
