"""The register of workers; the worker's e-archive will live here."""
