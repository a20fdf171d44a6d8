"""The reform task area of rights: congress, consultation, safety."""
