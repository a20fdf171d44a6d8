"""The reform task area of skills."""
