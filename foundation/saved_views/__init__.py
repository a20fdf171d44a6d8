"""Each person's own views of lists: a list's query string kept under a name."""
