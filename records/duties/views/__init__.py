"""Pages of duties and statements."""
