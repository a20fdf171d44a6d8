"""The reform task area of leadership, services and support."""
