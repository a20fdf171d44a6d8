"""Pages of records: lists, one record, its form."""
