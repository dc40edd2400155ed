"""The theme of builders: how everything looks unless an element says otherwise."""
