"""The REST face over the same rules, actions and words as the pages."""
