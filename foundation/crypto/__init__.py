"""Values that nobody reads from a stolen database file or backup: a key ring of its own, and encrypted fields."""
