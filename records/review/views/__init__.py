"""Pages of the reviewing offices."""
