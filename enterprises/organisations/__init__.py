"""The register of schools, training institutions and associations."""
