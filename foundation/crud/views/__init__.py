"""Pages of the page machinery: each person's own views of lists, and the search everywhere."""
