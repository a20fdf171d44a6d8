"""The register of enterprises and of industries."""
