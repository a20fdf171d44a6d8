"""The register of bases: places and facilities for workers."""
