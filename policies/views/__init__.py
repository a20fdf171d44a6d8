"""Pages of the policy documents: reading them, and entering them."""
