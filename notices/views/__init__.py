"""Pages: what came, what an office writes and sends, how far the units are, and files."""
