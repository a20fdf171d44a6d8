"""How anything looks: components, forms, tables, page frame. Knows no model."""
