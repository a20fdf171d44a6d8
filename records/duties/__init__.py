"""What an enterprise owes: rules, due days, the statement of a quarter, progress."""
