"""Messages to single persons: in the portal always, by e-mail as each likes, never outside working hours."""
