"""Evidence: files that support a record."""
