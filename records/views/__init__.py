"""Pages of the record core. Thin: a read, an action, a template."""
