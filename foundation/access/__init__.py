"""Who may do what: grants, scopes, two-faced rules, verdicts. Default deny."""
