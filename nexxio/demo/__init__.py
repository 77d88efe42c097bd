"""The demo world: composition root, imported by nobody."""
