"""The reform task area of ideological guidance: lectures, party building, culture."""
