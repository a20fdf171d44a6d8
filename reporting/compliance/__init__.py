"""Compliance on pages: rules by unit, the enterprises behind each number, and an enterprise's own list."""
