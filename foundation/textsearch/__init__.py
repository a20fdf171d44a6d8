"""Finding a part of a word in a column of many rows: an index of pairs of characters, on both databases."""
