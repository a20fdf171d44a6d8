"""Pages of the back office: accounts, the audit log, the tree of places."""
