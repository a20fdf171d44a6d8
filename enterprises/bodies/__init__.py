"""The register of bodies: joint meetings, mechanisms, associations, board seats; their people and their meetings."""
