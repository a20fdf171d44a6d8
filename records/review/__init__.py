"""The reviewing offices: queue, batches, samples, appeals, their settings."""
