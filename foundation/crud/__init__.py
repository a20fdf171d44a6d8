"""Pages from one declaration. Knows no model."""
