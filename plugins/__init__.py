"""The built-in plugins, one folder each, declared in setup.cfg exactly as a third party declares its own."""
