"""Facts, indicators and the values filled from approved records."""
