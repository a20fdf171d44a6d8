"""Facts: what is counted, declared and counted by the room that knows it; and the feed that says what has changed."""
