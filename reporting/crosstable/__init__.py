"""The cross table: filled values by any two of place, time, area and what enterprises are."""
