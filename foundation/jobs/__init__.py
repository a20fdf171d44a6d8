"""Long work as rows: progress, lease, retry. The row, not the broker, is the truth."""
