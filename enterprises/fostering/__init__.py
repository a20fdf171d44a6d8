"""The register of enterprises fostered as 优质企业: which list, from when to when, by which document."""
