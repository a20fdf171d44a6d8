"""Pages from one declaration, and panels other rooms add to them. Knows no model."""
